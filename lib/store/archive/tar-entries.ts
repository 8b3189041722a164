import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar, { type Header } from 'tar-stream';
import { BadInput } from '../../errors.ts';
import { type ArchiveEntry, pieces, type RangeSource } from './entry.ts';

/**
 * What an entry may say of itself beside its header (POSIX pax): tar programs write a few records. Records of a global header
 * are copied for every entry, so that many of them would take the product of both in time. tar-stream bounds their bytes.
 */
const MOST_RECORDS = 1000;

/**
 * The files of a tar archive, gzipped or not, directories left out. An entry that is not read is skipped.
 * @throws BadInput when the archive is broken or cut off: what follows is lost; or when it says too much of its entries
 */
export async function* tarEntries(source: RangeSource, { gzip }: { gzip: boolean }): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const input = Readable.from(pieces(source), { objectMode: false });
  const flow = gzip ? pipeline(input, createGunzip(), extract) : pipeline(input, extract);
  flow.catch(() => {});
  let last = 'the start';
  try {
    for await (const entry of extract) {
      const { name, pax } = entry.header;
      if (Object.keys(pax ?? {}).length > MOST_RECORDS)
        throw new BadInput(`the tar archive has more than ${MOST_RECORDS} records about one entry`, { where: name });
      last = name;
      if (entry.header.type !== 'directory')
        yield { name, refusal: refusalOf(entry.header), read: () => entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
    await flow;
  } catch (cause) {
    if (cause instanceof BadInput) throw cause;
    throw new BadInput('the tar archive is broken or cut off after this entry', { where: last, cause });
  } finally {
    extract.destroy();
  }
}

function refusalOf({ type }: Header): string | undefined {
  if (type === 'symlink' || type === 'link') return 'a link is not followed';
  return type === 'file' || type === 'contiguous-file' ? undefined : `neither a file nor a folder: ${type}`;
}
