/** Kernels of grey levels. All pointers are byte addresses. */

/**
 * The level (i32, from 1) of every value (f64): 1 more than the edges first + n * step, n from 1, at or below it, with the
 * edges as doubles round them. Returns the highest level. No value may be below `first`.
 */
export function digitise(values: usize, count: i32, first: f64, step: f64, levels: usize): i32 {
  let most: v128 = i32x4.splat(0);
  let p: usize = values;
  let to: usize = levels;
  for (const end: usize = values + ((<usize>(count & ~1)) << 3); p < end; p += 16, to += 8) {
    const found: v128 = levelsOfTwo(v128.load(p), first, step);
    most = i32x4.max_s(most, found);
    v128.store64_lane(to, found, 0);
  }
  if (count & 1) {
    const found: v128 = levelsOfTwo(v128.load64_splat(p), first, step);
    most = i32x4.max_s(most, found);
    store<i32>(to, i32x4.extract_lane(found, 0));
  }
  return max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
}

/** The quotient rounds, so that the edges around it decide. */
@inline
function levelsOfTwo(value: v128, first: f64, step: f64): v128 {
  const from: v128 = f64x2.splat(first);
  const width: v128 = f64x2.splat(step);
  const one: v128 = f64x2.splat(1);
  const level: v128 = f64x2.floor(f64x2.div(f64x2.sub(value, from), width));
  const isBelow: v128 = f64x2.lt(value, f64x2.add(from, f64x2.mul(level, width)));
  const next: v128 = f64x2.add(level, one);
  const isAbove: v128 = f64x2.ge(value, f64x2.add(from, f64x2.mul(next, width)));
  const mended: v128 = f64x2.add(f64x2.sub(next, v128.and(isBelow, one)), v128.and(isAbove, one));
  return i32x4.trunc_sat_f64x2_s_zero(mended);
}

/** Adds 1 to the voxels (u32) of every level (i32). */
export function countLevels(levels: usize, count: i32, voxels: usize): void {
  for (let p: usize = levels; p < levels + ((<usize>count) << 2); p += 4) {
    const at: usize = voxels + ((<usize>load<i32>(p)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Puts the rank (u16, by level) of each level, one after the other, into the spans (pairs of i32 [start, end)) of a box. */
export function placeRanks(levels: usize, ranks: usize, spans: usize, spanCount: i32, box: usize): void {
  let from: usize = levels;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = box + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = box + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    for (; p < end; p += 2, from += 4) store<u16>(p, load<u16>(ranks + ((<usize>load<i32>(from)) << 1)));
  }
}
