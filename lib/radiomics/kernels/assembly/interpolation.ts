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
