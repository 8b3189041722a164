import { AXES, DATA, HALF_SLICE, LAST_SLICE, LOOKUP, LOOKUP_LENGTH, LOOKUP_STEP, SIZE_I, SIZE_J, SIZE_K, SLICES, WINDOW_COLUMNS, WINDOW_I, WINDOW_J, WINDOW_K, WINDOW_ROWS } from './block';

/** A point this near outside, in voxels or mm, counts as on the grid: rounding of decimal strings. */
export const EDGE: f64 = 1e-3;

/** The slice whose cell holds a distance along k; the first or last cell outside. */
@inline
export function sliceBelow(block: usize, q: f64): i32 {
  if (!(q > 0)) return 0;
  const lookup: usize = <usize>load<f64>(block, LOOKUP);
  const slices: usize = <usize>load<f64>(block, SLICES);
  const last: i32 = <i32>load<f64>(block, SIZE_K) - 2;
  const step: f64 = Math.min(Math.floor(q / load<f64>(block, LOOKUP_STEP)), load<f64>(block, LOOKUP_LENGTH) - 1);
  let k: i32 = load<i32>(lookup + ((<usize>step) << 2));
  while (k < last && load<f64>(slices + ((<usize>(k + 1)) << 3)) <= q) k++;
  return k;
}

/** Where the window has dose point (i, j, k). */
@inline
export function addressOf(block: usize, i: i32, j: i32, k: i32): usize {
  const columns: i32 = <i32>load<f64>(block, WINDOW_COLUMNS);
  const rows: i32 = <i32>load<f64>(block, WINDOW_ROWS);
  const row: i32 = (k - <i32>load<f64>(block, WINDOW_K)) * rows + (j - <i32>load<f64>(block, WINDOW_J));
  const n: i32 = row * columns + (i - <i32>load<f64>(block, WINDOW_I));
  return <usize>load<f64>(block, DATA) + ((<usize>n) << 3);
}

/** Bytes from a dose point to the next along i, j and k; 0 where there is only one. */
@inline
export function strideI(block: usize): usize {
  return load<f64>(block, SIZE_I) > 1 ? 8 : 0;
}

@inline
export function strideJ(block: usize): usize {
  return load<f64>(block, SIZE_J) > 1 ? (<usize>load<f64>(block, WINDOW_COLUMNS)) << 3 : 0;
}

@inline
export function strideK(block: usize): usize {
  const area: f64 = load<f64>(block, WINDOW_COLUMNS) * load<f64>(block, WINDOW_ROWS);
  return load<f64>(block, SIZE_K) > 1 ? (<usize>area) << 3 : 0;
}

/** Trilinear dose at a point; NaN outside the grid. The same steps as `doseAt` of dose-sampler.ts. */
export function doseAt(block: usize, u: f64, v: f64, w: f64): f64 {
  const i: f64 = load<f64>(block, AXES) + load<f64>(block, AXES + 8) * u + load<f64>(block, AXES + 16) * v + load<f64>(block, AXES + 24) * w;
  const j: f64 = load<f64>(block, AXES + 32) + load<f64>(block, AXES + 40) * u + load<f64>(block, AXES + 48) * v + load<f64>(block, AXES + 56) * w;
  const q: f64 = load<f64>(block, AXES + 64) + load<f64>(block, AXES + 72) * u + load<f64>(block, AXES + 80) * v + load<f64>(block, AXES + 88) * w;
  const half: f64 = load<f64>(block, HALF_SLICE);
  const columns: f64 = load<f64>(block, SIZE_I);
  const rows: f64 = load<f64>(block, SIZE_J);
  if (!(i >= -EDGE && i <= columns - 1 + EDGE && j >= -EDGE && j <= rows - 1 + EDGE)) return NaN;
  if (!(q >= -EDGE - half && q <= load<f64>(block, LAST_SLICE) + EDGE + half)) return NaN;
  const i0: f64 = Math.min(Math.max(Math.floor(i), 0), Math.max(columns - 2, 0));
  const j0: f64 = Math.min(Math.max(Math.floor(j), 0), Math.max(rows - 2, 0));
  const k0: i32 = sliceBelow(block, q);
  const a: f64 = i - i0;
  const b: f64 = j - j0;
  const di: usize = strideI(block);
  const dj: usize = strideJ(block);
  const dk: usize = strideK(block);
  const slice: usize = <usize>load<f64>(block, SLICES) + ((<usize>k0) << 3);
  const c: f64 = dk > 0 ? (q - load<f64>(slice)) / (load<f64>(slice, 8) - load<f64>(slice)) : 0;
  const n: usize = addressOf(block, <i32>i0, <i32>j0, k0);
  const d00: f64 = load<f64>(n) + a * (load<f64>(n + di) - load<f64>(n));
  const d10: f64 = load<f64>(n + dj) + a * (load<f64>(n + dj + di) - load<f64>(n + dj));
  const d01: f64 = load<f64>(n + dk) + a * (load<f64>(n + dk + di) - load<f64>(n + dk));
  const d11: f64 = load<f64>(n + dk + dj) + a * (load<f64>(n + dk + dj + di) - load<f64>(n + dk + dj));
  const d0: f64 = d00 + b * (d10 - d00);
  return d0 + c * (d01 + b * (d11 - d01) - d0);
}
