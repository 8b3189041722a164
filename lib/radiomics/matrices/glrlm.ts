import type { Vec3 } from '../../math/vec3.ts';
import type { LevelImage } from '../levels.ts';
import type { Roi } from '../roi.ts';
import { stride } from './directions.ts';
import { type SizeMatrix, sizeMatrix } from './size-matrix.ts';

/**
 * Grey-level run length matrix of one direction (IBSI TP0I): runs of equal level along `offset`; a voxel outside the
 * region ends a run. The offset must point forward in raster order, as `directions` gives it.
 */
export function runLengths(image: LevelImage, offset: Vec3): SizeMatrix {
  const { ranks, roi, levels } = image;
  const { spans } = roi;
  const width = longestLine(roi, offset) + 1;
  const table = new Uint32Array((levels.length + 1) * width);
  const length = new Uint16Array(ranks.length);
  const step = stride(roi.size, offset);
  for (let s = 0; s < spans.length; s += 2) {
    for (let p = spans[s], end = spans[s + 1]; p < end; p++) {
      const rank = ranks[p];
      const run = ranks[p - step] === rank ? length[p - step] + 1 : 1;
      length[p] = run;
      if (ranks[p + step] !== rank) table[rank * width + run]++;
    }
  }
  return sizeMatrix(levels, table.subarray(width), width);
}

/** Whether some line along `offset` holds more than one voxel of the region, neighbours or not. */
export function hasLines(roi: Roi, offset: Vec3): boolean {
  const inside = new Uint8Array(roi.size[0] * roi.size[1] * roi.size[2]);
  for (const voxel of roi.voxels) inside[voxel] = 1;
  const step = stride(roi.size, offset);
  if (roi.voxels.some((voxel) => inside[voxel + step] === 1)) return true;
  return roi.voxels.some((voxel) => {
    for (let p = voxel + step, left = stepsToBorder(roi, voxel, offset); left > 0; left--, p += step) {
      if (inside[p] === 1) return true;
    }
    return false;
  });
}

function stepsToBorder(roi: Roi, voxel: number, offset: Vec3): number {
  const [nx, ny] = roi.size;
  const index = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  return Math.min(
    ...offset.map((step, axis) => {
      if (step === 0) return Number.POSITIVE_INFINITY;
      return Math.floor((step > 0 ? roi.size[axis] - 1 - index[axis] : index[axis]) / Math.abs(step));
    }),
  );
}

function longestLine(roi: Roi, offset: Vec3): number {
  return Math.max(...roi.size.filter((_, axis) => offset[axis] !== 0));
}
