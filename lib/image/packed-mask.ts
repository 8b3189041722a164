import { BadInput } from '../errors.ts';
import { type Grid, type Mask, voxelCount } from './grid.ts';

/** A mask for storage: one bit for each voxel of the box, lowest bit first. */
export interface PackedMask {
  box: Mask['box'];
  bits: Uint8Array;
}

export function packMask({ box, data }: Mask): PackedMask {
  return { box, bits: packBits(data) };
}

/** @throws BadInput when the bits are too few for the box, or the box leaves the grid */
export function unpackMask({ box, bits }: PackedMask, grid: Grid): Mask {
  const count = voxelCount(box);
  const fits = [0, 1, 2].every((a) => box.start[a] >= 0 && box.start[a] + box.size[a] <= grid.size[a]);
  if (!fits || bits.length * 8 < count) throw new BadInput('the packed mask does not belong to this grid');
  const data = new Uint8Array(count);
  for (let v = 0; v < count; v++) data[v] = (bits[v >> 3] >> (v & 7)) & 1;
  return { grid, box, data };
}

/** Zeros and ones as bits, lowest bit first: also the order of 1-bit DICOM pixels (PS3.5 section 8.1.1). */
export function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let v = 0; v < values.length; v++) bits[v >> 3] |= values[v] << (v & 7);
  return bits;
}
