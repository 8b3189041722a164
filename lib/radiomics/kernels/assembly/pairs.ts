/**
 * Kernels of co-occurrence matrices. All pointers are byte addresses; `ranks` are u16 per voxel of a region's box, 0 outside
 * the region; `spans` are pairs of i32 [start, end). Tables are u32, side * side, [rank at p][rank at p + step]; their row
 * and column 0 collect the voxels outside, which is cheaper than asking. Counts are f64, n * n with n = side - 1.
 */

/** log2 of a number that the table of logarithms does not hold. */
@external("env", "log2")
declare function log2(x: f64): f64;

/** log2 of whole numbers below KNOWN_LOGARITHMS, f64, at address 0; that of 0 is given as 0. */
const KNOWN_LOGARITHMS: f64 = 65536;

/** Adds the pairs at one step to a table. */
export function countPairs(ranks: usize, spans: usize, spanCount: i32, step: i32, table: usize, side: i32): void {
  const by: isize = (<isize>step) << 1;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    for (; p < end; p += 2) count(table, <i32>load<u16>(p) * side, p + by);
  }
}

/** Adds the pairs at four steps (i32) to four tables, one behind the other: increments that follow each other are independent. */
export function countPairsOfFour(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  steps: usize,
  tables: usize,
  side: i32,
): void {
  const byA: isize = (<isize>load<i32>(steps)) << 1;
  const byB: isize = (<isize>load<i32>(steps, 4)) << 1;
  const byC: isize = (<isize>load<i32>(steps, 8)) << 1;
  const byD: isize = (<isize>load<i32>(steps, 12)) << 1;
  const bytes: usize = (<usize>(side * side)) << 2;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    for (; p < end; p += 2) {
      const row: i32 = <i32>load<u16>(p) * side;
      count(tables, row, p + byA);
      count(tables + bytes, row, p + byB);
      count(tables + 2 * bytes, row, p + byC);
      count(tables + 3 * bytes, row, p + byD);
    }
  }
}

/** The same of eight steps. */
export function countPairsOfEight(
  ranks: usize,
  spans: usize,
  spanCount: i32,
  steps: usize,
  tables: usize,
  side: i32,
): void {
  const byA: isize = (<isize>load<i32>(steps)) << 1;
  const byB: isize = (<isize>load<i32>(steps, 4)) << 1;
  const byC: isize = (<isize>load<i32>(steps, 8)) << 1;
  const byD: isize = (<isize>load<i32>(steps, 12)) << 1;
  const byE: isize = (<isize>load<i32>(steps, 16)) << 1;
  const byF: isize = (<isize>load<i32>(steps, 20)) << 1;
  const byG: isize = (<isize>load<i32>(steps, 24)) << 1;
  const byH: isize = (<isize>load<i32>(steps, 28)) << 1;
  const bytes: usize = (<usize>(side * side)) << 2;
  for (let s: i32 = 0; s < spanCount; s++) {
    let p: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3))) << 1);
    const end: usize = ranks + ((<usize>load<i32>(spans + ((<usize>s) << 3), 4)) << 1);
    for (; p < end; p += 2) {
      const row: i32 = <i32>load<u16>(p) * side;
      count(tables, row, p + byA);
      count(tables + bytes, row, p + byB);
      count(tables + 2 * bytes, row, p + byC);
      count(tables + 3 * bytes, row, p + byD);
      count(tables + 4 * bytes, row, p + byE);
      count(tables + 5 * bytes, row, p + byF);
      count(tables + 6 * bytes, row, p + byG);
      count(tables + 7 * bytes, row, p + byH);
    }
  }
}

@inline
function count(table: usize, row: i32, neighbour: usize): void {
  const at: usize = table + ((<usize>(row + <i32>load<u16>(neighbour))) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** A table without row and column 0 as counts; symmetric adds the transpose. */
export function collectPairs(table: usize, side: i32, symmetric: i32, counts: usize): void {
  const n: i32 = side - 1;
  for (let i: i32 = 1; i < side; i++) {
    for (let j: i32 = symmetric ? i : 1; j < side; j++) {
      let sum: u32 = load<u32>(table + ((<usize>(i * side + j)) << 2));
      if (symmetric) sum += load<u32>(table + ((<usize>(j * side + i)) << 2));
      store<f64>(counts + ((<usize>((i - 1) * n + j - 1)) << 3), <f64>sum);
      if (symmetric) store<f64>(counts + ((<usize>((j - 1) * n + i - 1)) << 3), <f64>sum);
    }
  }
}

/**
 * Sums over the counts, with i and j the level numbers (f64 each, ascending): rows and columns (n each), by i + j and by
 * |i - j| (f64, indexed by them, zeroed before), and in `sums` the f64 total, count * i * j, count squared, the largest count,
 * count * log2(count / total), and the number of cells above 0. Of a symmetric matrix only one half is looked at.
 */
export function describePairs(
  counts: usize,
  n: i32,
  symmetric: i32,
  levels: usize,
  rows: usize,
  columns: usize,
  bySum: usize,
  byDifference: usize,
  sums: usize,
): void {
  const total: f64 = sumOf(counts, n * n);
  const logTotal: f64 = logarithmOf(total);
  let products: f64 = 0;
  let squares: f64 = 0;
  let largest: f64 = 0;
  let logarithms: f64 = 0;
  let filled: f64 = 0;
  memory.fill(rows, 0, (<usize>n) << 3);
  memory.fill(columns, 0, (<usize>n) << 3);
  for (let i: i32 = 0; i < n; i++) {
    const levelI: f64 = load<f64>(levels + ((<usize>i) << 3));
    let all: f64 = 0;
    for (let j: i32 = symmetric ? i : 0; j < n; j++) {
      const count: f64 = load<f64>(counts + ((<usize>(i * n + j)) << 3));
      if (count === 0) continue;
      const levelJ: f64 = load<f64>(levels + ((<usize>j) << 3));
      const times: f64 = symmetric && j !== i ? 2 : 1;
      const share: f64 = times * count;
      all += count;
      add(columns + ((<usize>j) << 3), count);
      add(bySum + ((<usize>(levelI + levelJ)) << 3), share);
      add(byDifference + ((<usize>abs(levelI - levelJ)) << 3), share);
      products += share * levelI * levelJ;
      squares += share * count;
      largest = max(largest, count);
      logarithms += share * (logarithmOf(count) - logTotal);
      filled += times;
    }
    store<f64>(rows + ((<usize>i) << 3), all);
  }
  if (symmetric) completeMarginals(counts, n, rows, columns);
  store<f64>(sums, total);
  store<f64>(sums, products, 8);
  store<f64>(sums, squares, 16);
  store<f64>(sums, largest, 24);
  store<f64>(sums, logarithms, 32);
  store<f64>(sums, filled, 40);
}

function sumOf(values: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let p: usize = values; p < values + ((<usize>count) << 3); p += 8) sum += load<f64>(p);
  return sum;
}

/** Rows hold the sums from the diagonal on, columns those down to it, both with the diagonal. */
@inline
function completeMarginals(counts: usize, n: i32, rows: usize, columns: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const diagonal: f64 = load<f64>(counts + ((i * <usize>(n + 1)) << 3));
    const sum: f64 = load<f64>(rows + (i << 3)) + load<f64>(columns + (i << 3)) - diagonal;
    store<f64>(rows + (i << 3), sum);
    store<f64>(columns + (i << 3), sum);
  }
}

@inline
function add(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

@inline
function logarithmOf(count: f64): f64 {
  if (count < KNOWN_LOGARITHMS && trunc(count) === count) return load<f64>((<usize>count) << 3);
  return log2(count);
}

/** Above this, what epsilon changes is not proportional to it. */
const SMALL: f64 = 1e-5;

/**
 * Turns counts (n * n) in place into B(i, k) = p(i, k) / sqrt(px(i) py(k) + epsilon), with p the shares of the total; returns
 * the sum of p log(1 + epsilon / (px py)). `scratch` takes 2 n numbers.
 */
export function normalizePairs(
  counts: usize,
  rows: usize,
  columns: usize,
  total: f64,
  epsilon: f64,
  n: i32,
  scratch: usize,
): f64 {
  const byRow: usize = scratch;
  const byColumn: usize = scratch + ((<usize>n) << 3);
  const mostOfRow: f64 = invertRoots(rows, total, byRow, n);
  const mostOfColumn: f64 = invertRoots(columns, total, byColumn, n);
  const isSmall: bool = epsilon * mostOfRow * mostOfRow * mostOfColumn * mostOfColumn < SMALL;
  let sum: f64 = 0;
  let p: usize = counts;
  for (let i: usize = 0; i < <usize>n; i++) {
    const row: f64 = load<f64>(byRow + (i << 3));
    for (let k: usize = 0; k < <usize>n; k++, p += 8) {
      const count: f64 = load<f64>(p);
      if (count === 0) continue;
      const share: f64 = count / total;
      const root: f64 = row * load<f64>(byColumn + (k << 3));
      const relative: f64 = epsilon * root * root;
      if (isSmall) {
        store<f64>(p, share * root * (1 - 0.5 * relative));
        sum += share * relative;
      } else {
        store<f64>(p, (share * root) / sqrt(1 + relative));
        sum += share * relative * (1 - 0.5 * relative);
      }
    }
  }
  return sum;
}

/** sqrt(total / x), 0 for 0; returns the largest. */
@inline
function invertRoots(values: usize, total: f64, roots: usize, n: i32): f64 {
  let largest: f64 = 0;
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const value: f64 = load<f64>(values + p);
    const root: f64 = value > 0 ? sqrt(total / value) : 0;
    store<f64>(roots + p, root);
    largest = max(largest, root);
  }
  return largest;
}

/**
 * Where the search for the maximal correlation starts: `first`, the square root of each row's share of the total, which is
 * the eigenvector to leave out, and `start`, that times the level's distance from the mean level, close to the answer
 * for smooth textures, and a ripple (f64, n) that meets vectors that are even in the level.
 */
export function startCorrelation(
  levels: usize,
  rows: usize,
  total: f64,
  n: i32,
  ripple: usize,
  first: usize,
  start: usize,
): void {
  let mean: f64 = 0;
  let square: f64 = 0;
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const share: f64 = load<f64>(rows + p) / total;
    const level: f64 = load<f64>(levels + p);
    mean += level * share;
    square += level * level * share;
    store<f64>(first + p, sqrt(share));
  }
  const spread: f64 = sqrt(max(square - mean * mean, 1e-12));
  for (let p: usize = 0; p < (<usize>n) << 3; p += 8) {
    const distance: f64 = (load<f64>(levels + p) - mean) / spread;
    store<f64>(start + p, load<f64>(first + p) * distance + load<f64>(ripple + p));
  }
}
