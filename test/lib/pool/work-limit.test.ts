import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupedWorkLimit, withWorkLimit } from '#lib/pool/work-limit.ts';

test('limited work returns its result or throws its error', () => {
  assert.deepEqual(
    withWorkLimit(5, () => ({ a: 1 })),
    { a: 1 },
  );
  assert.throws(
    () =>
      withWorkLimit(5, () => {
        throw new TypeError('odd');
      }),
    { name: 'TypeError', message: 'odd' },
  );
});

for (const [what, work] of [
  [
    'an endless loop',
    () => {
      for (;;);
    },
  ],
  ['an expression that takes for ever', () => /^(a+)+b$/.test('a'.repeat(60))],
] as [string, () => unknown][])
  test(`${what} is stopped at the limit, and the thread continues`, () => {
    const began = performance.now();
    assert.throws(() => withWorkLimit(0.2, work), { name: 'TimedOut', message: 'not done after 0.2 s' });
    assert.ok(performance.now() - began < 5000);
    assert.equal(
      withWorkLimit(5, () => 'next'),
      'next',
    );
  });

test('nested limited work is allowed', () => {
  assert.equal(
    withWorkLimit(5, () => withWorkLimit(0.001, () => 'inner')),
    'inner',
  );
});

test('grouped calls share a time limit, and each returns its own result, error or timeout', async () => {
  const limited = groupedWorkLimit(0.2, 32);
  const tried = [0, 0];
  const settled = await Promise.allSettled([
    limited(() => 'first'),
    limited(() => {
      throw new TypeError('odd');
    }),
    limited(() => {
      tried[0] += 1;
      for (;;);
    }),
    limited(() => 'last'),
    limited(() => {
      tried[1] += 1;
      return 'once';
    }),
  ]);
  assert.deepEqual(
    settled.map((one) => (one.status === 'fulfilled' ? one.value : `${one.reason.name}: ${one.reason.message}`)),
    ['first', 'TypeError: odd', 'TimedOut: not done after 0.2 s', 'last', 'once'],
  );
  assert.deepEqual(tried, [2, 1]);
});

test('slow work in a group does not use up the time of the calls after it', async () => {
  const limited = groupedWorkLimit(1, 3);
  const busyFor = (ms: number) => () => {
    for (const began = performance.now(); performance.now() - began < ms; );
    return ms;
  };
  assert.deepEqual(
    await Promise.all([limited(busyFor(600)), limited(busyFor(550)), limited(busyFor(1))]),
    [600, 550, 1],
  );
});
