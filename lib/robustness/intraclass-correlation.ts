import { fQuantile } from '../math/f-distribution.ts';
import { type MeanSquares, meanSquares, type Ratings } from './variance-components.ts';

/** An estimate with the bounds of its two-sided confidence interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** Why there is no coefficient: '' when there is one. */
export type IccFlag = '' | 'too_few_subjects' | 'too_few_perturbations' | 'zero_variance';

/**
 * Intraclass correlations in the forms of Shrout & Fleiss, of a single measurement and of the mean of k. (1): every
 * target has its own measurements; (2): the same random measurements, absolute agreement; (3): the same fixed
 * measurements, consistency, so that a shift common to all targets does not count.
 */
export interface IntraclassCorrelations {
  icc1: Estimate;
  icc2: Estimate;
  icc3: Estimate;
  icc1k: Estimate;
  icc2k: Estimate;
  icc3k: Estimate;
  flag: IccFlag;
}

const NOTHING: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN };

/**
 * Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420; intervals of form 2 by Satterthwaite's degrees of freedom. Not
 * estimable (NaN with a flag): fewer than 2 targets or measurements, or all numbers equal.
 */
export function intraclassCorrelations(ratings: Ratings, confidence = 0.95): IntraclassCorrelations {
  const { targets: n, measurements: k, data } = ratings;
  const flag = flagOf(ratings);
  if (flag !== '') return { ...all(NOTHING), flag };
  const squares = meanSquares({ targets: n, measurements: k, data });
  const upper = (1 + confidence) / 2;
  const icc1 = singleFrom(squares.between / squares.within, [n - 1, n * (k - 1)], k, upper);
  const icc3 = singleFrom(squares.between / squares.residual, [n - 1, (n - 1) * (k - 1)], k, upper);
  const icc2 = absoluteAgreement(squares, n, k, upper);
  return { icc1, icc2, icc3, icc1k: meanOf(icc1, k), icc2k: meanOf(icc2, k), icc3k: meanOf(icc3, k), flag: '' };
}

function flagOf({ targets, measurements, data }: Ratings): IccFlag {
  if (targets < 2) return 'too_few_subjects';
  if (measurements < 2) return 'too_few_perturbations';
  return data.every((value) => value === data[0]) ? 'zero_variance' : '';
}

function all(estimate: Estimate): Omit<IntraclassCorrelations, 'flag'> {
  return { icc1: estimate, icc2: estimate, icc3: estimate, icc1k: estimate, icc2k: estimate, icc3k: estimate };
}

/** Forms 1 and 3: from the ratio of the mean squares between targets and of the error. */
function singleFrom(f: number, [df1, df2]: [number, number], k: number, upper: number): Estimate {
  return {
    value: correlationOf(f, k),
    low: correlationOf(f / fQuantile(upper, df1, df2), k),
    high: correlationOf(f * fQuantile(upper, df2, df1), k),
  };
}

function correlationOf(f: number, k: number): number {
  return f === Number.POSITIVE_INFINITY ? 1 : (f - 1) / (f + k - 1);
}

function absoluteAgreement(squares: MeanSquares, n: number, k: number, upper: number): Estimate {
  const { between, measurements, residual } = squares;
  const value = (between - residual) / (between + (k - 1) * residual + (k * (measurements - residual)) / n);
  const a = k * value * measurements;
  const b = (n * (1 + (k - 1) * value) - k * value) * residual;
  const df = ((k - 1) * (n - 1) * (a + b) ** 2) / ((n - 1) * a ** 2 + b ** 2);
  if (residual === 0 && measurements === 0) return { value: 1, low: 1, high: 1 };
  const spread = k * measurements + (k * n - k - n) * residual;
  const below = fQuantile(upper, n - 1, df);
  const above = fQuantile(upper, df, n - 1);
  return {
    value,
    low: (n * (between - below * residual)) / (below * spread + n * between),
    high: (n * (above * between - residual)) / (spread + n * above * between),
  };
}

/** From one measurement to the mean of k: Spearman-Brown. */
function meanOf({ value, low, high }: Estimate, k: number): Estimate {
  const step = (r: number) => (k * r) / (1 + (k - 1) * r);
  return { value: step(value), low: step(low), high: step(high) };
}
