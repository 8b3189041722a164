import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rieszTransfer } from '#lib/radiomics/ibsi/filters/riesz.ts';

test('Riesz transforms of one order together keep the energy of every frequency', () => {
  for (const total of [1, 2, 3, 4]) {
    for (const [x, y, z] of [
      [0.3, -0.2, 0.9],
      [1, 0, 0],
      [-0.5, 0.5, 0.1],
    ]) {
      let energy = 0;
      for (let l = 0; l <= total; l++) {
        for (let m = 0; l + m <= total; m++) {
          const [re, im] = rieszTransfer([l, m, total - l - m])(x, y, z);
          energy += re * re + im * im;
        }
      }
      assert.ok(Math.abs(energy - 1) < 1e-12, `order ${total}`);
    }
  }
});

test('order one is -i x / |f|, order two is -x^2 / |f|^2, and zero frequency has no direction', () => {
  assert.deepEqual(rieszTransfer([1, 0])(3, 4, 0), [0, -0.6]);
  assert.deepEqual(rieszTransfer([0, 2])(3, 4, 0), [-0.64, 0]);
  assert.deepEqual(rieszTransfer([0, 1, 0])(0, 0, 0), [0, 0]);
});
