import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vec3 } from '#lib/math/vec3.ts';
import {
  type DoseField,
  gaussianDose,
  gradient,
  penumbraBox,
  penumbraEllipsoid,
  scaled,
  sumOf,
  uniform,
} from '#lib/phantom/dose-field.ts';
import { meanDoseGy, volumeCc } from '#lib/phantom/measure.ts';
import { ellipsoid, sphere } from '#lib/phantom/solid.ts';

/** Values by the formulas in the docstrings. */
const values: [string, DoseField, Vec3, number][] = [
  ['uniform', uniform(3), [1, 2, 3], 3],
  ['gradient along x', gradient([10, 0, 0], 20, [1, 0, 0], 1), [15, 8, 9], 25],
  ['gradient below zero', gradient([10, 0, 0], 20, [1, 0, 0], 1), [-50, 0, 0], 0],
  ['gaussian at one sigma', gaussianDose([0, 0, 5], [4, 5, 6], 10), [4, 0, 5], 10 * Math.exp(-0.5)],
  ['box on a face', penumbraBox([0, 0, 0], [50, 50, 50], 1, 60), [50, 0, 0], 30],
  ['box inside', penumbraBox([0, 0, 0], [50, 50, 50], 1, 60), [0, 0, 0], 60],
  ['ellipsoid on its surface', penumbraEllipsoid([1, 1, 1], [20, 30, 40], 2, 60), [1, 31, 1], 30],
  ['ellipsoid 2 mm outside', penumbraEllipsoid([0, 0, 0], [20, 30, 40], 2, 60), [22, 0, 0], 60 / (1 + Math.E)],
  ['sum', sumOf(uniform(1), scaled(2, uniform(3))), [0, 0, 0], 7],
];
for (const [name, field, point, doseGy] of values) {
  test(`dose field: ${name} is ${doseGy.toFixed(3)} Gy`, () => {
    assert.ok(Math.abs(field(...point) - doseGy) < 1e-9);
  });
}

test('the mean of a linear dose over a solid equals the dose at its centroid', () => {
  const dose = gradient([0, 0, 0], 40, [0.6, 0, 0.8], 0.5);
  const solid = ellipsoid([7, -3, 11], [12, 25, 18]);
  assert.ok(Math.abs(meanDoseGy(solid, dose) - dose(7, -3, 11)) < 1e-6);
});

test('the mean of a Gaussian dose over a sphere matches the closed form to 0.1 %', () => {
  const [sigma, radius] = [10, 15];
  // 3 / R^3 times the integral of r^2 exp(-r^2 / 2 s^2), by Simpson's rule on 2000 steps.
  const f = (r: number) => r * r * Math.exp(-(r * r) / (2 * sigma * sigma));
  const step = radius / 2000;
  let integral = 0;
  for (let i = 0; i < 2000; i += 2) integral += (step / 3) * (f(i * step) + 4 * f((i + 1) * step) + f((i + 2) * step));
  const exact = (30 / radius ** 3) * integral;
  const found = meanDoseGy(sphere([0, 0, 0], radius), gaussianDose([0, 0, 0], [sigma, sigma, sigma], 10));
  assert.ok(Math.abs(found / exact - 1) < 0.001, `${found} instead of ${exact}`);
});

test('the volume of a solid matches its formula', () => {
  assert.equal(volumeCc(sphere([0, 0, 0], 10)), (4 / 3) * Math.PI);
});
