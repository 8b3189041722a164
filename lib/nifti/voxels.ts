import { BadInput } from '../errors.ts';
import type { VoxelArray } from '../image/grid.ts';

export type VoxelType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float32'
  | 'float64';

export const BYTES_PER_VOXEL: Record<VoxelType, number> = {
  ...{ uint8: 1, int8: 1, uint16: 2, int16: 2, uint32: 4, int32: 4, uint64: 8, int64: 8, float32: 4, float64: 8 },
};

/**
 * Numbers from the bytes of an image. 64-bit integers become 32-bit ones, so that they stay integers.
 * @throws BadInput when there are fewer than `count`, or a 64-bit integer does not fit 32 bits
 */
export function decodeVoxels(bytes: Uint8Array, type: VoxelType, littleEndian: boolean, count: number): VoxelArray {
  const width = BYTES_PER_VOXEL[type];
  if (bytes.length < count * width)
    throw new BadInput(`the image ends early: ${bytes.length} bytes instead of ${count * width}`);
  const aligned = new Uint8Array(bytes.subarray(0, count * width));
  if (!littleEndian) reverseEach(aligned, width);
  const { buffer } = aligned;
  switch (type) {
    case 'uint8':
      return aligned;
    case 'int8':
      return new Int8Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'uint64':
      return narrowed(new BigUint64Array(buffer), new Uint32Array(count));
    case 'int64':
      return narrowed(new BigInt64Array(buffer), new Int32Array(count));
  }
}

function narrowed<T extends Uint32Array | Int32Array>(wide: BigUint64Array | BigInt64Array, narrow: T): T {
  for (let n = 0; n < narrow.length; n++) {
    narrow[n] = Number(wide[n]);
    if (BigInt(narrow[n]) !== wide[n])
      throw new BadInput(`the 64-bit integer ${wide[n]} does not fit 32 bits: write the image as 64-bit floats`);
  }
  return narrow;
}

/**
 * Numbers from text: separated by white space or commas.
 * @throws BadInput when there are fewer than `count`, or one is none
 */
export function parseVoxels(text: string, type: VoxelType, count: number): VoxelArray {
  const numbers = text.split(/[\s,]+/).filter(Boolean);
  if (numbers.length < count) throw new BadInput(`the image ends early: ${numbers.length} numbers instead of ${count}`);
  const voxels = new ARRAYS[type](count);
  for (let n = 0; n < count; n++) {
    voxels[n] = Number(numbers[n]);
    if (Number.isNaN(voxels[n]) && numbers[n].toLowerCase() !== 'nan')
      throw new BadInput(`the image has "${numbers[n]}" in place of a number`);
  }
  return voxels;
}

const ARRAYS: Record<VoxelType, new (length: number) => VoxelArray> = {
  ...{ uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array, uint32: Uint32Array },
  ...{ int32: Int32Array, uint64: Uint32Array, int64: Int32Array, float32: Float32Array, float64: Float64Array },
};

function reverseEach(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}
