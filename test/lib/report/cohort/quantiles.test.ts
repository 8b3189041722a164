import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, robustScores } from '#lib/report/cohort/quantiles.ts';

test('quantiles match numpy.quantile with its default type 7', () => {
  // numpy 2.4.6: np.quantile([1, 2, 4, 8, 16], [0.1, 0.25, 0.5, 0.75, 0.9])
  const expected = [1.4, 2, 4, 8, 12.8];
  const found = [0.1, 0.25, 0.5, 0.75, 0.9].map((part) => quantile([1, 2, 4, 8, 16], part));
  found.forEach((value, n) => {
    assert.ok(Math.abs(value - expected[n]) < 1e-12);
  });
});

test('robust scores match Iglewicz and Hoaglin, and an outlier does not mask itself', () => {
  // By hand: median 2.5; absolute deviations 1.5, 0.5, 0.5, 97.5, median 1; 0.6745 x 97.5 / 1 = 65.76.
  const scores = robustScores([1, 2, 3, 100]);
  assert.ok(Math.abs(scores[3] - 65.76375) < 1e-9);
  assert.deepEqual(robustScores([5, 5, 5, 9]), [0, 0, 0, 0]);
});
