import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { BadInput } from '../errors.ts';

/** What may follow the voxels of an image: extensions, padding. Beyond that nothing is unpacked. */
const SPARE_BYTES = 16 * 2 ** 20;
/** Deflate makes no byte into more than these (zlib's own figure is 1,032). */
const MOST_RATIO = 1040;

/**
 * Unpacks as much as the header of an image announces, and no more: a file of 1 MB may unpack to 1 GB of zeros after
 * eight voxels.
 * @param expected bytes of header and voxels
 * @throws BadInput when the content is broken, too short for its header, or longer
 */
export function unpackImage(packed: Uint8Array, expected: number, kind: 'gzip' | 'zlib'): Uint8Array {
  if (!(expected <= MOST_RATIO * packed.length))
    throw new BadInput(`the image ends early: ${packed.length} packed bytes cannot hold ${expected} bytes`);
  const options = { maxOutputLength: expected + SPARE_BYTES };
  try {
    return kind === 'gzip' ? gunzipSync(packed, options) : inflateSync(packed, options);
  } catch (cause) {
    if (cause instanceof RangeError || (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new BadInput(`the packed image is longer than the ${expected} bytes that its header says`, { cause });
    throw new BadInput(`the ${kind} data of the image are broken`, { cause });
  }
}

/** How many packed bytes are looked at for a header; a name and extra fields of gzip may stand before it. */
const HEAD_BYTES = 160 * 1024;
const FEW_BYTES = 4 * 1024;

/** The first bytes of the content, at least `count` where there are so many. @throws BadInput when it is broken */
export function unpackedHead(packed: Uint8Array, count: number): Uint8Array {
  const head = headOf(packed.subarray(0, FEW_BYTES));
  return head.length >= count || packed.length <= FEW_BYTES ? head : headOf(packed.subarray(0, HEAD_BYTES));
}

function headOf(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw new BadInput('the gzip file is broken', { cause });
  }
}
