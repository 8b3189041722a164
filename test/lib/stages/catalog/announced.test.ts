import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announce, explainMissing, RECEIVED_LIST } from '#lib/received/received-list.ts';
import { announcedLines } from '#lib/stages/catalog/announced.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectInfo } from '#lib/store/store.ts';

const instance = (n: number) => ({
  studyInstanceUid: '1.2',
  seriesInstanceUid: '1.2.3',
  sopInstanceUid: `1.2.3.${n}`,
  sopClassUid: '',
});

async function upload() {
  const store = memoryStore();
  await announce(store, [
    {
      studyInstanceUid: '1.2',
      instances: [1, 2, 3, 4].map(instance),
      unlisted: [{ seriesInstanceUid: '1.2.3', count: 1 }],
    },
  ]);
  for (const n of [1, 3]) await store.put(`1.2/1.2.3/1.2.3.${n}.dcm`, new Uint8Array([n]));
  await explainMissing(store, new Map([['1.2/1.2.3/1.2.3.2.dcm', 'the service answers 404']]));
  const objects: ObjectInfo[] = [];
  for await (const object of store.list('')) objects.push(object);
  return { store, objects };
}

test('each announced but missing instance is a line with the reason', async () => {
  const { store, objects } = await upload();
  const lines = await announcedLines(store, objects);
  assert.deepEqual(
    lines.map((line) => 'rejected' in line && [line.rejected.key, line.rejected.reason, line.rejected.message]),
    [
      ['1.2/1.2.3/1.2.3.2.dcm', 'not_received', 'the service answers 404'],
      ['1.2/1.2.3/1.2.3.4.dcm', 'not_received', 'the archive announced it, but it was not fetched: fetch again'],
      [
        '1.2/1.2.3/unlisted-1',
        'not_received',
        'the archive counts it but does not list it: check this series in the archive',
      ],
    ],
  );
});

test('only the part of an upload that holds the list reports missing instances, over all parts', async () => {
  const { store, objects } = await upload();
  const list = objects.filter(({ key }) => key === RECEIVED_LIST);
  const others = objects.filter(({ key }) => key !== RECEIVED_LIST);
  assert.deepEqual(await announcedLines(store, others), []);
  assert.equal((await announcedLines(store, list)).length, 3);
});

test('a damaged list is itself a line, and stops nothing', async () => {
  const { store, objects } = await upload();
  await store.put(RECEIVED_LIST, Buffer.from('{"key": half'));
  const [line, ...others] = await announcedLines(store, objects);
  assert.ok('rejected' in line && line.rejected.reason === 'unreadable' && line.rejected.key === RECEIVED_LIST);
  assert.deepEqual(others, []);
});
