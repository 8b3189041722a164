import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convolveEven } from '#lib/math/even-convolution.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { seededRandom } from '#lib/random.ts';

const SIZES: Vec3[] = [
  [1, 1, 1],
  [5, 1, 3],
  [7, 6, 5],
  [40, 3, 2],
];

for (const size of SIZES) {
  test(`on a box of ${size} cells convolution equals the sum over all pairs of cells`, () => {
    const random = seededRandom(2);
    const count = size[0] * size[1] * size[2];
    const [re, im] = [0, 1].map(() => Float64Array.from({ length: count }, () => random() - 0.5));
    const kernel = (di: number, dj: number, dk: number) => Math.cos(di) + 2 * dj - 0.3 * di * dk;
    const found = convolveEven(re, im, size, kernel);
    for (let a = 0; a < count; a++) {
      let [sumRe, sumIm] = [0, 0];
      for (let b = 0; b < count; b++) {
        const [i, j, k] = [0, 1, 2].map((axis) => Math.abs(indexOf(a, size)[axis] - indexOf(b, size)[axis]));
        sumRe += kernel(i, j, k) * re[b];
        sumIm += kernel(i, j, k) * im[b];
      }
      assert.ok(Math.abs(found.re[a] - sumRe) < 1e-11 && Math.abs(found.im[a] - sumIm) < 1e-11, `cell ${a}`);
    }
  });
}

function indexOf(n: number, [nx, ny]: Vec3): Vec3 {
  return [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
}
