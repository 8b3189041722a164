import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USUAL_STEP, windowStarts, windowWeights } from '#lib/segmentation/nnunet/sliding-window.ts';
import reference from './nnunet-2.8.1.json' with { type: 'json' };

test('windows start where nnU-Net starts them', () => {
  const along = (starts: number[][], axis: number) => [...new Set(starts.map((start) => start[axis]))];
  const cases: [[number, number, number], [number, number, number], number[][]][] = [
    [
      [110, 64, 65],
      [64, 64, 64],
      [[0, 23, 46], [0], [0, 1]],
    ],
    [
      [41, 97, 200],
      [24, 40, 48],
      [
        [0, 8, 17],
        [0, 19, 38, 57],
        [0, 22, 43, 65, 87, 109, 130, 152],
      ],
    ],
  ];
  for (const [image, patch, expected] of cases) {
    const starts = windowStarts(image, patch, USUAL_STEP);
    assert.deepEqual(
      [0, 1, 2].map((axis) => along(starts, axis)),
      expected,
    );
  }
});

test('voxel weights in a window match nnU-Net in half precision', () => {
  const small = windowWeights([6, 8, 5]);
  reference.gaussian_6_8_5.forEach((weight, v) => {
    assert.ok(Math.abs(small[v] - weight) <= 0.001 * weight + 6e-8, `voxel ${v}: ${small[v]} instead of ${weight}`);
  });
  const [sum, corner, centre, inside, least] = reference.gaussian_24_40_48;
  const large = windowWeights([24, 40, 48]);
  const at = (z: number, y: number, x: number) => large[x + 48 * (y + 40 * z)];
  assert.deepEqual([at(0, 0, 0), at(12, 20, 24), Math.min(...large)], [corner, centre, least]);
  assert.ok(Math.abs(at(3, 11, 30) - inside) < 0.001 * inside);
  assert.ok(Math.abs(large.reduce((total, weight) => total + weight, 0) - sum) < 1e-4 * sum);
});
