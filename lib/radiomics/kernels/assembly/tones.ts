/** Kernels of neighbourhood sums; arrays as in texture.ts. */

/** The level number (u16) of every voxel of the box from its rank; `numbers` are u16 by rank, with 0 for rank 0. */
export function numberLevels(ranks: usize, numbers: usize, count: i32, levels: usize): void {
  for (let p: usize = 0; p < (<usize>count) << 1; p += 2) {
    store<u16>(levels + p, load<u16>(numbers + ((<usize>load<u16>(ranks + p)) << 1)));
  }
}

/**
 * Puts at every voxel of the spans the sum over the box of voxels around it, `rx`, `ry` and `rz` on every side, into `sums`
 * (u16). What is summed is (number >> shift) & mask, and sums stay below 2^16. Reads `numbers` (u16 per voxel of the box) as
 * one long row: the margin, 0, keeps lines apart. Scratch are `rows` and `planes`, of the same size.
 */
export function sumAround(
  numbers: usize,
  spans: usize,
  spanCount: i32,
  nx: i32,
  area: i32,
  rx: i32,
  ry: i32,
  rz: i32,
  shift: i32,
  mask: i32,
  rows: usize,
  planes: usize,
  sums: usize,
): void {
  const masks: v128 = i16x8.splat(<i16>mask);
  const row: usize = (<usize>nx) << 1;
  const plane: usize = (<usize>area) << 1;
  const first: usize = (<usize>load<i32>(spans)) << 1;
  const last: usize = (<usize>load<i32>(spans + ((<usize>(spanCount - 1)) << 3), 4)) << 1;
  const alongRow: usize = (<usize>rx) << 1;
  const overRows: usize = <usize>ry * row;
  const overPlanes: usize = <usize>rz * plane;
  for (let p: usize = first - overRows - overPlanes; p < last + overRows + overPlanes; p += 16) {
    let sum: v128 = i16x8.splat(0);
    for (let from: usize = numbers + p - alongRow; from <= numbers + p + alongRow; from += 2) {
      sum = i16x8.add(sum, v128.and(i16x8.shr_u(v128.load(from), shift), masks));
    }
    v128.store(rows + p, sum);
  }
  for (let p: usize = first - overPlanes; p < last + overPlanes; p += 16) {
    v128.store(planes + p, sumOfEight(rows + p, overRows, row));
  }
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = (<usize>load<i32>(spans + ((<usize>s) << 3))) << 1;
    const end: usize = (<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1;
    for (let p: usize = start; p < end; p += 16) {
      v128.store(sums + p, sumOfEight(planes + p, overPlanes, plane));
    }
  }
}

/** Of eight numbers and those that lie up to `reach` bytes away on both sides in steps. */
@inline
function sumOfEight(at: usize, reach: usize, step: usize): v128 {
  let sum: v128 = i16x8.splat(0);
  for (let from: usize = at - reach; from <= at + reach; from += step) sum = i16x8.add(sum, v128.load(from));
  return sum;
}

/**
 * Adds |level - mean level of the neighbours in the region| to `differences` (f64 by level number) for every voxel; those
 * without neighbours count in `isolated` (f64) instead. `near` (u16) says how many neighbours there are; the sum of their
 * levels is that of `terms`, pairs of i32: the byte address of numbers (u16) and what they are multiplied by.
 */
export function addToneDifferences(
  levels: usize,
  near: usize,
  spans: usize,
  spanCount: i32,
  terms: usize,
  termCount: i32,
  differences: usize,
  isolated: usize,
): void {
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = (<usize>load<i32>(spans + ((<usize>s) << 3))) << 1;
    const end: usize = (<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1;
    for (let p: usize = start; p < end; p += 16) {
      let low: v128 = i32x4.splat(0);
      let high: v128 = low;
      for (let n: i32 = 0; n < termCount; n++) {
        const numbers: v128 = v128.load(<usize>load<i32>(terms + ((<usize>n) << 3)) + p);
        const factor: v128 = v128.load32_splat(terms + ((<usize>n) << 3), 4);
        low = i32x4.add(low, i32x4.mul(factor, i32x4.extend_low_i16x8_u(numbers)));
        high = i32x4.add(high, i32x4.mul(factor, i32x4.extend_high_i16x8_u(numbers)));
      }
      const neighbours: v128 = v128.load(near + p);
      const left: i32 = <i32>((end - p) >> 1);
      addFour(levels + p, low, i32x4.extend_low_i16x8_u(neighbours), left, differences, isolated);
      if (left <= 4) continue;
      addFour(levels + p + 8, high, i32x4.extend_high_i16x8_u(neighbours), left - 4, differences, isolated);
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
