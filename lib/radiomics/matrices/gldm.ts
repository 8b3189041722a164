import type { LevelImage } from '../levels.ts';
import { directions, type FlatAxis, stride } from './directions.ts';
import { type SizeMatrix, sizeMatrix } from './size-matrix.ts';

/**
 * Grey-level dependence matrix (PyRadiomics GLDM, IBSI NGLDM, REK0): the column is 1 + the number of neighbours, at
 * Chebyshev distances in `distances`, whose level differs from the voxel's by at most `alpha`.
 */
export function dependence(
  image: LevelImage,
  distances: readonly number[],
  alpha: number,
  flat?: FlatAxis,
): SizeMatrix {
  const { roi, ranks, levels } = image;
  const steps = directions(distances, flat).map((offset) => stride(roi.size, offset));
  const dependents = new Uint16Array(ranks.length);
  for (const step of steps) {
    if (alpha === 0) addEqualNeighbours(ranks, roi.spans, step, dependents);
    else addCloseNeighbours(image, step, alpha, dependents);
  }
  const width = 2 * steps.length + 2;
  const table = new Uint32Array((levels.length + 1) * width);
  for (const p of roi.voxels) table[ranks[p] * width + dependents[p] + 1]++;
  return sizeMatrix(levels, table.subarray(width), width);
}

function addEqualNeighbours(ranks: Uint16Array, spans: Int32Array, step: number, dependents: Uint16Array): void {
  for (let s = 0; s < spans.length; s += 2) {
    for (let p = spans[s], end = spans[s + 1]; p < end; p++) {
      const equal = ranks[p] === ranks[p + step] ? 1 : 0;
      dependents[p] += equal;
      dependents[p + step] += equal;
    }
  }
}

function addCloseNeighbours(image: LevelImage, step: number, alpha: number, dependents: Uint16Array): void {
  const { ranks, levels } = image;
  const { spans } = image.roi;
  for (let s = 0; s < spans.length; s += 2) {
    for (let p = spans[s], end = spans[s + 1]; p < end; p++) {
      const other = ranks[p + step];
      if (other === 0 || Math.abs(levels[ranks[p] - 1] - levels[other - 1]) > alpha) continue;
      dependents[p]++;
      dependents[p + step]++;
    }
  }
}
