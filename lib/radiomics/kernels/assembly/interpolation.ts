/**
 * One row of cubic B-spline samples, four at a time. Per sample i: offsets x[4 i + a] (i32) into a row of coefficients and
 * weights wx[4 i + a] (f64); the 16 rows (b, c) start at rows[4 c + b] (i32) with weights wy[b] and wz[c]. Offsets are in
 * numbers. The product (wx wy) wz and the order of the sum, a fastest, are ITK's. `count` is a multiple of 4, the arrays
 * are long enough for it. `planes` is scratch for 64 doubles.
 */
export function sampleCubicRow(
  coefficients: usize,
  x: usize,
  wx: usize,
  rows: usize,
  wy: usize,
  wz: usize,
  count: i32,
  planes: usize,
  out: usize,
): void {
  for (let i: i32 = 0; i < count; i += 4) {
    const xs: usize = x + ((<usize>i) << 4);
    const ws: usize = wx + ((<usize>i) << 5);
    for (let b: usize = 0; b < 4; b++) {
      const w: f64 = load<f64>(wy + (b << 3));
      for (let a: usize = 0; a < 4; a++) {
        const to: usize = planes + (((b << 2) + a) << 5);
        for (let n: usize = 0; n < 4; n++) store<f64>(to + (n << 3), load<f64>(ws + (((n << 2) + a) << 3)) * w);
      }
    }
    let sum01: v128 = f64x2.splat(0);
    let sum23: v128 = f64x2.splat(0);
    for (let c: usize = 0; c < 4; c++) {
      const w: v128 = v128.load64_splat(wz + (c << 3));
      for (let b: usize = 0; b < 4; b++) {
        const row: usize = coefficients + ((<usize>load<i32>(rows + (((c << 2) + b) << 2))) << 3);
        for (let a: usize = 0; a < 4; a++) {
          const plane: usize = planes + (((b << 2) + a) << 5);
          const at: usize = xs + (a << 2);
          let samples: v128 = v128.load64_zero(row + ((<usize>load<i32>(at)) << 3));
          samples = f64x2.replace_lane(samples, 1, load<f64>(row + ((<usize>load<i32>(at, 16)) << 3)));
          sum01 = f64x2.add(sum01, f64x2.mul(f64x2.mul(v128.load(plane), w), samples));
          samples = v128.load64_zero(row + ((<usize>load<i32>(at, 32)) << 3));
          samples = f64x2.replace_lane(samples, 1, load<f64>(row + ((<usize>load<i32>(at, 48)) << 3)));
          sum23 = f64x2.add(sum23, f64x2.mul(f64x2.mul(v128.load(plane, 16), w), samples));
        }
      }
    }
    v128.store(out + ((<usize>i) << 3), sum01);
    v128.store(out + ((<usize>i) << 3), sum23, 16);
  }
}

/** sqrt(3) - 2. */
const POLE: f64 = 1.7320508075688772 - 2;
const TOLERANCE_STEPS: i32 = 18;

/**
 * B-spline coefficients of the columns of a plane of rows * columns numbers (f64), in place, by the recursion of Unser (1999,
 * box 2) with mirror boundaries, in ITK's order of operations. `columns` is even; there are at least two rows.
 */
export function decomposeColumns(plane: usize, columns: i32, rows: i32): void {
  const rowBytes: usize = (<usize>columns) << 3;
  const last: usize = <usize>(rows - 1) * rowBytes;
  const pole: v128 = f64x2.splat(POLE);
  const gain: v128 = f64x2.splat((1 - POLE) * (1 - 1 / POLE));
  const ending: v128 = f64x2.splat(POLE / (POLE * POLE - 1));
  for (let at: usize = plane; at < plane + last + rowBytes; at += 16) v128.store(at, f64x2.mul(v128.load(at), gain));
  for (let at: usize = plane; at < plane + rowBytes; at += 16) {
    v128.store(at, rows > TOLERANCE_STEPS ? startOfLong(at, rowBytes) : startOfShort(at, rowBytes, rows));
  }
  for (let at: usize = plane + rowBytes; at < plane + last + rowBytes; at += 16) {
    v128.store(at, f64x2.add(v128.load(at), f64x2.mul(pole, v128.load(at - rowBytes))));
  }
  for (let at: usize = plane + last; at < plane + last + rowBytes; at += 16) {
    const sum: v128 = f64x2.add(f64x2.mul(pole, v128.load(at - rowBytes)), v128.load(at));
    v128.store(at, f64x2.mul(ending, sum));
  }
  for (let row: i32 = rows - 2; row >= 0; row--) {
    const start: usize = plane + <usize>row * rowBytes;
    for (let at: usize = start; at < start + rowBytes; at += 16) {
      v128.store(at, f64x2.mul(pole, f64x2.sub(v128.load(at + rowBytes), v128.load(at))));
    }
  }
}

/** The same for the first `length` numbers of rows, a multiple of four; `scratch` takes 4 * length numbers. */
export function decomposeRows(plane: usize, columns: i32, rows: i32, length: i32, scratch: usize): void {
  const rowBytes: usize = (<usize>columns) << 3;
  const bytes: usize = (<usize>length) << 3;
  for (let row: i32 = 0; row < rows; row += 4, plane += 4 * rowBytes) {
    for (let p: usize = 0; p < bytes; p += 8) {
      for (let n: usize = 0; n < 4; n++) store<f64>(scratch + 4 * p + (n << 3), load<f64>(plane + n * rowBytes + p));
    }
    decomposeColumns(scratch, 4, length);
    for (let p: usize = 0; p < bytes; p += 8) {
      for (let n: usize = 0; n < 4; n++) store<f64>(plane + n * rowBytes + p, load<f64>(scratch + 4 * p + (n << 3)));
    }
  }
}

/** What the causal recursion starts from: the sum as far as the powers of the pole count. */
@inline
function startOfLong(at: usize, rowBytes: usize): v128 {
  let power: f64 = POLE;
  let sum: v128 = v128.load(at);
  for (let i: usize = 1; i < <usize>TOLERANCE_STEPS; i++) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.splat(power), v128.load(at + i * rowBytes)));
    power *= POLE;
  }
  return sum;
}

/** The whole sum, mirrored. */
@inline
function startOfShort(at: usize, rowBytes: usize, rows: i32): v128 {
  let power: f64 = POLE;
  let mirrored: f64 = 1;
  for (let i: i32 = 1; i < rows; i++) mirrored *= POLE;
  let sum: v128 = v128.load(at + <usize>(rows - 1) * rowBytes);
  sum = f64x2.add(v128.load(at), f64x2.mul(f64x2.splat(mirrored), sum));
  mirrored = (mirrored * mirrored) / POLE;
  for (let i: i32 = 1; i <= rows - 2; i++) {
    sum = f64x2.add(sum, f64x2.mul(f64x2.splat(power + mirrored), v128.load(at + <usize>i * rowBytes)));
    power *= POLE;
    mirrored /= POLE;
  }
  return f64x2.div(sum, f64x2.splat(1 - power * power));
}
