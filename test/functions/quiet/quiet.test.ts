import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietFunction } from '../../../functions/quiet/quiet.ts';

test('a batch of objects sets one timer per folder, and the timer name hides the folder name', async () => {
  const orders: { at: Date; name: string; message: string }[] = [];
  const schedules = {
    announceAt: async (at: Date, name: string, message: string) => void orders.push({ at, name, message }),
  };
  const body = (key: string) => ({ body: JSON.stringify({ detail: { bucket: { name: 'inbox' }, object: { key } } }) });
  const keys = ['dropbox/CANARY/1', 'dropbox/CANARY/sub/2', 'dropbox/other/1', 'dropbox/loose'];
  const before = Date.now();
  await quietFunction(schedules, 10, () => {})({ Records: keys.map(body) });
  assert.deepEqual(
    orders.map(({ message }) => JSON.parse(message).quiet.folder),
    ['CANARY', 'other'],
  );
  assert.ok(orders.every(({ at }) => at.getTime() - before >= 600_000));
  assert.ok(orders.every(({ name }) => /^drop-[0-9a-f]{16}$/.test(name)));
});
