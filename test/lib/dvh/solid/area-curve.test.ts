import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaAtMm2, meanArea } from '#lib/dvh/solid/area-curve.ts';

/** Mean of t^n and its centre between a and b, by hand. */
function exact(n: number, a: number, b: number): [mean: number, centre: number] {
  const integral = (power: number) => (b ** (power + 1) - a ** (power + 1)) / (power + 1);
  return [integral(n) / (b - a), integral(n + 1) / integral(n)];
}

for (const [n, a, b] of [
  [0, 0, 1],
  [1, 0, 1],
  [1, 0.25, 1],
  [2, 0, 0.5],
  [3, 0.5, 0.75],
])
  test(`mean and centre of an area that grows with t^${n} from ${a} to ${b} match the integral`, () => {
    const coefficients: [number, number, number, number] = [0, 0, 0, 0];
    coefficients[n] = 7;
    const { areaMm2, centre } = meanArea({ coefficients, power: 1 }, a, b);
    const [mean, at] = exact(n, a, b);
    assert.ok(Math.abs(areaMm2 / (7 * mean) - 1) < 1e-12);
    assert.ok(Math.abs(centre - at) < 1e-12);
  });

test('a negative area counts as zero', () => {
  assert.equal(areaAtMm2({ coefficients: [1, -2, 0, 0], power: 1 }, 1), 0);
});
