/**
 * Sums of `count` waves cos(x + y + z) over a grid of nx * ny * nz numbers (f32), x fastest; nx is even. Per wave `tables` holds
 * cosines and then sines (f64) of its phase along x, then of y, then of z. `row` is scratch for 2 * count doubles.
 */
export function sumWaves(tables: usize, count: i32, nx: i32, ny: i32, nz: i32, row: usize, sums: usize): void {
  const xBytes: usize = (<usize>nx) << 3;
  const yBytes: usize = (<usize>ny) << 3;
  const zBytes: usize = (<usize>nz) << 3;
  const waveBytes: usize = (xBytes + yBytes + zBytes) << 1;
  const end: usize = row + ((<usize>count) << 4);
  let out: usize = sums;
  for (let z: usize = 0; z < zBytes; z += 8) {
    for (let y: usize = 0; y < yBytes; y += 8) {
      let wave: usize = tables;
      for (let at: usize = row; at < end; at += 16) {
        const ys: usize = wave + (xBytes << 1) + y;
        const zs: usize = wave + ((xBytes + yBytes) << 1) + z;
        const cosY: f64 = load<f64>(ys);
        const sinY: f64 = load<f64>(ys + yBytes);
        const cosZ: f64 = load<f64>(zs);
        const sinZ: f64 = load<f64>(zs + zBytes);
        store<f64>(at, cosY * cosZ - sinY * sinZ);
        store<f64>(at, sinY * cosZ + cosY * sinZ, 8);
        wave += waveBytes;
      }
      for (let x: usize = 0; x < xBytes; x += 16) {
        let sum: v128 = f64x2.splat(0);
        wave = tables + x;
        for (let at: usize = row; at < end; at += 16) {
          sum = f64x2.add(sum, f64x2.mul(v128.load(wave), v128.load64_splat(at)));
          sum = f64x2.sub(sum, f64x2.mul(v128.load(wave + xBytes), v128.load64_splat(at, 8)));
          wave += waveBytes;
        }
        v128.store64_lane(out, f32x4.demote_f64x2_zero(sum), 0);
        out += 8;
      }
    }
  }
}
