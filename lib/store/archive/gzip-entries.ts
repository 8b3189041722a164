import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type ArchiveEntry, pieces, type RangeSource } from './entry.ts';
import { archiveKind, HEAD_BYTES } from './kind.ts';
import { tarEntries } from './tar-entries.ts';

/** The files of a gzipped tar archive; of any other gzipped file that file, named as it was before. */
export async function gzipEntries(source: RangeSource, name: string): Promise<AsyncIterable<ArchiveEntry>> {
  const head = await headOf(source);
  if (archiveKind(head) === 'tar') return tarEntries(source, { gzip: true });
  return only({ name: name.replace(/\.t?gz$/i, ''), read: () => contentOf(source) });
}

async function* only(entry: ArchiveEntry): AsyncGenerator<ArchiveEntry> {
  yield entry;
}

/** The first bytes of the content; fewer, or none, when it is short or broken: then reading it says why. */
async function headOf(source: RangeSource): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of contentOf(source)) {
      parts.push(piece);
      bytes += piece.length;
      if (bytes >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

async function* contentOf(source: RangeSource): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const flow = pipeline(Readable.from(pieces(source), { objectMode: false }), gunzip);
  // The loop throws the same error; when the reader stops early there is none.
  flow.catch(() => {});
  yield* gunzip;
  await flow;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
