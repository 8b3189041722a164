import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { BadInput } from '../../errors.ts';
import { type ArchiveEntry, pieces, type RangeSource } from './entry.ts';

/**
 * The files of a ZIP archive, directories left out.
 * @throws BadInput when the central directory is broken, or names more compressed bytes than the archive has
 */
export async function* zipEntries(source: RangeSource): AsyncGenerator<ArchiveEntry> {
  const zip = await openZip(source);
  let compressedBytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
      compressedBytes += entry.compressedSize;
      if (compressedBytes > source.bytes) throw new BadInput('the entries of the ZIP archive overlap', { where: name });
      if (!name.endsWith('/')) yield { name, refusal: refusalOf(entry), read: () => readEntry(zip, entry) };
    }
  } catch (cause) {
    if (cause instanceof BadInput) throw cause;
    throw new BadInput('the ZIP archive is broken', { cause });
  } finally {
    zip.close();
  }
}

async function openZip(source: RangeSource): Promise<ZipFile> {
  try {
    const options = { decodeStrings: false, autoClose: false };
    return await yauzl.fromRandomAccessReaderPromise(new SourceReader(source), source.bytes, options);
  } catch (cause) {
    throw new BadInput('the ZIP archive is broken', { cause });
  }
}

class SourceReader extends yauzl.RandomAccessReader {
  readonly #source: RangeSource;

  constructor(source: RangeSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(pieces(this.#source, start, end), { objectMode: false });
  }
}

/** Unix mode in the upper half of the external attributes. */
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const REGULAR_FILE = 0o100000;

function refusalOf(entry: Entry): string | undefined {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type === SYMBOLIC_LINK) return 'a link is not followed';
  if (type !== 0 && type !== REGULAR_FILE) return 'neither a file nor a folder';
  if (entry.isEncrypted()) return 'encrypted';
  return entry.canDecodeFileData() ? undefined : `compressed by the unknown method ${entry.compressionMethod}`;
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  for await (const piece of await zip.openReadStreamPromise(entry)) {
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (checksum !== entry.crc32) throw new BadInput('the checksum does not match the content');
}
