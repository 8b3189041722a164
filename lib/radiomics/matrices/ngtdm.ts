import { float64At, int32At, kernels, place, uint16At } from '../kernels/kernels.ts';
import type { LevelImage } from '../region/levels.ts';
import { directions, type FlatAxis, stride } from './directions.ts';

/** Neighbourhood grey tone difference matrix: one row per level that occurs. */
export interface ToneDifferenceMatrix {
  levels: Float64Array;
  /** n_i: voxels of the level. */
  counts: Float64Array;
  /** Voxels of the level without any neighbour in the region: IBSI leaves them out of n_i, PyRadiomics does not. */
  isolated: Float64Array;
  /** s_i: sum over the level's voxels of |level - mean level of the neighbours in the region|. */
  differences: Float64Array;
}

/** IBSI IPET. Neighbours are the voxels of the region at Chebyshev distances in `distances`, pooled. */
export function toneDifferences(
  image: LevelImage,
  distances: readonly number[],
  flat?: FlatAxis,
): ToneDifferenceMatrix {
  const { roi, ranks, levels, levelCount, counts } = image;
  const { spans } = roi;
  const steps = directions(distances, flat).map((offset) => stride(roi.size, offset));
  const isGapless = levels[levels.length - 1] === levels.length;
  const rows = levelCount + 1;
  const [ranksAt, spansAt, stepsAt, differencesAt, isolatedAt, numbersAt, numberedAt] = place(ranks, [
    ...[spans.byteLength, 4 * steps.length, 8 * rows, 8 * rows],
    ...(isGapless ? [] : [2 * (levels.length + 1), ranks.byteLength]),
  ]);
  int32At(spansAt, spans.length).set(spans);
  int32At(stepsAt, steps.length).set(steps);
  float64At(differencesAt, rows).fill(0);
  float64At(isolatedAt, rows).fill(0);
  if (!isGapless) {
    uint16At(numbersAt, levels.length + 1).set([0, ...levels]);
    kernels().numberLevels(ranksAt, numbersAt, ranks.length, numberedAt);
  }
  const levelsAt = isGapless ? ranksAt : numberedAt;
  const spanCount = spans.length / 2;
  kernels().addToneDifferences(levelsAt, spansAt, spanCount, stepsAt, steps.length, differencesAt, isolatedAt);
  const [differences, isolated] = [float64At(differencesAt, rows), float64At(isolatedAt, rows)];
  return {
    levels,
    counts: Float64Array.from(counts),
    isolated: levels.map((level) => isolated[level]),
    differences: levels.map((level) => differences[level]),
  };
}
