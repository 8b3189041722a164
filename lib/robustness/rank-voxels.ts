import { orderStatistic } from '../math/order-statistic.ts';
import { mixed } from './seed.ts';

/**
 * Marks the `count` voxels of least value; of equal ones those first that a hash of the index puts first, so that a cut
 * through a tie favours no side. Voxels that are not finite are never taken.
 * @returns the marks, and the greatest value among the marked
 */
export function lowestVoxels(values: Float64Array, count: number): { marks: Uint8Array; cut: number } {
  const marks = new Uint8Array(values.length);
  if (count === 0) return { marks, cut: Number.NEGATIVE_INFINITY };
  const cut = count > values.length ? Number.POSITIVE_INFINITY : orderStatistic(values.slice(), count - 1);
  const ties: number[] = [];
  let taken = 0;
  for (let v = 0; v < values.length; v++) {
    if (values[v] < cut) {
      marks[v] = 1;
      taken++;
    } else if (values[v] === cut && cut !== Number.POSITIVE_INFINITY) ties.push(v);
  }
  ties.sort((a, b) => mixed(a) - mixed(b));
  for (const v of ties.slice(0, count - taken)) marks[v] = 1;
  return { marks, cut };
}
