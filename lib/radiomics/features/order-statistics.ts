import { float64At, kernels, place, uint32At } from '../kernels/kernels.ts';

const BUCKETS = 4096;

/**
 * The values at the given places (0 = smallest) of the sorted values, without sorting them all: values are counted into
 * buckets of equal width, and only the buckets that hold a wanted place are sorted.
 */
export function orderStatistics(values: Float64Array, places: readonly number[]): number[] {
  const count = values.length;
  const [at, sumsAt, bucketsAt, gatheredAt] = place(values, [32, 4 * BUCKETS, 8 * count]);
  const { sumValues, countBuckets, gatherBuckets } = kernels();
  sumValues(at, count, 0, sumsAt);
  const [low, high] = float64At(sumsAt, 2);
  if (low === high) return places.map(() => low);
  const scale = (BUCKETS - 1) / (high - low);
  const buckets = uint32At(bucketsAt, BUCKETS).fill(0);
  countBuckets(at, count, low, scale, bucketsAt);
  const starts = new Uint32Array(BUCKETS + 1);
  for (let bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1] = starts[bucket] + buckets[bucket];
  const wanted = new Set(places.map((place) => bucketOfPlace(starts, place)));
  buckets.fill(0);
  for (const bucket of wanted) buckets[bucket] = gatheredAt + 8 * starts[bucket];
  gatherBuckets(at, count, low, scale, bucketsAt);
  const gathered = float64At(gatheredAt, count);
  for (const bucket of wanted) gathered.subarray(starts[bucket], starts[bucket + 1]).sort();
  return places.map((place) => gathered[place]);
}

/** The last bucket that starts at or before a place: those that start there before it are empty. */
function bucketOfPlace(starts: Uint32Array, place: number): number {
  let [low, high] = [0, BUCKETS - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
