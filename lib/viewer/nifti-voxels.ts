import type { VoxelArray } from '../image/grid.ts';

/** Where the voxels of the files begin that the product writes: header, and four bytes that no extension follows. */
const VOXEL_OFFSET = 352;
const HEADER_BYTES = 348;

type VoxelView = new (buffer: ArrayBuffer, offset: number, length: number) => VoxelArray;

/** datatype of nifti1.h. */
const VIEWS: Record<number, VoxelView & { BYTES_PER_ELEMENT: number }> = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
};

/**
 * The voxels of a NIfTI file that the product wrote, in place: a large image is not copied. Where they lie is told apart
 * from the file, which cannot say all of it.
 * @throws Error for a file of another length or kind than these voxels have
 */
export function niftiVoxels(file: ArrayBuffer, count: number): VoxelArray {
  const view = new DataView(file);
  const isOurs = file.byteLength > VOXEL_OFFSET && view.getInt32(0, true) === HEADER_BYTES;
  const VoxelType = isOurs ? VIEWS[view.getInt16(70, true)] : undefined;
  if (!VoxelType || view.getFloat32(108, true) !== VOXEL_OFFSET) throw new Error('the voxels came in an unknown form');
  const expected = VOXEL_OFFSET + count * VoxelType.BYTES_PER_ELEMENT;
  if (file.byteLength !== expected)
    throw new Error(`the voxels came as ${file.byteLength} bytes instead of ${expected}`);
  return new VoxelType(file, VOXEL_OFFSET, count);
}
