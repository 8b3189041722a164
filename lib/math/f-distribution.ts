import { incompleteBeta, logBeta } from './incomplete-beta.ts';

/** Probability that an F variable with df1 and df2 degrees of freedom (fractions allowed) is at most f. */
export function fProbability(f: number, df1: number, df2: number): number {
  if (f <= 0) return 0;
  if (f === Number.POSITIVE_INFINITY) return 1;
  return incompleteBeta((df1 * f) / (df1 * f + df2), df1 / 2, df2 / 2);
}

const STEPS_AT_MOST = 200;

/**
 * The value that an F variable is below with probability p, 0 < p < 1; NaN when a degree of freedom is not positive.
 * Newton's method in log f, held in a bracket that shrinks with every step.
 */
export function fQuantile(p: number, df1: number, df2: number): number {
  if (!(df1 > 0 && df2 > 0 && p > 0 && p < 1)) return Number.NaN;
  let [low, high] = [-700, 700];
  let log = 0;
  for (let step = 0; step < STEPS_AT_MOST; step++) {
    const error = fProbability(Math.exp(log), df1, df2) - p;
    if (error === 0) break;
    if (error > 0) high = log;
    else low = log;
    const slope = Math.exp(logDensityOfLog(log, df1, df2));
    const newton = log - error / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - log) <= 4 * Number.EPSILON * Math.max(1, Math.abs(log))) return Math.exp(next);
    log = next;
  }
  return Math.exp(log);
}

/** Logarithm of the density of log f. */
function logDensityOfLog(log: number, df1: number, df2: number): number {
  const ratio = (df1 / df2) * Math.exp(log);
  const shape = (df1 / 2) * (Math.log(df1 / df2) + log) - ((df1 + df2) / 2) * Math.log1p(ratio);
  return shape - logBeta(df1 / 2, df2 / 2);
}
