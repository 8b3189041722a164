import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { paint } from '#lib/phantom/paint.ts';
import { box, sphere } from '#lib/phantom/solid.ts';

const GRID: Grid = { size: [40, 30, 20], originMm: [-39, -29, -19], spacingMm: [2, 2, 2], direction: IDENTITY };

test('later tissues cover earlier ones, and the rest is background', () => {
  const tissues = [
    { solid: box([0, 0, 0], [10, 10, 10]), value: 40, noise: 0 },
    { solid: sphere([0, 0, 0], 5), value: -50, noise: 0 },
  ];
  const data = paint(GRID, -1000, tissues, 1);
  const count = (value: number) => data.filter((voxel) => voxel === value).length;
  // Voxel centres lie at odd coordinates: 10 in [-10, 10] on each axis, 80 within 5 mm of the origin.
  let near = 0;
  for (let i = -5; i <= 5; i += 2)
    for (let j = -5; j <= 5; j += 2) for (let k = -5; k <= 5; k += 2) near += Math.hypot(i, j, k) <= 5 ? 1 : 0;
  assert.equal(count(-50), near);
  assert.equal(count(40), 1000 - near);
  assert.equal(count(-1000), data.length - 1000);
});

test('a rotated grid shows the same solid', () => {
  const turned: Grid = {
    ...GRID,
    size: [30, 40, 20],
    originMm: [-39, 29, -19],
    direction: [0, 1, 0, -1, 0, 0, 0, 0, 1],
  };
  const tissues = [{ solid: box([6, -4, 2], [10, 6, 4]), value: 1, noise: 0 }];
  const sum = (data: Int16Array) => data.reduce((a, b) => a + b, 0);
  assert.equal(sum(paint(turned, 0, tissues, 1)), sum(paint(GRID, 0, tissues, 1)));
  assert.equal(
    paint(turned, 0, tissues, 1)[15 + 30 * (20 + 40 * 9)],
    paint(GRID, 0, tissues, 1)[20 + 40 * (14 + 30 * 9)],
  );
});

test('texture has mean and about the standard deviation of its tissue, and neighbours are alike', () => {
  const data = Float64Array.from(
    paint(GRID, 0, [{ solid: box([0, 0, 0], [100, 100, 100]), value: 100, noise: 20 }], 7),
  );
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const covariance = (shift: number) =>
    data.slice(shift).reduce((sum, value, i) => sum + (value - mean) * (data[i] - mean), 0) / (data.length - shift);
  assert.ok(Math.abs(mean - 100) < 2, `mean ${mean}`);
  assert.ok(Math.abs(Math.sqrt(covariance(0)) - 20) < 4, `deviation ${Math.sqrt(covariance(0))}`);
  assert.ok(covariance(1) > 0.4 * covariance(0), 'neighbours are not alike');
  assert.ok(Math.abs(covariance(13)) < 0.15 * covariance(0), 'texture repeats');
});

test('the same seed gives the same texture', () => {
  const tissues = [{ solid: sphere([0, 0, 0], 15), value: 0, noise: 50 }];
  assert.deepEqual(paint(GRID, 0, tissues, 3), paint(GRID, 0, tissues, 3));
  assert.notDeepEqual(paint(GRID, 0, tissues, 3), paint(GRID, 0, tissues, 4));
});
