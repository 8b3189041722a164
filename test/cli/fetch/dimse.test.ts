import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import type { Query } from '#lib/received/query.ts';
import { RECEIVED_LIST, readReceivedList } from '#lib/received/received-list.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { fetchDimse } from '../../../cli/fetch/dimse.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';
import { startDimseArchive } from '../../fixtures/dimse-archive.ts';

const FILES = [...archivedFiles('4711', 3, 4), ...archivedFiles('0815', 1, 5)];
const archive = await startDimseArchive(FILES);
after(() => archive.close());

beforeEach(() => {
  archive.asked.length = 0;
  archive.aborts = () => false;
  archive.withheld.clear();
  archive.countedMore = 0;
  archive.isBusy = false;
});

function fetched(store: ObjectStore, query: Query = { PatientID: '4711' }) {
  const request = { peer: archive.peer, queries: [query], store, say: () => {} };
  return fetchDimse({ ...request, signal: new AbortController().signal });
}

async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) if (key !== RECEIVED_LIST) keys.push(key);
  return keys;
}

test('every instance of the patient arrives once, byte for byte, series by series', async () => {
  const store = memoryStore();
  assert.deepEqual(await fetched(store), { announced: 12, here: 0, received: 12, missing: 0 });
  const bodies = await Promise.all(
    (await keysOf(store)).map(async (key) => Buffer.from(await store.get(key)).toString('hex')),
  );
  assert.deepEqual(
    bodies.sort(),
    FILES.slice(0, 12)
      .map((file) => Buffer.from(file).toString('hex'))
      .sort(),
  );
  assert.deepEqual(archive.asked, [4, 4, 4]);
  const [lost] = await keysOf(store);
  await store.delete(lost);
  assert.deepEqual(await fetched(store), { announced: 12, here: 11, received: 1, missing: 0 });
  assert.deepEqual(archive.asked, [4, 4, 4, 1]);
});

test('a query for one instance fetches that instance alone', async () => {
  const store = memoryStore();
  const SOPInstanceUID = readDataSet(FILES[5]).text('SOPInstanceUID');
  const counts = await fetched(store, { PatientID: '4711', SOPInstanceUID });
  assert.deepEqual(counts, { announced: 1, here: 0, received: 1, missing: 0 });
  assert.deepEqual((await keysOf(store)).length, 1);
  assert.deepEqual(archive.asked, [1]);
});

test('when an archive aborts within a series, the rest is requested again', async () => {
  let aborted = 0;
  archive.aborts = (sent) => sent === 2 && aborted++ === 0;
  assert.deepEqual(await fetched(memoryStore()), { announced: 12, here: 0, received: 12, missing: 0 });
  assert.deepEqual(archive.asked, [4, 2, 4, 4]);
});

test('an archive that sends less than it promised: each missing instance is reported', async () => {
  archive.withheld.add(
    /1\.2\.826\S*\.2\.3/.exec(Buffer.from(FILES[6]).toString('latin1'))?.[0].replace(/\0.*/s, '') ?? '',
  );
  archive.countedMore = 1;
  const store = memoryStore();
  assert.deepEqual(await fetched(store), { announced: 15, here: 0, received: 11, missing: 4 });
  const reasons = (await readReceivedList(store)).flatMap(({ why }) => why ?? []);
  assert.equal(reasons.length, 4);
  assert.equal(reasons.filter((why) => /says that it sent this instance, but it did not arrive/.test(why)).length, 1);
});

test('an archive that always disconnects or is busy stops the fetch with one line; later it continues', async () => {
  const store = memoryStore();
  archive.aborts = (sent) => sent === 1;
  await assert.rejects(fetched(store), /aborted the association/);
  const here = (await keysOf(store)).length;
  assert.ok(here > 0 && here < 12);
  archive.isBusy = true;
  await assert.rejects(fetched(store), /refuses the association: it is busy/);
  archive.isBusy = false;
  archive.aborts = () => false;
  assert.deepEqual(await fetched(store), { announced: 12, here, received: 12 - here, missing: 0 });
});
