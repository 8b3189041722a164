/**
 * Counting kernels over a region's box. All pointers are byte addresses; `ranks` and `levels` are u16 per voxel of the box,
 * 0 outside the region; `spans` are pairs of i32 [start, end). A step is the distance of a neighbour in the box.
 */

/** Adds pairs (rank at p, rank at p + step) to u32 counters in `banks` (1, 2 or 4) tables of side * side each. */
export function countPairs(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  step: i32,
  table: usize,
  side: i32,
  banks: i32,
): void {
  const bankBytes: usize = banks > 1 ? <usize>(side * side) << 2 : 0;
  const table1: usize = table + bankBytes;
  const table2: usize = banks > 2 ? table1 + bankBytes : table;
  const table3: usize = banks > 2 ? table2 + bankBytes : table1;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    const by: isize = (<isize>step) << 1;
    for (; p + 6 < end; p += 8) {
      const q: usize = p + by;
      const a: usize = table + ((<usize>(<i32>load<u16>(p) * side + <i32>load<u16>(q))) << 2);
      store<u32>(a, load<u32>(a) + 1);
      const b: usize = table1 + ((<usize>(<i32>load<u16>(p, 2) * side + <i32>load<u16>(q, 2))) << 2);
      store<u32>(b, load<u32>(b) + 1);
      const c: usize = table2 + ((<usize>(<i32>load<u16>(p, 4) * side + <i32>load<u16>(q, 4))) << 2);
      store<u32>(c, load<u32>(c) + 1);
      const d: usize = table3 + ((<usize>(<i32>load<u16>(p, 6) * side + <i32>load<u16>(q, 6))) << 2);
      store<u32>(d, load<u32>(d) + 1);
    }
    for (; p < end; p += 2) {
      const a: usize = table + ((<usize>(<i32>load<u16>(p) * side + <i32>load<u16>(p + by))) << 2);
      store<u32>(a, load<u32>(a) + 1);
    }
  }
}

/** Sums the banks into counts (f64, n * n, n = side - 1), without row and column 0; symmetric adds the transpose. */
export function collectPairs(table: usize, side: i32, banks: i32, symmetric: i32, counts: usize): void {
  const n: i32 = side - 1;
  for (let i: i32 = 1; i < side; i++) {
    for (let j: i32 = 1; j < side; j++) {
      let sum: u32 = pairsIn(table, side, banks, i, j);
      if (symmetric) sum += pairsIn(table, side, banks, j, i);
      store<f64>(counts + ((<usize>((i - 1) * n + j - 1)) << 3), <f64>sum);
    }
  }
}

@inline
function pairsIn(table: usize, side: i32, banks: i32, i: i32, j: i32): u32 {
  let sum: u32 = 0;
  for (let bank: i32 = 0; bank < banks; bank++) {
    sum += load<u32>(table + ((<usize>((bank * side + i) * side + j)) << 2));
  }
  return sum;
}

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

/** Eight voxels at a time. */
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
  const zero: v128 = i16x8.splat(0);
  const widths: v128 = i16x8.splat(<i16>width);
  const second: usize = table + ((<usize>cells) << 2);
  for (let p: usize = start; p < end; p += 16) {
    const here: v128 = v128.load(ranks + p);
    const before: v128 = i16x8.eq(here, v128.load(ranks + p - by));
    const length: v128 = i16x8.add(v128.and(v128.load(lengths + p - by), before), one);
    v128.store(lengths + p, length);
    const goesOn: v128 = v128.or(i16x8.eq(here, v128.load(ranks + p + by)), i16x8.eq(here, zero));
    let ends: i32 = i16x8.bitmask(v128.not(goesOn));
    if (p + 16 > end) ends &= (1 << (<i32>((end - p) >> 1))) - 1;
    const cell: v128 = i16x8.add(i16x8.mul(here, widths), length);
    if (ends === 255) {
      increment(table, i16x8.extract_lane_u(cell, 0));
      increment(second, i16x8.extract_lane_u(cell, 1));
      increment(table, i16x8.extract_lane_u(cell, 2));
      increment(second, i16x8.extract_lane_u(cell, 3));
      increment(table, i16x8.extract_lane_u(cell, 4));
      increment(second, i16x8.extract_lane_u(cell, 5));
      increment(table, i16x8.extract_lane_u(cell, 6));
      increment(second, i16x8.extract_lane_u(cell, 7));
      continue;
    }
    if (ends & 1) increment(table, i16x8.extract_lane_u(cell, 0));
    if (ends & 2) increment(second, i16x8.extract_lane_u(cell, 1));
    if (ends & 4) increment(table, i16x8.extract_lane_u(cell, 2));
    if (ends & 8) increment(second, i16x8.extract_lane_u(cell, 3));
    if (ends & 16) increment(table, i16x8.extract_lane_u(cell, 4));
    if (ends & 32) increment(second, i16x8.extract_lane_u(cell, 5));
    if (ends & 64) increment(table, i16x8.extract_lane_u(cell, 6));
    if (ends & 128) increment(second, i16x8.extract_lane_u(cell, 7));
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

/** Sums of i32 over 2 reach + 1 voxels along an axis; the first and last reach * stride results are left alone. */
export function sumAlongAxis(values: usize, sums: usize, count: i32, stride: i32, reach: i32): void {
  const first: i32 = reach * stride;
  const last: i32 = count - first;
  let p: i32 = first;
  for (; p + 4 <= last; p += 4) {
    const at: usize = values + ((<usize>p) << 2);
    let sum: v128 = v128.load(at);
    for (let t: i32 = stride; t <= first; t += stride) {
      const by: usize = (<usize>t) << 2;
      sum = i32x4.add(sum, i32x4.add(v128.load(at - by), v128.load(at + by)));
    }
    v128.store(sums + ((<usize>p) << 2), sum);
  }
  for (; p < last; p++) {
    const at: usize = values + ((<usize>p) << 2);
    let sum: i32 = load<i32>(at);
    for (let t: i32 = stride; t <= first; t += stride) {
      sum += load<i32>(at - ((<usize>t) << 2)) + load<i32>(at + ((<usize>t) << 2));
    }
    store<i32>(sums + ((<usize>p) << 2), sum);
  }
}

/**
 * Labels connected voxels of equal rank by union-find in raster order. `parents` (i32 per voxel) receives the voxel that each
 * one hangs from; roots, which hang from themselves, are the first voxels of their zones. nx and area are the strides of
 * j and k; `flat` is the axis that links do not follow, or -1.
 */
export function linkZones(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  nx: i32,
  area: i32,
  flat: i32,
  parents: usize,
): void {
  for (let s: i32 = 0; s < spanCount; s++) {
    const start: i32 = load<i32>(spans + ((<usize>s) << 3));
    const end: i32 = load<i32>(spans + ((<usize>s) << 3), 4);
    for (let p: i32 = start; p < end; p++) {
      store<i32>(parents + ((<usize>p) << 2), p);
      const rank: u16 = rankAt(ranks, p);
      if (flat < 0) linkToBefore3D(ranks, parents, p, rank, nx, area);
      else linkToBefore2D(ranks, parents, p, rank, flat == 0 ? nx : 1, flat == 2 ? nx : area);
    }
  }
}

/**
 * The voxel below (k - 1) touches all other earlier neighbours, so one link to it is enough; likewise the voxel above
 * (j - 1) touches those of its own plane.
 */
@inline
function linkToBefore3D(ranks: usize, parents: usize, p: i32, rank: u16, nx: i32, area: i32): void {
  const below: i32 = p - area;
  if (rankAt(ranks, below) == rank) {
    unite(parents, p, below);
    return;
  }
  linkIfEqual(ranks, parents, p, rank, below - nx - 1);
  linkIfEqual(ranks, parents, p, rank, below - nx);
  linkIfEqual(ranks, parents, p, rank, below - nx + 1);
  linkIfEqual(ranks, parents, p, rank, below - 1);
  linkIfEqual(ranks, parents, p, rank, below + 1);
  linkIfEqual(ranks, parents, p, rank, below + nx - 1);
  linkIfEqual(ranks, parents, p, rank, below + nx);
  linkIfEqual(ranks, parents, p, rank, below + nx + 1);
  linkToBefore2D(ranks, parents, p, rank, 1, nx);
}

/** Within a plane whose strides are `along` and `across`. */
@inline
function linkToBefore2D(ranks: usize, parents: usize, p: i32, rank: u16, along: i32, across: i32): void {
  const above: i32 = p - across;
  if (rankAt(ranks, above) == rank) {
    unite(parents, p, above);
    return;
  }
  linkIfEqual(ranks, parents, p, rank, above - along);
  linkIfEqual(ranks, parents, p, rank, above + along);
  linkIfEqual(ranks, parents, p, rank, p - along);
}

@inline
function linkIfEqual(ranks: usize, parents: usize, p: i32, rank: u16, q: i32): void {
  if (rankAt(ranks, q) == rank) unite(parents, p, q);
}

@inline
function rankAt(ranks: usize, p: i32): u16 {
  return load<u16>(ranks + ((<usize>p) << 1));
}

/** The earlier root becomes the root of both. */
function unite(parents: usize, a: i32, b: i32): void {
  const rootA: i32 = rootOf(parents, a);
  const rootB: i32 = rootOf(parents, b);
  if (rootA < rootB) store<i32>(parents + ((<usize>rootB) << 2), rootA);
  else store<i32>(parents + ((<usize>rootA) << 2), rootB);
}

/** Halves the path on the way. */
function rootOf(parents: usize, from: i32): i32 {
  let p: i32 = from;
  let parent: i32 = load<i32>(parents + ((<usize>p) << 2));
  while (parent != p) {
    const grand: i32 = load<i32>(parents + ((<usize>parent) << 2));
    store<i32>(parents + ((<usize>p) << 2), grand);
    p = grand;
    parent = load<i32>(parents + ((<usize>p) << 2));
  }
  return p;
}
