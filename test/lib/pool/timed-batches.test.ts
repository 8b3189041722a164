import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { TimedOut } from '#lib/errors.ts';
import { mapInBatches } from '#lib/pool/timed-batches.ts';

const never = new Promise<never>(() => {});
const named = (results: unknown[]) => results.map((one) => (one instanceof TimedOut ? one.message : one));

test('a hanging item is given up after the batch time, and the rest of the batch finishes', async () => {
  const begun: number[] = [];
  const results = await mapInBatches([0, 1, 2, 3, 4, 5], { width: 2, size: 3, seconds: 0.05 }, (n) => {
    begun.push(n);
    return n === 1 ? never : Promise.resolve(10 * n);
  });
  assert.deepEqual(named(results), [0, 'no answer after 0.05 s', 20, 30, 40, 50]);
  assert.equal(begun.filter((n) => n === 1).length, 2);
});

test('a slow batch that makes progress is not given up', async () => {
  const items = Array.from({ length: 12 }, (_, i) => i);
  const results = await mapInBatches(items, { width: 1, size: 12, seconds: 0.3 }, (n) => wait(50, n));
  assert.deepEqual(named(results), items);
});

test('without a limit nothing is given up, and errors are thrown', async () => {
  const batches = { width: 3, size: 2, seconds: 0 };
  assert.deepEqual(await mapInBatches([1, 2, 3], batches, (n) => wait(20, n)), [1, 2, 3]);
  await assert.rejects(
    mapInBatches([1, 2, 3], batches, async () => {
      throw new RangeError('broken');
    }),
    RangeError,
  );
});
