import { subtract, type Vec3 } from '../math/vec3.ts';
import { boxOf, EMPTY_BOX, intersectBoxes, isEmptyBox, uniteBoxes } from './box.ts';
import { type Box, type Grid, indexToPatient, type Mask, patientToIndex, voxelCount } from './grid.ts';
import { countVoxels, countVoxelsBySlice, cropMask, emptyMask } from './mask.ts';

/** Part of a voxel by which two voxels may lie apart and still be one: files round positions to decimals or 32 bits. */
const APART = 0.01;

/**
 * A mask as a mask of `grid`, when every voxel of it is a voxel of that grid's lattice: a mask that is cut to a part of an
 * image, or whose axes are turned or flipped. `lost` are the voxels beyond the ends of the grid. Undefined when the voxels
 * are not the same: then a mask can only be resampled.
 */
export function onSameVoxels(mask: Mask, grid: Grid): { mask: Mask; lost: number } | undefined {
  const filled = cropMask(mask);
  if (isEmptyBox(filled.box)) return { mask: emptyMask(grid), lost: 0 };
  const slices = countVoxelsBySlice(filled).flatMap((count, k) => (count > 0 ? [sliceOf(filled, grid, k)] : []));
  const placed = slices.filter((slice) => slice !== undefined);
  if (placed.length < slices.length) return undefined;
  const box = intersectBoxes(placed.map(spanOf).reduce(uniteBoxes, EMPTY_BOX), boxOf(grid));
  const data = new Uint8Array(voxelCount(box));
  for (const slice of placed) paint(filled, slice, box, data);
  const moved = cropMask({ grid, box, data });
  return { mask: moved, lost: countVoxels(filled) - countVoxels(moved) };
}

/** Slice k of the mask's box: index in the grid of its first voxel, and the steps of i and j. */
interface PlacedSlice {
  k: number;
  first: Vec3;
  alongI: Vec3;
  alongJ: Vec3;
  size: Vec3;
}

function sliceOf({ grid: own, box }: Mask, grid: Grid, k: number): PlacedSlice | undefined {
  const [i0, j0, k0] = box.start;
  const [ni, nj] = box.size;
  const corners = [
    [0, 0],
    [ni - 1, 0],
    [0, nj - 1],
    [1, 0],
    [0, 1],
  ].map(([i, j]) => patientToIndex(grid, indexToPatient(own, [i0 + i, j0 + j, k0 + k])));
  if (corners.some((corner) => corner.some((x) => Math.abs(x - Math.round(x)) > APART))) return undefined;
  const [first, lastI, lastJ, nextI, nextJ] = corners.map((corner) => corner.map((x) => Math.round(x) + 0) as Vec3);
  const alongI = subtract(nextI, first);
  const alongJ = subtract(nextJ, first);
  const isStraight = [lastI, lastJ].every((last, n) => {
    const [step, count] = n === 0 ? [alongI, ni - 1] : [alongJ, nj - 1];
    return step.every((s, axis) => first[axis] + count * s === last[axis]);
  });
  const isOneVoxel = [alongI, alongJ].every((step) => step.reduce((sum, s) => sum + Math.abs(s), 0) === 1);
  return isStraight && isOneVoxel ? { k, first, alongI, alongJ, size: [ni, nj, 1] } : undefined;
}

function spanOf({ first, alongI, alongJ, size }: PlacedSlice): Box {
  const last = first.map((x, axis) => x + (size[0] - 1) * alongI[axis] + (size[1] - 1) * alongJ[axis]);
  const start = first.map((x, axis) => Math.min(x, last[axis])) as Vec3;
  return { start, size: first.map((x, axis) => Math.abs(last[axis] - x) + 1) as Vec3 };
}

function paint({ data: from, box: own }: Mask, slice: PlacedSlice, box: Box, data: Uint8Array): void {
  const { k, first, alongI, alongJ } = slice;
  const [ni, nj] = own.size;
  const [bx, by, bz] = box.size;
  for (let j = 0; j < nj; j++) {
    for (let i = 0; i < ni; i++) {
      if (from[i + ni * (j + nj * k)] === 0) continue;
      const x = first[0] + i * alongI[0] + j * alongJ[0] - box.start[0];
      const y = first[1] + i * alongI[1] + j * alongJ[1] - box.start[1];
      const z = first[2] + i * alongI[2] + j * alongJ[2] - box.start[2];
      if (x >= 0 && y >= 0 && z >= 0 && x < bx && y < by && z < bz) data[x + bx * (y + by * z)] = 1;
    }
  }
}
