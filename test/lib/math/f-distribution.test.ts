import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fProbability, fQuantile } from '#lib/math/f-distribution.ts';
import { incompleteBeta, logGamma } from '#lib/math/incomplete-beta.ts';

/** SciPy 1.17.1: scipy.stats.f.ppf, scipy.special.betainc(a, b, x), scipy.special.gammaln. */
const QUANTILES: [p: number, df1: number, df2: number, f: number][] = [
  [0.975, 5, 18, 3.381967805875243],
  [0.975, 18, 5, 6.361883204654352],
  [0.95, 1, 1, 161.4476387975882],
  [0.99, 10, 20, 3.368186389188742],
  [0.975, 99, 8000, 1.299735295909321],
  [0.975, 3.3, 1e6, 3.000311527237668],
  [0.025, 4.785143862213, 5, 0.13335773614284413],
  [0.5, 2, 7, 0.766547789715664],
];
const BETAS: [x: number, a: number, b: number, value: number][] = [
  [0.5, 2, 3, 0.6875],
  [0.1, 0.5, 0.5, 0.20483276469913345],
  [0.9, 20, 3, 0.6200409384119034],
  [0.3, 400, 900, 0.2756068456990505],
];
const GAMMAS: [x: number, value: number][] = [
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247],
  [1, 0],
  [3.7, 1.428072326665388],
  [50.5, 146.51925549072064],
  [1e4, 82099.71749644238],
];

test('quantiles of F match SciPy, with many and with fractional degrees of freedom', () => {
  for (const [p, df1, df2, f] of QUANTILES) assertNear(fQuantile(p, df1, df2), f, 1e-9 * f, `F(${p}; ${df1}, ${df2})`);
});

test('quantile and probability of F are inverse functions', () => {
  for (const [p, df1, df2] of QUANTILES) assertNear(fProbability(fQuantile(p, df1, df2), df1, df2), p, 1e-12);
  assert.equal(fProbability(0, 3, 4), 0);
  assert.equal(fProbability(Number.POSITIVE_INFINITY, 3, 4), 1);
});

test('no degrees of freedom give no quantile', () => {
  assert.ok(Number.isNaN(fQuantile(0.975, 0, 5)));
  assert.ok(Number.isNaN(fQuantile(0.975, 5, Number.NaN)));
});

test('incomplete beta function and log gamma match SciPy', () => {
  for (const [x, a, b, value] of BETAS) assertNear(incompleteBeta(x, a, b), value, 1e-11, `I(${x}; ${a}, ${b})`);
  for (const [x, value] of GAMMAS) assertNear(logGamma(x), value, 1e-14 * Math.max(1, value), `gamma(${x})`);
});

function assertNear(actual: number, expected: number, tolerance: number, what = ''): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);
}
