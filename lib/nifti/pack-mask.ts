import { constants, crc32, deflateRawSync } from 'node:zlib';
import { boxOf } from '../image/box.ts';
import type { Mask } from '../image/grid.ts';
import { reframeMask } from '../image/mask.ts';
import { niftiHeader } from './write-nifti.ts';

/**
 * A mask on the whole grid of its image as one NIfTI-1 file, gzip: 0 outside, 1 inside. Most of it is empty slices, whose
 * compressed form is made once: a mask on 512 x 512 x 200 voxels takes some hundredths of a second.
 * @throws BadInput when the slices are uneven
 */
export function packMask(mask: Mask): Uint8Array {
  const { grid, box } = mask;
  const slice = grid.size[0] * grid.size[1];
  const slices = { start: [0, 0, box.start[2]], size: [grid.size[0], grid.size[1], box.size[2]] } as typeof box;
  const after = boxOf(grid).size[2] - box.start[2] - box.size[2];
  const stream = deflateStream();
  stream.add(niftiHeader({ grid, data: mask.data }));
  stream.addZeros(slice * box.start[2]);
  stream.add(reframeMask(mask, slices).data);
  stream.addZeros(slice * after);
  return stream.end();
}

const CHUNK = new Uint8Array(2 ** 20);
const PACKED_CHUNK = part(CHUNK);

/** Blocks that end at a byte and refer to nothing before them: they may follow each other (RFC 1951, 3.2). */
function part(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes, { level: 1, finishFlush: constants.Z_FULL_FLUSH });
}

/** One member of a gzip file (RFC 1952) from parts that are compressed apart. */
function deflateStream() {
  const parts: Uint8Array[] = [Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3)];
  let checksum = 0;
  let bytes = 0;
  const append = (plain: Uint8Array, packed: Uint8Array) => {
    parts.push(packed);
    checksum = crc32(plain, checksum);
    bytes += plain.length;
  };
  return {
    add: (plain: Uint8Array) => append(plain, part(plain)),
    addZeros(count: number) {
      for (let left = count; left > 0; left -= CHUNK.length) {
        const plain = CHUNK.subarray(0, Math.min(left, CHUNK.length));
        append(plain, plain.length === CHUNK.length ? PACKED_CHUNK : part(plain));
      }
    },
    end(): Uint8Array {
      const last = new DataView(new ArrayBuffer(8));
      last.setUint32(0, checksum, true);
      last.setUint32(4, bytes % 2 ** 32, true);
      return Buffer.concat([...parts, deflateRawSync(new Uint8Array(0)), new Uint8Array(last.buffer)]);
    },
  };
}
