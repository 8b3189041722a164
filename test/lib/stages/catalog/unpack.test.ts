import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { readCatalog } from '#lib/stages/catalog/list.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { storedZip } from '#test/fixtures/stored-zip.ts';

const [first, second, third] = demoCohort()
  .take(3)
  .map(({ bytes }) => bytes);
let input: ObjectStore;
let store: ObjectStore;
let context: StageContext;

beforeEach(async () => {
  input = memoryStore('memory:input');
  store = memoryStore();
  const signal = new AbortController().signal;
  context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  await writeJson(store, runKeys.config, {});
  await input.put('export.zip', storedZip({ a: first, b: second }));
  await input.put('loose.dcm', third);
});

/** What a run says of every object: the end of its key, and instance or reason. */
async function lines(): Promise<[string, string][]> {
  await catalog.run({ force: false }, context);
  return (await readCatalog(store)).map((line) => {
    const { key } = 'instance' in line ? line.instance : line.rejected;
    return [key.replace(/^unpacked:[0-9a-f]+/, 'unpacked'), 'instance' in line ? 'instance' : line.rejected.reason];
  });
}

const WHOLE = [
  ['export.zip', 'archive'],
  ['loose.dcm', 'instance'],
  ['unpacked/a', 'instance'],
  ['unpacked/b', 'instance'],
];

test('of a replaced archive only the new content counts', async () => {
  assert.deepEqual(await lines(), WHOLE);
  await input.put('export.zip', storedZip({ c: second }));
  assert.deepEqual(await lines(), [
    ['export.zip', 'archive'],
    ['loose.dcm', 'instance'],
    ['unpacked/c', 'instance'],
  ]);
  await input.delete('export.zip');
  assert.deepEqual(await lines(), [['loose.dcm', 'instance']]);
});

test('an unreadable archive is a row, the others continue, and the next run retries it', async () => {
  const failing = (code: string): ObjectStore => {
    let reads = 0;
    const getRange = async (key: string, start: number, end: number) => {
      if (key === 'export.zip' && ++reads > 1) throw Object.assign(new Error('disk'), { code });
      return input.getRange(key, start, end);
    };
    return { ...input, getRange };
  };
  for (const code of ['EIO', 'ESTALE']) {
    context.input = failing(code);
    assert.deepEqual(await lines(), [
      ['export.zip', 'unreadable'],
      ['loose.dcm', 'instance'],
    ]);
  }
  context.input = input;
  assert.deepEqual(await lines(), WHOLE);
});

test('an entry with a name the file system refuses is rejected, the others are unpacked; a full disk ends the run', async () => {
  const failing = (code: string): ObjectStore => ({
    ...store,
    put: (key, body, options) =>
      key.endsWith('/a') ? Promise.reject(Object.assign(new Error(code), { code })) : store.put(key, body, options),
  });
  context.store = failing('ENOSPC');
  await assert.rejects(lines(), { code: 'ENOSPC' });
  context.store = failing('ENAMETOOLONG');
  assert.deepEqual(await lines(), [
    ['export.zip', 'archive'],
    ['export.zip!a', 'refused'],
    ['loose.dcm', 'instance'],
    ['unpacked/b', 'instance'],
  ]);
});
