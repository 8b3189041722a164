import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSolid } from '#lib/dvh/solid/mask-solid.ts';
import type { Grid } from '#lib/image/grid.ts';

const GRID: Grid = {
  size: [10, 10, 10],
  spacingMm: [2, 3, 4],
  originMm: [10, 20, 30],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

test('the solid of a mask consists of whole voxels around their centres', () => {
  const mask = { grid: GRID, box: { start: [1, 2, 3], size: [2, 1, 1] }, data: Uint8Array.of(0, 1) } as const;
  const { layers, pixelMm } = maskSolid({ ...mask, box: { start: [1, 2, 3], size: [2, 1, 1] } });
  assert.equal(layers.length, 1);
  const [{ lowMm, highMm, lower }] = layers;
  // Voxel (2, 2, 3) has its centre at (14, 26, 42) mm and is 2 x 3 x 4 mm.
  assert.deepEqual([lower.minU, lower.maxU, lower.minV, lower.maxV], [13, 15, 24.5, 27.5]);
  assert.deepEqual([lowMm, highMm], [40, 44]);
  assert.equal(lower.areaMm2, 6);
  assert.equal(pixelMm, 3, 'scan lines divide the rows');
});
