import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderStatistic } from '#lib/math/order-statistic.ts';
import { seededRandom } from '#lib/random.ts';

test('the value at a rank equals that of sorted numbers: few, many, tied, sorted, reversed, infinite', () => {
  const random = seededRandom(3);
  const cases = [
    [5],
    [2, 1],
    [7, 7, 7, 7],
    Array.from({ length: 200 }, (_, n) => n),
    Array.from({ length: 200 }, (_, n) => -n),
    Array.from({ length: 301 }, () => Math.floor(10 * random())),
    Array.from({ length: 500 }, () => (random() < 0.2 ? Number.POSITIVE_INFINITY : random() - 0.5)),
  ];
  for (const values of cases) {
    const sorted = Float64Array.from(values).sort();
    for (let rank = 0; rank < values.length; rank++)
      assert.equal(orderStatistic(Float64Array.from(values), rank), sorted[rank]);
  }
});
