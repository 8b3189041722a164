import { float64At, int32At, kernels, place, uint16At } from '../kernels/kernels.ts';
import type { LevelImage } from '../region/levels.ts';
import type { FlatAxis } from './directions.ts';
import { bitsPerSum, cubesOf, type NumberBits, neighbourCounts, sumAround } from './neighbourhood.ts';

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
  const cubes = cubesOf(distances, flat);
  const neighbours = neighbourCounts(roi, cubes);
  const sums = cubes.flatMap((cube) => partsOf(levelCount, bitsPerSum(cube)).map((part) => ({ cube, part })));
  const isGapless = levels[levels.length - 1] === levels.length;
  const rows = levelCount + 1;
  const bytes = ranks.byteLength;
  const [ranksAt, spansAt, nearAt, rowsAt, planesAt, termsAt, differencesAt, isolatedAt, numbersAt, numberedAt, ...at] =
    place(ranks, [
      ...[spans.byteLength, bytes, bytes, bytes, 8 * sums.length, 8 * rows, 8 * rows],
      ...(isGapless ? [0, 0] : [2 * (levels.length + 1), bytes]),
      ...sums.map(() => bytes),
    ]);
  int32At(spansAt, spans.length).set(spans);
  uint16At(nearAt, neighbours.length).set(neighbours);
  float64At(differencesAt, rows).fill(0);
  float64At(isolatedAt, rows).fill(0);
  if (!isGapless) {
    uint16At(numbersAt, levels.length + 1).set([0, ...levels]);
    kernels().numberLevels(ranksAt, numbersAt, ranks.length, numberedAt);
  }
  const levelsAt = isGapless ? ranksAt : numberedAt;
  const steps = { numbers: levelsAt, spans: spansAt, rows: rowsAt, planes: planesAt };
  for (const [n, { cube, part }] of sums.entries()) {
    sumAround(roi, cube, part, steps, at[n]);
    int32At(termsAt + 8 * n, 2).set([at[n], cube.sign << part.shift]);
  }
  const ends = [differencesAt, isolatedAt] as const;
  kernels().addToneDifferences(levelsAt, nearAt, spansAt, spans.length / 2, termsAt, sums.length, ...ends);
  const [differences, isolated] = [float64At(differencesAt, rows), float64At(isolatedAt, rows)];
  return {
    levels,
    counts: Float64Array.from(counts),
    isolated: levels.map((level) => isolated[level]),
    differences: levels.map((level) => differences[level]),
  };
}

/** Groups of bits that together hold every number up to `most`. */
function partsOf(most: number, bits: number): NumberBits[] {
  const parts: NumberBits[] = [];
  for (let shift = 0; shift === 0 || most >> shift > 0; shift += bits) parts.push({ shift, bits });
  return parts;
}
