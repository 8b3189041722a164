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
 * The voxels of a NIfTI file that the product wrote. Pieces are stored as they arrive, so a large image is complete
 * with its last byte. The place of the voxels comes separately, because the file cannot express it fully.
 * @throws Error for a file of another length or kind than these voxels have
 */
export async function niftiVoxels(pieces: AsyncIterable<Uint8Array>, count: number): Promise<VoxelArray> {
  let head = new Uint8Array(0);
  let file: Uint8Array | undefined;
  let length = 0;
  for await (const piece of pieces) {
    if (!file) {
      head = joined(head, piece);
      if (head.length > VOXEL_OFFSET) file = new Uint8Array(VOXEL_OFFSET + count * typeOf(head).BYTES_PER_ELEMENT);
      if (file) place(file, head, 0);
    } else place(file, piece, length);
    length += piece.length;
  }
  if (!file) throw new Error(UNKNOWN);
  if (length !== file.length) throw new Error(`the voxels came as ${length} bytes instead of ${file.length}`);
  return new (typeOf(head))(file.buffer as ArrayBuffer, VOXEL_OFFSET, count);
}

const UNKNOWN = 'the voxels came in an unknown form';

function typeOf({ buffer, byteOffset, byteLength }: Uint8Array) {
  const view = new DataView(buffer, byteOffset, byteLength);
  const isOurs = view.getInt32(0, true) === HEADER_BYTES && view.getFloat32(108, true) === VOXEL_OFFSET;
  const VoxelType = isOurs ? VIEWS[view.getInt16(70, true)] : undefined;
  if (!VoxelType) throw new Error(UNKNOWN);
  return VoxelType;
}

/** Counts surplus bytes, and then refuses the file. */
function place(file: Uint8Array, piece: Uint8Array, offset: number): void {
  if (offset < file.length) file.set(piece.subarray(0, file.length - offset), offset);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
