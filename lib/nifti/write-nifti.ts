import { gzipSync } from 'node:zlib';
import { BadInput } from '../errors.ts';
import type { Grid, Volume, VoxelArray } from '../image/grid.ts';
import { ownKeys } from '../own-keys.ts';
import { type Affine, affineOfGrid, flipLpsRas, handedness } from './affine.ts';

const HEADER_BYTES = 348;
/** The header, and four bytes that say that no extension follows. */
const VOXEL_OFFSET = 352;
const UNIT_MM = 2;
const SCANNER_ANATOMICAL = 1;
/** Part of a slice gap by which uneven slices may differ and still be written as even. */
const EVEN = 1e-3;

/** datatype of nifti1.h by the name of the typed array. */
const DATATYPES: Record<string, number> = ownKeys({
  Uint8Array: 2,
  Int16Array: 4,
  Int32Array: 8,
  Float32Array: 16,
  Float64Array: 64,
  Int8Array: 256,
  Uint16Array: 512,
  Uint32Array: 768,
});

/**
 * A NIfTI-1 file: LPS becomes RAS, the grid stands in sform and qform (both "scanner"), voxels keep order and type.
 * @param gzip true for .nii.gz
 * @throws BadInput when the slices are uneven, which NIfTI cannot say, or an axis has more than 32767 voxels
 */
export function writeNifti(volume: Volume, gzip: boolean): Uint8Array {
  const { data } = volume;
  const header = niftiHeader(volume);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), VOXEL_OFFSET);
  return gzip ? gzipSync(bytes) : bytes;
}

/**
 * What stands before the voxels of a NIfTI-1 file on this grid, of the type of `data`.
 * @throws BadInput when the slices are uneven, which NIfTI cannot say, or an axis has more than 32767 voxels
 */
export function niftiHeader({ grid, data }: Volume): Uint8Array {
  if (!hasEvenSlices(grid)) throw new BadInput('NIfTI cannot hold uneven slices: resample the image first');
  if (grid.size.some((count) => count > 32767)) throw new BadInput(`too large for NIfTI-1: ${grid.size.join(' x ')}`);
  const bytes = new Uint8Array(VOXEL_OFFSET);
  writeHeader(new DataView(bytes.buffer), grid, data);
  return bytes;
}

function hasEvenSlices({ sliceOffsetsMm, spacingMm }: Grid): boolean {
  return (sliceOffsetsMm ?? []).every((offset, k) => Math.abs(offset - k * spacingMm[2]) <= EVEN * spacingMm[2]);
}

/** Byte positions: nifti1.h. Little endian, as the machine holds the voxels. */
function writeHeader(view: DataView, grid: Grid, data: VoxelArray): void {
  const affine = flipLpsRas(affineOfGrid(grid));
  const hand = handedness(grid);
  view.setInt32(0, HEADER_BYTES, true);
  setInt16s(view, 40, [3, ...grid.size, 1, 1, 1, 1]);
  setInt16s(view, 70, [DATATYPES[data.constructor.name], 8 * data.BYTES_PER_ELEMENT]);
  setFloat32s(view, 76, [hand, ...grid.spacingMm]);
  setFloat32s(view, 108, [VOXEL_OFFSET, 1]);
  view.setUint8(123, UNIT_MM);
  setInt16s(view, 252, [SCANNER_ANATOMICAL, SCANNER_ANATOMICAL]);
  setFloat32s(view, 256, [...quaternion(affine, hand), ...affine.map((row) => row[3])]);
  setFloat32s(view, 280, affine.flat());
  for (const [m, byte] of [0x6e, 0x2b, 0x31, 0].entries()) view.setUint8(344 + m, byte);
}

function setInt16s(view: DataView, at: number, values: number[]): void {
  for (const [v, value] of values.entries()) view.setInt16(at + 2 * v, value, true);
}

function setFloat32s(view: DataView, at: number, values: number[]): void {
  for (const [v, value] of values.entries()) view.setFloat32(at + 4 * v, value, true);
}

/**
 * b, c, d of the unit quaternion of the rotation, by the largest of its four parts (nifti_mat44_to_quatern of
 * nifti1_io.c). A left-handed grid has its third axis turned first, which qfac = -1 says.
 */
function quaternion(affine: Affine, hand: 1 | -1): [number, number, number] {
  const lengths = [0, 1, 2].map((axis) => Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]));
  const [r0, r1, r2] = affine.map((row) => [0, 1, 2].map((a) => (row[a] / lengths[a]) * (a === 2 ? hand : 1)));
  const squares = [
    1 + r0[0] + r1[1] + r2[2],
    1 + r0[0] - r1[1] - r2[2],
    1 - r0[0] + r1[1] - r2[2],
    1 - r0[0] - r1[1] + r2[2],
  ];
  const largest = squares.indexOf(Math.max(...squares));
  const f = 1 / (2 * Math.sqrt(squares[largest]));
  const part = squares[largest] * f;
  const parts = [
    [part, (r2[1] - r1[2]) * f, (r0[2] - r2[0]) * f, (r1[0] - r0[1]) * f],
    [(r2[1] - r1[2]) * f, part, (r0[1] + r1[0]) * f, (r0[2] + r2[0]) * f],
    [(r0[2] - r2[0]) * f, (r0[1] + r1[0]) * f, part, (r1[2] + r2[1]) * f],
    [(r1[0] - r0[1]) * f, (r0[2] + r2[0]) * f, (r1[2] + r2[1]) * f, part],
  ][largest];
  const sign = parts[0] < 0 ? -1 : 1;
  return [sign * parts[1], sign * parts[2], sign * parts[3]];
}
