/**
 * Counting kernels over a region's box. All pointers are byte addresses; `ranks` and `levels` are u16 per voxel of the box,
 * 0 outside the region; `spans` are pairs of i32 [start, end). A step is the distance of a neighbour in the box.
 */

/** Per voxel, the neighbours at `steps` (both signs listed) in the region whose level differs by at most alpha, as u16. */
export function countDependents(
  levels: usize,
  spans: usize,
  spanCount: i32,
  steps: usize,
  stepCount: i32,
  alpha: i32,
  dependents: usize,
): void {
  const limit: v128 = i16x8.splat(<i16>alpha);
  const zero: v128 = i16x8.splat(0);
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = (<usize>load<i32>(spans + ((<usize>s) << 3))) << 1;
    const end: usize = (<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1;
    for (let p: usize = start; p < end; p += 16) {
      const here: v128 = v128.load(levels + p);
      let count: v128 = zero;
      if (alpha == 0) {
        for (let n: i32 = 0; n < stepCount; n++) {
          const there: v128 = v128.load(levels + p + ((<isize>load<i32>(steps + ((<usize>n) << 2))) << 1));
          count = i16x8.sub(count, i16x8.eq(here, there));
        }
      } else {
        for (let n: i32 = 0; n < stepCount; n++) {
          const there: v128 = v128.load(levels + p + ((<isize>load<i32>(steps + ((<usize>n) << 2))) << 1));
          const close: v128 = i16x8.le_s(i16x8.abs(i16x8.sub(here, there)), limit);
          count = i16x8.sub(count, v128.and(close, i16x8.ne(there, zero)));
        }
      }
      v128.store(dependents + p, count);
    }
  }
}

/**
 * Runs of equal rank along a forward step: adds 1 to [rank * width + length] of one of two u32 tables of `cells` each, which
 * belong together. `lengths` is scratch, u16 per voxel. Vectors serve steps of 8 voxels and more, and up to 65536 cells.
 */
export function countRuns(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  step: i32,
  lengths: usize,
  table: usize,
  width: i32,
  cells: i32,
): void {
  const isWide: bool = step >= 8 && cells <= 65536;
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: usize = (<usize>load<i32>(spans + ((<usize>s) << 3))) << 1;
    const end: usize = (<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1;
    if (isWide) countSpanRunsWide(ranks, start, end, step, lengths, table, width, cells);
    else countSpanRuns(ranks, start, end, step, lengths, table, width);
  }
}

/**
 * Eight voxels at a time and without branches: a voxel that its run goes on from, or that lies beyond the span, counts in a
 * cell of rank 0, which nobody reads.
 */
@inline
function countSpanRunsWide(
  ranks: usize,
  start: usize,
  end: usize,
  step: i32,
  lengths: usize,
  table: usize,
  width: i32,
  cells: i32,
): void {
  const by: usize = (<usize>step) << 1;
  const one: v128 = i16x8.splat(1);
  const lanes: v128 = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  const unread: v128 = i16x8(0, 0, 1, 1, 2, 2, 3, 3);
  const widths: v128 = i16x8.splat(<i16>width);
  const second: usize = table + ((<usize>cells) << 2);
  for (let p: usize = start; p < end; p += 16) {
    const here: v128 = v128.load(ranks + p);
    const before: v128 = i16x8.eq(here, v128.load(ranks + p - by));
    const length: v128 = i16x8.add(v128.and(v128.load(lengths + p - by), before), one);
    v128.store(lengths + p, length);
    const left: i32 = min(<i32>((end - p) >> 1), 8);
    const isInSpan: v128 = i16x8.lt_s(lanes, i16x8.splat(<i16>left));
    const isEnd: v128 = v128.andnot(isInSpan, i16x8.eq(here, v128.load(ranks + p + by)));
    const cell: v128 = v128.bitselect(i16x8.add(i16x8.mul(here, widths), length), unread, isEnd);
    increment(table, i16x8.extract_lane_u(cell, 0));
    increment(second, i16x8.extract_lane_u(cell, 1));
    increment(table, i16x8.extract_lane_u(cell, 2));
    increment(second, i16x8.extract_lane_u(cell, 3));
    increment(table, i16x8.extract_lane_u(cell, 4));
    increment(second, i16x8.extract_lane_u(cell, 5));
    increment(table, i16x8.extract_lane_u(cell, 6));
    increment(second, i16x8.extract_lane_u(cell, 7));
  }
}

@inline
function countSpanRuns(
  ranks: usize,
  start: usize,
  end: usize,
  step: i32,
  lengths: usize,
  table: usize,
  width: i32,
): void {
  const by: usize = (<usize>step) << 1;
  for (let p: usize = start; p < end; p += 2) {
    const rank: i32 = <i32>load<u16>(ranks + p);
    const length: i32 = <i32>load<u16>(ranks + p - by) === rank ? <i32>load<u16>(lengths + p - by) + 1 : 1;
    store<u16>(lengths + p, <u16>length);
    if (<i32>load<u16>(ranks + p + by) !== rank) increment(table, rank * width + length);
  }
}

@inline
function increment(table: usize, cell: i32): void {
  const at: usize = table + ((<usize>cell) << 2);
  store<u32>(at, load<u32>(at) + 1);
}
