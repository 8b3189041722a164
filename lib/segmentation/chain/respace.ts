import { type Grid, type Volume, voxelCount } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { roundHalfEven } from '../nnunet/array.ts';
import type { LabelArray } from '../nnunet/segment.ts';

/** For each new position along an axis the old one before it, and the shares of that one and of the next. */
interface Taps {
  first: Int32Array;
  before: Float64Array;
  after: Float64Array;
}

/**
 * The image at another spacing as TotalSegmentator resamples it: straight lines between the centres of the outermost
 * voxels, which stay where they are (scipy.ndimage.zoom of order 1, its products and sums in the same order), and values
 * lose what follows the point. An image that has the spacing stays as it is.
 */
export function respaced({ grid, data }: Volume, spacingMm: Vec3): Volume {
  const own = grid.spacingMm.map(Math.fround);
  if (own.every((mm, axis) => mm === spacingMm[axis])) return { grid, data };
  const size = grid.size.map((count, axis) => roundHalfEven(count * (own[axis] / spacingMm[axis]))) as Vec3;
  const result = new Int32Array(size[0] * size[1] * size[2]);
  const [tx, ty, tz] = grid.size.map((count, axis) => tapsOf(count, size[axis]));
  const [nx, ny, nz] = grid.size;
  for (let k = 0, at = 0; k < size[2]; k++) {
    const z = tz.first[k] * nx * ny;
    const dz = tz.first[k] + 1 < nz ? nx * ny : 0;
    const [z0, z1] = [tz.before[k], tz.after[k]];
    for (let j = 0; j < size[1]; j++) {
      const y = z + ty.first[j] * nx;
      const dy = ty.first[j] + 1 < ny ? nx : 0;
      const [y0, y1] = [ty.before[j], ty.after[j]];
      for (let i = 0; i < size[0]; i++, at++) {
        const a = y + tx.first[i];
        const b = tx.first[i] + 1 < nx ? a + 1 : a;
        const [x0, x1] = [tx.before[i], tx.after[i]];
        let sum = data[a] * x0 * y0 * z0;
        sum += data[a + dz] * x0 * y0 * z1;
        sum += data[a + dy] * x0 * y1 * z0;
        sum += data[a + dy + dz] * x0 * y1 * z1;
        sum += data[b] * x1 * y0 * z0;
        sum += data[b + dz] * x1 * y0 * z1;
        sum += data[b + dy] * x1 * y1 * z0;
        sum += data[b + dy + dz] * x1 * y1 * z1;
        result[at] = sum;
      }
    }
  }
  return { grid: { ...grid, size, spacingMm, sliceOffsetsMm: undefined }, data: result };
}

/** Labels on another grid over the same extent: those of the nearest voxel, as `respaced` counts (order 0). */
export function labelsOnGrid({ grid, data }: Volume<LabelArray>, to: Grid): LabelArray {
  if (grid.size.every((count, axis) => count === to.size[axis])) return data;
  const result = data instanceof Uint8Array ? new Uint8Array(voxelCount(to)) : new Uint16Array(voxelCount(to));
  const [xs, ys, zs] = grid.size.map((count, axis) => {
    const step = stepOf(count, to.size[axis]);
    return Int32Array.from({ length: to.size[axis] }, (_, q) => Math.floor(Math.min(q * step, count - 1) + 0.5));
  });
  for (let k = 0, at = 0; k < to.size[2]; k++) {
    for (let j = 0; j < to.size[1]; j++) {
      const row = grid.size[0] * (ys[j] + grid.size[1] * zs[k]);
      for (let i = 0; i < to.size[0]; i++, at++) result[at] = data[row + xs[i]];
    }
  }
  return result;
}

function tapsOf(count: number, to: number): Taps {
  const step = stepOf(count, to);
  const places = Float64Array.from({ length: to }, (_, q) => Math.min(q * step, count - 1));
  const first = Int32Array.from(places, Math.floor);
  const after = places.map((place, q) => place - first[q]);
  return { first, before: after.map((share) => 1 - share), after };
}

function stepOf(count: number, to: number): number {
  return to > 1 ? (count - 1) / (to - 1) : 1;
}
