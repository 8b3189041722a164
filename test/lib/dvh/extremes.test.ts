import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexToPatient } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { circle, doseOn, gridAround, measure, planes, roiOf, rotationOf } from '#test/fixtures/dvh-phantom.ts';

const R = 12;

/**
 * A trilinear dose has its extremes at the dose points. One point of 60 Gy in 20 Gy is the maximum wherever it lies in
 * the ball, half of the points on one side of its middle and half on the other.
 */
test('a single hot dose point inside a structure is its maximum, in any orientation of the dose grid', () => {
  const roi = roiOf(planes(-R, R, 2), (z) => [circle(Math.sqrt(Math.max(R * R - z * z, 0.01)))]);
  for (const rotation of [rotationOf(0, 0), rotationOf(0.4, 0.7), rotationOf(-0.5, 0.2), rotationOf(2.2, -0.9)]) {
    const grid = gridAround(R + 6, 3, { rotation });
    const middle = (grid.size[0] - 1) / 2;
    for (const steps of [
      [3, 0, 0],
      [-3, 0, 0],
      [0, 3, 0],
      [0, -3, 0],
      [0, 0, 3],
      [0, 0, -3],
      [1, -2, 2],
    ] as Vec3[]) {
      const hot = indexToPatient(grid, steps.map((step) => middle + step) as Vec3);
      const isHot = (p: Vec3) => Math.hypot(...p.map((c, a) => c - hot[a])) < 0.1;
      const { fine } = measure(
        roi,
        doseOn(grid, (p) => (isHot(p) ? 60 : 20)),
      );
      assert.ok(Math.abs(fine.maxGy - 60) < 1e-9, `point ${steps}: ${fine.maxGy} Gy`);
      assert.ok(Math.abs(fine.minGy - 20) < 1e-9);
    }
  }
});
