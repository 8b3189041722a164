/**
 * Counting kernels over a region's box. All pointers are byte addresses; `ranks` and `levels` are u16 per voxel of the box,
 * 0 outside the region; `spans` are pairs of i32 [start, end). A step is the distance of a neighbour in the box.
 */

/**
 * Adds 1 to [level * width + dependents] of a u32 table for every voxel, whose dependents are the neighbours at `steps` and
 * opposite ones that lie in the region and whose level differs by at most alpha.
 */
export function countDependents(
  levels: usize,
  spans: usize,
  spanCount: i32,
  steps: usize,
  stepCount: i32,
  alpha: i32,
  table: usize,
  width: i32,
): void {
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = levels + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = levels + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    for (let p: usize = start; p < end; p += 16) {
      const count: v128 = alpha === 0 ? equalAround(p, steps, stepCount) : closeAround(p, steps, stepCount, alpha);
      const row: i32 = width << 2;
      const left: i32 = <i32>((end - p) >> 1);
      countDependence(table, row, load<u16>(p), i16x8.extract_lane_u(count, 0));
      if (left > 1) countDependence(table, row, load<u16>(p, 2), i16x8.extract_lane_u(count, 1));
      if (left > 2) countDependence(table, row, load<u16>(p, 4), i16x8.extract_lane_u(count, 2));
      if (left > 3) countDependence(table, row, load<u16>(p, 6), i16x8.extract_lane_u(count, 3));
      if (left > 4) countDependence(table, row, load<u16>(p, 8), i16x8.extract_lane_u(count, 4));
      if (left > 5) countDependence(table, row, load<u16>(p, 10), i16x8.extract_lane_u(count, 5));
      if (left > 6) countDependence(table, row, load<u16>(p, 12), i16x8.extract_lane_u(count, 6));
      if (left > 7) countDependence(table, row, load<u16>(p, 14), i16x8.extract_lane_u(count, 7));
    }
  }
}

@inline
function equalAround(p: usize, steps: usize, stepCount: i32): v128 {
  const here: v128 = v128.load(p);
  let count: v128 = i16x8.splat(0);
  for (let n: i32 = 0; n < stepCount; n++) {
    const by: isize = (<isize>load<i32>(steps + ((<usize>n) << 2))) << 1;
    count = i16x8.sub(count, i16x8.add(i16x8.eq(here, v128.load(p + by)), i16x8.eq(here, v128.load(p - by))));
  }
  return count;
}

@inline
function closeAround(p: usize, steps: usize, stepCount: i32, alpha: i32): v128 {
  const here: v128 = v128.load(p);
  const limit: v128 = i16x8.splat(<i16>alpha);
  let count: v128 = i16x8.splat(0);
  for (let n: i32 = 0; n < stepCount; n++) {
    const by: isize = (<isize>load<i32>(steps + ((<usize>n) << 2))) << 1;
    count = i16x8.sub(count, i16x8.add(isClose(here, v128.load(p + by), limit), isClose(here, v128.load(p - by), limit)));
  }
  return count;
}

@inline
function isClose(here: v128, there: v128, limit: v128): v128 {
  return v128.and(i16x8.le_s(i16x8.abs(i16x8.sub(here, there)), limit), i16x8.ne(there, i16x8.splat(0)));
}

@inline
function countDependence(table: usize, rowBytes: i32, level: i32, count: i32): void {
  const at: usize = table + <usize>(level * rowBytes) + ((<usize>count) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Steps below it reach into the vector that is being written. */
const LANES: i32 = 8;

/**
 * Adds 1 to [rank * width + length] of a u32 table for every run of two or more equal ranks along a forward step. Each voxel's
 * place in its run follows from that of the voxel a step before, kept in `lengths` (u16 per voxel of the box, undefined
 * before); where a run ends it is its length. Returns the greatest length, at least 1.
 */
export function countRuns(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  step: i32,
  lengths: usize,
  table: usize,
  width: i32,
): i32 {
  const by: usize = (<usize>step) << 1;
  let longest: i32 = 1;
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = (<usize>load<i32>(spans + ((<usize>s) << 3))) << 1;
    const end: usize = (<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1;
    if (step < LANES) {
      longest = max(longest, measureOneByOne(ranks, start, end, by, lengths, table, width));
      continue;
    }
    for (let p: usize = start; p < end; p += 32) {
      const first: v128 = measureEight(ranks + p, by, lengths + p);
      const second: v128 = measureEight(ranks + p + 16, by, lengths + p + 16);
      let ends: i32 = i8x16.bitmask(i8x16.narrow_i16x8_s(first, second));
      if (end - p < 32) ends &= (1 << (<i32>(end - p) >> 1)) - 1;
      for (; ends !== 0; ends &= ends - 1) {
        const last: usize = p + ((<usize>ctz(ends)) << 1);
        const length: i32 = <i32>load<u16>(lengths + last);
        longest = max(longest, length);
        countRun(table, <i32>load<u16>(ranks + last) * width + length);
      }
    }
  }
  return longest;
}

/** Writes the places of eight voxels in their runs; the lanes are -1 where a run of two or more ends. */
@inline
function measureEight(at: usize, by: usize, lengths: usize): v128 {
  const here: v128 = v128.load(at);
  const joined: v128 = i16x8.eq(here, v128.load(at - by));
  const length: v128 = i16x8.sub(v128.and(v128.load(lengths - by), joined), i16x8.splat(-1));
  v128.store(lengths, length);
  return v128.andnot(joined, i16x8.eq(here, v128.load(at + by)));
}

function measureOneByOne(
  ranks: usize,
  start: usize,
  end: usize,
  by: usize,
  lengths: usize,
  table: usize,
  width: i32,
): i32 {
  let longest: i32 = 1;
  for (let p: usize = start; p < end; p += 2) {
    const rank: i32 = <i32>load<u16>(ranks + p);
    const length: i32 = <i32>load<u16>(ranks + p - by) === rank ? <i32>load<u16>(lengths + p - by) + 1 : 1;
    store<u16>(lengths + p, <u16>length);
    if (length === 1 || <i32>load<u16>(ranks + p + by) === rank) continue;
    longest = max(longest, length);
    countRun(table, rank * width + length);
  }
  return longest;
}

@inline
function countRun(table: usize, cell: i32): void {
  const at: usize = table + ((<usize>cell) << 2);
  store<u32>(at, load<u32>(at) + 1);
}
