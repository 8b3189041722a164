import type { Vec3 } from '../../math/vec3.ts';
import { int32At, kernels, place, uint32At } from '../kernels/kernels.ts';
import type { LevelImage } from '../region/levels.ts';
import type { VoxelRoi } from '../region/roi.ts';
import { directions, type FlatAxis, stride } from './directions.ts';
import { type SizeMatrix, sizeMatrix } from './size-matrix.ts';

/**
 * Grey-level run length matrix of one direction (IBSI TP0I): runs of equal level along `offset`; a voxel outside the
 * region ends a run. The offset must point forward in raster order, as `directions` gives it.
 */
export function runLengths(image: LevelImage, offset: Vec3): SizeMatrix {
  const { ranks, roi, levels, counts } = image;
  const { spans } = roi;
  const width = longestLine(roi, offset) + 1;
  const cells = (levels.length + 1) * width;
  const [ranksAt, spansAt, lengthsAt, tableAt] = place(ranks, [spans.byteLength, ranks.byteLength, 4 * cells]);
  int32At(spansAt, spans.length).set(spans);
  const table = uint32At(tableAt, cells).fill(0);
  const ends = [stride(roi.size, offset), lengthsAt, tableAt, width] as const;
  const longest = kernels().countRuns(ranksAt, spansAt, spans.length / 2, ...ends);
  return sizeMatrix(levels, withSingles(table, width, longest, counts), longest + 1);
}

/** Rows of the table up to the longest run; voxels that are in no run of two or more are runs of one. */
function withSingles(table: Uint32Array, width: number, longest: number, voxels: Uint32Array): Uint32Array {
  const rows = new Uint32Array(voxels.length * (longest + 1));
  for (let rank = 1, at = 0; rank <= voxels.length; rank++, at += longest + 1) {
    let alone = voxels[rank - 1];
    for (let length = 2; length <= longest; length++) {
      const count = table[rank * width + length];
      rows[at + length] = count;
      alone -= length * count;
    }
    rows[at + 1] = alone;
  }
  return rows;
}

/** They depend on the region alone, which serves many images. */
const knownDirections = new WeakMap<VoxelRoi, Map<FlatAxis, Vec3[]>>();

/** The directions along which some line holds more than one voxel of the region, neighbours or not. */
export function linedDirections(roi: VoxelRoi, flat?: FlatAxis): Vec3[] {
  const known = knownDirections.get(roi) ?? new Map<FlatAxis, Vec3[]>();
  knownDirections.set(roi, known);
  const found = known.get(flat) ?? findDirections(roi, flat);
  known.set(flat, found);
  return found;
}

function findDirections(roi: VoxelRoi, flat: FlatAxis): Vec3[] {
  const inside = new Uint8Array(roi.size[0] * roi.size[1] * roi.size[2]);
  for (let n = 0; n < roi.voxels.length; n++) inside[roi.voxels[n]] = 1;
  return directions([1], flat).filter((offset) => hasLines(roi, inside, offset));
}

/** `inside` is 1 at the region's voxels, in its box. */
function hasLines(roi: VoxelRoi, inside: Uint8Array, offset: Vec3): boolean {
  const step = stride(roi.size, offset);
  for (let n = 0; n < roi.voxels.length; n++) if (inside[roi.voxels[n] + step] === 1) return true;
  for (let n = 0; n < roi.voxels.length; n++) {
    const left = stepsToBorder(roi, roi.voxels[n], offset);
    for (let s = 1; s <= left; s++) if (inside[roi.voxels[n] + s * step] === 1) return true;
  }
  return false;
}

function stepsToBorder(roi: VoxelRoi, voxel: number, offset: Vec3): number {
  const [nx, ny] = roi.size;
  const index = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  return Math.min(
    ...offset.map((step, axis) => {
      if (step === 0) return Number.POSITIVE_INFINITY;
      return Math.floor((step > 0 ? roi.size[axis] - 1 - index[axis] : index[axis]) / Math.abs(step));
    }),
  );
}

function longestLine(roi: VoxelRoi, offset: Vec3): number {
  return Math.max(...roi.size.filter((_, axis) => offset[axis] !== 0));
}
