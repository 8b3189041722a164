const BUCKETS = 4096;

/**
 * The values at the given places (0 = smallest) of the sorted values, without sorting them all: values are counted into
 * buckets of equal width, and only the buckets that hold a wanted place are sorted.
 */
export function orderStatistics(values: Float64Array, places: readonly number[]): number[] {
  let low = values[0];
  let high = values[0];
  for (let n = 0; n < values.length; n++) {
    if (values[n] < low) low = values[n];
    if (values[n] > high) high = values[n];
  }
  if (low === high) return places.map(() => low);
  const scale = (BUCKETS - 1) / (high - low);
  const starts = new Uint32Array(BUCKETS + 1);
  for (let n = 0; n < values.length; n++) starts[(((values[n] - low) * scale) | 0) + 1]++;
  for (let bucket = 1; bucket <= BUCKETS; bucket++) starts[bucket] += starts[bucket - 1];
  const sorted = sortedBuckets(values, places, starts, low, scale);
  return places.map((place) => {
    const bucket = bucketOfPlace(starts, place);
    return sorted.get(bucket)![place - starts[bucket]];
  });
}

function sortedBuckets(
  values: Float64Array,
  places: readonly number[],
  starts: Uint32Array,
  low: number,
  scale: number,
): Map<number, Float64Array> {
  const sorted = new Map<number, Float64Array>();
  const slot = new Int16Array(BUCKETS).fill(-1);
  const buckets = [...new Set(places.map((place) => bucketOfPlace(starts, place)))];
  buckets.forEach((bucket, n) => {
    sorted.set(bucket, new Float64Array(starts[bucket + 1] - starts[bucket]));
    slot[bucket] = n;
  });
  const filled = new Int32Array(buckets.length);
  const targets = buckets.map((bucket) => sorted.get(bucket)!);
  for (let n = 0; n < values.length; n++) {
    const s = slot[((values[n] - low) * scale) | 0];
    if (s >= 0) targets[s][filled[s]++] = values[n];
  }
  for (const target of targets) target.sort();
  return sorted;
}

function bucketOfPlace(starts: Uint32Array, place: number): number {
  let bucket = 0;
  while (starts[bucket + 1] <= place) bucket++;
  return bucket;
}
