import { LOG2 } from '../kernels/logarithms.ts';

/** Spacing of the doubles at 1: PyRadiomics adds it inside every logarithm. */
export const EPSILON = 2 ** -52;

/**
 * - sum p log2(p + eps) with p = count / total, over the counts above 0. The logarithms of whole counts come from a table,
 * and eps enters to first order: log2(p + eps) = log2(p) + eps / (p ln 2), whose next term is below 1e-20.
 */
export function entropy(counts: ArrayLike<number>, total: number): number {
  const logTotal = Math.log2(total);
  let sum = 0;
  let filled = 0;
  for (let n = 0; n < counts.length; n++) {
    const count = counts[n];
    if (count === 0) continue;
    filled++;
    sum += count * ((count === (count & (LOG2.length - 1)) ? LOG2[count] : Math.log2(count)) - logTotal);
  }
  return -sum / total - (filled * EPSILON) / Math.LN2;
}
