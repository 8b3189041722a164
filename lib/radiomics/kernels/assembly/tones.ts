/** Kernels of neighbourhood sums; arrays as in texture.ts. */

/** The level number (u16) of every voxel of the box from its rank; `numbers` are u16 by rank, with 0 for rank 0. */
export function numberLevels(ranks: usize, numbers: usize, count: i32, levels: usize): void {
  for (let p: usize = 0; p < (<usize>count) << 1; p += 2) {
    store<u16>(levels + p, load<u16>(numbers + ((<usize>load<u16>(ranks + p)) << 1)));
  }
}

/**
 * Adds |level - mean level of the neighbours in the region| to `differences` (f64 by level number) for every voxel; those
 * without neighbours count in `isolated` (f64) instead. Neighbours lie at `steps` and opposite; levels are below 2^15, so
 * that two of them fit into 16 bits.
 */
export function addToneDifferences(
  levels: usize,
  spans: usize,
  spanCount: i32,
  steps: usize,
  stepCount: i32,
  differences: usize,
  isolated: usize,
): void {
  const zero: v128 = i16x8.splat(0);
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = levels + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = levels + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    for (let p: usize = start; p < end; p += 16) {
      let low: v128 = zero;
      let high: v128 = zero;
      let outside: v128 = zero;
      for (let n: i32 = 0; n < stepCount; n++) {
        const by: isize = (<isize>load<i32>(steps + ((<usize>n) << 2))) << 1;
        const after: v128 = v128.load(p + by);
        const before: v128 = v128.load(p - by);
        const both: v128 = i16x8.add(after, before);
        low = i32x4.add(low, i32x4.extend_low_i16x8_u(both));
        high = i32x4.add(high, i32x4.extend_high_i16x8_u(both));
        outside = i16x8.add(outside, i16x8.add(i16x8.eq(after, zero), i16x8.eq(before, zero)));
      }
      const near: v128 = i16x8.add(outside, i16x8.splat(<i16>(2 * stepCount)));
      const left: i32 = <i32>((end - p) >> 1);
      addFour(p, low, i32x4.extend_low_i16x8_u(near), left, differences, isolated);
      if (left > 4) addFour(p + 8, high, i32x4.extend_high_i16x8_u(near), left - 4, differences, isolated);
    }
  }
}

@inline
function addFour(p: usize, tones: v128, near: v128, left: i32, differences: usize, isolated: usize): void {
  const here: v128 = v128.load32_zero(p);
  const next: v128 = v128.load32_zero(p, 4);
  const first: v128 = difference(here, tones, near);
  const upper: v128 = i8x16.shuffle(tones, tones, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0);
  const nearUpper: v128 = i8x16.shuffle(near, near, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0);
  const second: v128 = difference(next, upper, nearUpper);
  addOne(load<u16>(p), f64x2.extract_lane(first, 0), i32x4.extract_lane(near, 0), differences, isolated);
  if (left > 1) addOne(load<u16>(p, 2), f64x2.extract_lane(first, 1), i32x4.extract_lane(near, 1), differences, isolated);
  if (left > 2) addOne(load<u16>(p, 4), f64x2.extract_lane(second, 0), i32x4.extract_lane(near, 2), differences, isolated);
  if (left > 3) addOne(load<u16>(p, 6), f64x2.extract_lane(second, 1), i32x4.extract_lane(near, 3), differences, isolated);
}

/** Of two voxels: levels as u16, sums and counts of neighbours as i32. */
@inline
function difference(levels: v128, tones: v128, near: v128): v128 {
  const level: v128 = f64x2.convert_low_i32x4_u(i32x4.extend_low_i16x8_u(levels));
  const mean: v128 = f64x2.div(f64x2.convert_low_i32x4_u(tones), f64x2.convert_low_i32x4_u(near));
  return f64x2.abs(f64x2.sub(level, mean));
}

@inline
function addOne(level: i32, difference: f64, near: i32, differences: usize, isolated: usize): void {
  const to: usize = (near === 0 ? isolated : differences) + ((<usize>level) << 3);
  store<f64>(to, load<f64>(to) + (near === 0 ? 1 : difference));
}
