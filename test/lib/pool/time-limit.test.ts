import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { TimedOut } from '#lib/errors.ts';
import { withTimeLimit } from '#lib/pool/time-limit.ts';

test('a result in time is returned; a late one gives an error that names the work', async () => {
  assert.equal(await withTimeLimit(wait(1, 'done'), 5), 'done');
  await assert.rejects(withTimeLimit(new Promise(() => {}), 0.01, 'a/b.json'), (error: Error) => {
    assert.ok(error instanceof TimedOut);
    assert.equal(error.message, 'no answer after 0.01 s (a/b.json)');
    return true;
  });
});

test('a limit of 0 means no limit, and an error in time is unchanged', async () => {
  assert.equal(await withTimeLimit(wait(30, 'late'), 0), 'late');
  await assert.rejects(withTimeLimit(Promise.reject(new RangeError('broken')), 5), RangeError);
});
