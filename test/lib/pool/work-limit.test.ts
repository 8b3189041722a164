import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWorkLimit } from '#lib/pool/work-limit.ts';

test('work gives its answer or its error', () => {
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
  test(`${what} is ended after the limit, and the thread goes on`, () => {
    const began = performance.now();
    assert.throws(() => withWorkLimit(0.2, work), { name: 'TimedOut', message: 'not done after 0.2 s' });
    assert.ok(performance.now() - began < 5000);
    assert.equal(
      withWorkLimit(5, () => 'next'),
      'next',
    );
  });

test('work within such work ends with it', () => {
  assert.equal(
    withWorkLimit(5, () => withWorkLimit(0.001, () => 'inner')),
    'inner',
  );
});
