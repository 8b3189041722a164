import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { sumOfWaves } from '#lib/robustness/sum-of-waves.ts';

const WAVES = [
  { perMm: [0.31, -0.12, 0.05], phase: 0.7 },
  { perMm: [-0.04, 0.22, 0.4], phase: 4.1 },
  { perMm: [0.6, 0.01, -0.33], phase: 2.6 },
];

for (const nx of [6, 7])
  test(`waves are summed as their formula says, to the precision of float32 (rows of ${nx} voxels)`, () => {
    const grid: Grid = {
      size: [nx, 4, 3],
      originMm: [5, 6, 7],
      spacingMm: [1, 1.5, 2],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const sums = sumOfWaves(grid, WAVES);
    assert.equal(sums.length, nx * 4 * 3);
    for (const [v, sum] of sums.entries()) {
      const p = [v % nx, 1.5 * (Math.floor(v / nx) % 4), 2 * Math.floor(v / (4 * nx))];
      const expected = WAVES.reduce(
        (total, { perMm, phase }) => total + Math.cos(perMm.reduce((angle, w, axis) => angle + w * p[axis], phase)),
        0,
      );
      assert.ok(Math.abs(sum - expected) < 1e-6, `voxel ${v}: ${sum} instead of ${expected}`);
    }
  });
