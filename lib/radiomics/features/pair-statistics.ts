import type { Vec3 } from '../../math/vec3.ts';
import { float64At, kernels, place, placeBeside } from '../kernels/kernels.ts';
import {
  type CooccurrenceMatrix,
  countPairTables,
  directionGroups,
  pairTableBytes,
  pairTableLengths,
} from '../matrices/glcm.ts';
import type { LevelImage } from '../region/levels.ts';
import { EPSILON } from './entropy.ts';

/** What the features of a co-occurrence matrix are formed from; i is the level of the row, j that of the column. */
export interface PairStatistics {
  /** Sum of the counts. */
  total: number;
  /** Counts by row, column, i + j and |i - j|. */
  rows: Float64Array;
  columns: Float64Array;
  bySum: Float64Array;
  byDifference: Float64Array;
  /** Whether rows and columns are the same. */
  symmetric: boolean;
  /** Sums of count i j, count² and count log2(count / total), the largest count, and the number of counts above 0. */
  product: number;
  squares: number;
  logarithms: number;
  largest: number;
  filled: number;
  /** Sum of p ln(1 + eps / (px py)). */
  correction: number;
  maximalCorrelation: number;
}

/**
 * The statistics of every direction that has pairs, one after the other; each holds until the next is asked for, and no other
 * arrays may be placed before the last.
 */
export function* directionStatistics(
  image: LevelImage,
  offsets: readonly Vec3[],
  symmetric: boolean,
): Generator<PairStatistics> {
  const { ranks, levels, levelCount } = image;
  const groups = directionGroups(image, offsets);
  const most = groups.reduce((longest, { length }) => Math.max(longest, length), 0);
  const lengths = [...pairTableLengths(image, most), ...workspaceLengths(levels.length, levelCount)];
  const [ranksAt, spansAt, stepsAt, tables, ...addresses] = place(ranks, lengths);
  const workspace = workspaceAt(addresses, { levels, levelCount, symmetric });
  for (const group of groups) {
    countPairTables(image, group, [ranksAt, spansAt, stepsAt, tables]);
    for (let n = 0; n < group.length; n++) {
      const table = tables + n * pairTableBytes(levels.length);
      kernels().collectPairs(table, levels.length + 1, symmetric ? 1 : 0, workspace.countsAt);
      const statistics = describe(workspace);
      if (statistics.total > 0) yield statistics;
    }
  }
}

/** The statistics of a matrix; they hold until the next are asked for. */
export function pairStatistics(matrix: CooccurrenceMatrix): PairStatistics {
  const addresses = placeBeside(workspaceLengths(matrix.levels.length, matrix.levelCount));
  float64At(addresses[0], matrix.counts.length).set(matrix.counts);
  return describe(workspaceAt(addresses, matrix));
}

/** Of the arrays that `describe` works with, the counts first. */
function workspaceLengths(n: number, levelCount: number): number[] {
  const steps = Math.min(MAX_STEPS, n);
  const sums = [2 * levelCount + 1, levelCount + 1, SUMS];
  return [n * n, n, n, n, ...sums, n, n, n, steps * n, 2 * n + 2 * steps].map((length) => 8 * length);
}

/** Where the arrays lie, and views of those that are read; the same for all directions of a group. */
function workspaceAt(
  addresses: readonly number[],
  { levels, levelCount, symmetric }: Omit<CooccurrenceMatrix, 'counts'>,
) {
  const [countsAt, levelsAt, rowsAt, columnsAt, bySumAt, byDifferenceAt, sumsAt, ...search] = addresses;
  const [rippleAt, firstAt, startAt, basisAt, scratch] = search;
  const n = levels.length;
  float64At(levelsAt, n).set(levels);
  float64At(rippleAt, n).set(rippleOf(n));
  return {
    ...{ n, symmetric, countsAt, levelsAt, rowsAt, columnsAt, bySumAt, byDifferenceAt, sumsAt },
    ...{ rippleAt, firstAt, startAt, basisAt, scratch },
    rows: float64At(rowsAt, n),
    columns: float64At(columnsAt, n),
    bySum: float64At(bySumAt, 2 * levelCount + 1),
    byDifference: float64At(byDifferenceAt, levelCount + 1),
    sums: float64At(sumsAt, SUMS),
  };
}

function describe(at: ReturnType<typeof workspaceAt>): PairStatistics {
  const { n, countsAt, rowsAt, bySum, byDifference, sums } = at;
  const half = at.symmetric ? 1 : 0;
  bySum.fill(0);
  byDifference.fill(0);
  const wasm = kernels();
  wasm.describePairs(countsAt, n, half, at.levelsAt, rowsAt, at.columnsAt, at.bySumAt, at.byDifferenceAt, at.sumsAt);
  const total = sums[0];
  const correction = wasm.normalizePairs(countsAt, rowsAt, at.columnsAt, total, EPSILON, n, at.scratch);
  wasm.startCorrelation(at.levelsAt, rowsAt, total, n, at.rippleAt, at.firstAt, at.startAt);
  const steps = Math.min(MAX_STEPS, n);
  const eigenvalue =
    total > 0
      ? wasm.dominantEigenvalue(countsAt, n, half, at.startAt, at.firstAt, at.basisAt, at.scratch, steps)
      : Number.NaN;
  return {
    total,
    rows: at.rows,
    columns: at.columns,
    bySum,
    byDifference,
    symmetric: at.symmetric,
    product: sums[1],
    squares: sums[2],
    largest: sums[3],
    logarithms: sums[4],
    filled: sums[5],
    correction,
    maximalCorrelation: maximalCorrelationOf(eigenvalue, n, at.symmetric),
  };
}

const MAX_STEPS = 300;
const SUMS = 6;

/**
 * The square root of the second largest eigenvalue of Q(i, j) = sum_k p(i, k) p(j, k) / (px(i) py(k) + eps). Q has, but for
 * terms of second order in eps, the eigenvalues of B B' with B(i, k) = p(i, k) / sqrt(px(i) py(k) + eps), so the answer is the
 * second singular value of B. The first is 1 with the vector sqrt(px), which is taken out. 1 when fewer than two levels occur.
 */
function maximalCorrelationOf(eigenvalue: number, levels: number, symmetric: boolean): number {
  if (levels < 2) return 1;
  return symmetric ? Math.abs(eigenvalue) : Math.sqrt(Math.max(eigenvalue, 0));
}

const ripples = new Map<number, Float64Array>();

function rippleOf(n: number): Float64Array {
  const known = ripples.get(n) ?? Float64Array.from({ length: n }, (_, i) => 0.01 * Math.sin(1 + 7 * i + i * i));
  ripples.set(n, known);
  return known;
}
