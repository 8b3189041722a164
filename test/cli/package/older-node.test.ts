import assert from 'node:assert/strict';
import { test } from 'node:test';
import { f16round, groupBy, withResolvers } from '../../../cli/package/older-node.ts';

/** Node 24 has all of these: its own answers are the truth. */

test('our half-precision rounding equals Math.f16round at and between all powers of two', () => {
  const scales = Array.from({ length: 60 }, (_, n) => 2 ** (n - 40));
  const steps = [0, 1, 0.5, 1.5, 2.5, 0.5 + 2 ** -40, 1.5 - 2 ** -40, 1023.5, 1024.5].map((n) => n * 2 ** -10);
  for (const scale of scales)
    for (const step of steps)
      for (const sign of [1, -1]) {
        const value = sign * scale * (1 + step);
        assert.equal(f16round(value), Math.f16round(value), String(value));
      }
  for (const value of [
    0,
    -0,
    65504,
    65519.99,
    65520,
    1e300,
    5e-324,
    2 ** -25,
    2 ** -25 + 2 ** -60,
    Infinity,
    -Infinity,
    NaN,
  ])
    assert.ok(Object.is(f16round(value), Math.f16round(value)), String(value));
});

test('our substitutes equal Map.groupBy and Promise.withResolvers', async () => {
  const words = ['ab', 'c', 'de', 'f', ''];
  assert.deepEqual(
    groupBy(words, (word) => word.length),
    Map.groupBy(words, (word) => word.length),
  );
  const kept = withResolvers<number>();
  kept.resolve(3);
  assert.equal(await kept.promise, 3);
  const broken = withResolvers<number>();
  broken.reject(new Error('no'));
  await assert.rejects(broken.promise, /no/);
});
