/** A file that is read by ranges: an object of a store, a local file. */
export interface RangeSource {
  /** Length of the file. */
  bytes: number;
  /** Bytes [start, end). */
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface ArchiveEntry {
  /** As the archive writes it, not to be trusted. */
  name: string;
  /** Why this entry is never unpacked: a link, a device, an encrypted file. */
  refusal?: string;
  /** The content in pieces; throws when it is broken. */
  read(): AsyncIterable<Uint8Array>;
}

const PIECE_BYTES = 4 * 1024 * 1024;

/** Bytes [start, end) of a source in pieces. */
export async function* pieces(source: RangeSource, start = 0, end = source.bytes): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES) yield await source.read(at, Math.min(at + PIECE_BYTES, end));
}
