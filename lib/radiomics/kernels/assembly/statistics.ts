/** Kernels of first-order statistics over `count` values (f64). All pointers are byte addresses. */

/** Puts the smallest and the largest value, the sum, and the sum of (value + shift)² into `sums`. */
export function sumValues(values: usize, count: i32, shift: f64, sums: usize): void {
  const shifts: v128 = f64x2.splat(shift);
  let low: v128 = v128.load64_splat(values);
  let high: v128 = low;
  let sum: v128 = f64x2.splat(0);
  let energy: v128 = f64x2.splat(0);
  const end: usize = values + ((<usize>count) << 3);
  let p: usize = values;
  for (; p + 16 <= end; p += 16) {
    const value: v128 = v128.load(p);
    const shifted: v128 = f64x2.add(value, shifts);
    low = f64x2.pmin(low, value);
    high = f64x2.pmax(high, value);
    sum = f64x2.add(sum, value);
    energy = f64x2.add(energy, f64x2.mul(shifted, shifted));
  }
  let least: f64 = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  let most: f64 = max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
  let all: f64 = added(sum);
  let squares: f64 = added(energy);
  if (p < end) {
    const value: f64 = load<f64>(p);
    least = min(least, value);
    most = max(most, value);
    all += value;
    squares += (value + shift) * (value + shift);
  }
  store<f64>(sums, least);
  store<f64>(sums, most, 8);
  store<f64>(sums, all, 16);
  store<f64>(sums, squares, 24);
}

/** Puts the sums of d², d³, d⁴ and |d| into `sums`, with d = value - mean. */
export function sumPowers(values: usize, count: i32, mean: f64, sums: usize): void {
  const means: v128 = f64x2.splat(mean);
  let second: v128 = f64x2.splat(0);
  let third: v128 = second;
  let fourth: v128 = second;
  let absolute: v128 = second;
  const end: usize = values + ((<usize>count) << 3);
  let p: usize = values;
  for (; p + 16 <= end; p += 16) {
    const d: v128 = f64x2.sub(v128.load(p), means);
    const square: v128 = f64x2.mul(d, d);
    second = f64x2.add(second, square);
    third = f64x2.add(third, f64x2.mul(square, d));
    fourth = f64x2.add(fourth, f64x2.mul(square, square));
    absolute = f64x2.add(absolute, f64x2.abs(d));
  }
  const d: f64 = p < end ? load<f64>(p) - mean : 0;
  store<f64>(sums, added(second) + d * d);
  store<f64>(sums, added(third) + d * d * d, 8);
  store<f64>(sums, added(fourth) + d * d * d * d, 16);
  store<f64>(sums, added(absolute) + abs(d), 24);
}

/** The mean absolute deviation from their mean of the values from `low` to `high`. */
export function robustDeviation(values: usize, count: i32, low: f64, high: f64): f64 {
  const lows: v128 = f64x2.splat(low);
  const highs: v128 = f64x2.splat(high);
  const one: v128 = f64x2.splat(1);
  const end: usize = values + ((<usize>count) << 3);
  const last: f64 = count & 1 ? load<f64>(end - 8) : 0;
  const isLast: bool = count & 1 ? last >= low && last <= high : false;
  let insideA: v128 = f64x2.splat(0);
  let insideB: v128 = insideA;
  let sumA: v128 = insideA;
  let sumB: v128 = insideA;
  for (let p: usize = values; p + 16 <= end; p += 32) {
    const first: v128 = v128.load(p);
    const isFirst: v128 = isBetween(first, lows, highs);
    insideA = f64x2.add(insideA, v128.and(isFirst, one));
    sumA = f64x2.add(sumA, v128.and(isFirst, first));
    if (p + 32 > end) break;
    const second: v128 = v128.load(p, 16);
    const isSecond: v128 = isBetween(second, lows, highs);
    insideB = f64x2.add(insideB, v128.and(isSecond, one));
    sumB = f64x2.add(sumB, v128.and(isSecond, second));
  }
  const inside: f64 = added(f64x2.add(insideA, insideB)) + (isLast ? 1 : 0);
  const mean: f64 = (added(f64x2.add(sumA, sumB)) + (isLast ? last : 0)) / inside;
  const means: v128 = f64x2.splat(mean);
  let absoluteA: v128 = f64x2.splat(0);
  let absoluteB: v128 = absoluteA;
  for (let p: usize = values; p + 16 <= end; p += 32) {
    absoluteA = f64x2.add(absoluteA, deviationBetween(v128.load(p), means, lows, highs));
    if (p + 32 > end) break;
    absoluteB = f64x2.add(absoluteB, deviationBetween(v128.load(p, 16), means, lows, highs));
  }
  return (added(f64x2.add(absoluteA, absoluteB)) + (isLast ? abs(last - mean) : 0)) / inside;
}

@inline
function isBetween(value: v128, low: v128, high: v128): v128 {
  return v128.and(f64x2.ge(value, low), f64x2.le(value, high));
}

@inline
function deviationBetween(value: v128, mean: v128, low: v128, high: v128): v128 {
  return v128.and(isBetween(value, low, high), f64x2.abs(f64x2.sub(value, mean)));
}

/** Adds 1 to the bucket (u32) of every value, floor((value - low) * scale). */
export function countBuckets(values: usize, count: i32, low: f64, scale: f64, buckets: usize): void {
  for (let p: usize = values; p < values + ((<usize>count) << 3); p += 8) {
    const at: usize = buckets + ((<usize>((load<f64>(p) - low) * scale)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Copies the values of the buckets whose `cursors` (u32, a byte address) are not 0 to them, which move on. */
export function gatherBuckets(values: usize, count: i32, low: f64, scale: f64, cursors: usize): void {
  for (let p: usize = values; p < values + ((<usize>count) << 3); p += 8) {
    const value: f64 = load<f64>(p);
    const at: usize = cursors + ((<usize>((value - low) * scale)) << 2);
    const to: usize = <usize>load<u32>(at);
    if (to === 0) continue;
    store<f64>(to, value);
    store<u32>(at, <u32>to + 8);
  }
}

@inline
function added(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}
