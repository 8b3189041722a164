import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { jsonLine } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { CatalogLine } from '#lib/stages/catalog/line.ts';
import { knownLines, LINES_PER_PART, listWriter, readCatalog } from '#lib/stages/catalog/list.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';

const keyOf = (n: number) => `f${String(n).padStart(6, '0')}`;
const lineOf = (n: number, message = ''): CatalogLine => ({
  rejected: { key: keyOf(n), bytes: n, version: '1', reason: 'not_dicom', message },
});

function contextOf(store = memoryStore()): StageContext {
  const { signal } = new AbortController();
  return { input: store, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
}

async function keysIn({ store }: StageContext): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(runKeys.instances)) keys.push(key);
  return keys;
}

async function write(context: StageContext, numbers: Iterable<number>): Promise<void> {
  const list = await listWriter(context, 'all');
  for (const n of numbers) await list.add(lineOf(n));
  await list.finish();
}

function* range(start: number, end: number): Generator<number> {
  for (let n = start; n < end; n++) yield n;
}

test('a long list is split into files of bounded length and reads as one; a shorter list replaces it', async () => {
  const context = contextOf();
  const count = 2 * LINES_PER_PART + 5;
  await write(context, range(0, count));
  const first = await keysIn(context);
  assert.equal(first.length, 3);
  const lines = await readCatalog(context.store);
  assert.deepEqual([lines.length, lines.at(-1)], [count, lineOf(count - 1)]);

  await write(context, range(0, count));
  const second = await keysIn(context);
  assert.equal(second.length, 3);
  assert.ok(!second.some((key) => first.includes(key)), 'no file is written over while another list is read from it');

  await write(context, range(0, 3));
  assert.deepEqual(await keysIn(context), [runKeys.instancePart('all')]);
  assert.equal((await readCatalog(context.store)).length, 3);
});

test('known lines are found while a list with new objects before them is written', async () => {
  const context = contextOf();
  const [added, count] = [LINES_PER_PART + 7, 2 * LINES_PER_PART];
  await write(context, range(added, added + count));
  const known = await knownLines(context.store, runKeys.instances);
  const list = await listWriter(context, 'all');
  let found = 0;
  for (const n of range(0, added + count)) {
    const earlier = await known.find({ key: keyOf(n), bytes: n, version: '1' });
    if (earlier) found += 1;
    await list.add(earlier?.line ?? lineOf(n), earlier?.bytes);
  }
  await list.finish();
  assert.equal(found, count);
  assert.equal(await known.find({ key: keyOf(added), bytes: added, version: '2' }), undefined);
  const lines = await readCatalog(context.store);
  assert.deepEqual(
    [lines.length, lines[added], lines[added + count - 1]],
    [added + count, lineOf(added), lineOf(added + count - 1)],
  );
});

test('a list without its last line break does not merge two lines', async () => {
  const context = contextOf();
  const key = runKeys.instancePart('all');
  await context.store.put(key, jsonLine(lineOf(1)).slice(0, -1));
  const known = await knownLines(context.store, runKeys.instances);
  const earlier = await known.find({ key: keyOf(1), bytes: 1, version: '1' });
  const list = await listWriter(context, 'all');
  await list.add(earlier?.line ?? lineOf(1), earlier?.bytes);
  await list.add(lineOf(2));
  await list.finish();
  assert.deepEqual(await readCatalog(context.store), [lineOf(1), lineOf(2)]);
});

test('of two lines about one object the one in the later file is used', async () => {
  const context = contextOf();
  const put = (part: string, lines: CatalogLine[]) =>
    context.store.put(runKeys.instancePart(part), Buffer.concat(lines.map(jsonLine)));
  await put('a', [lineOf(1, 'early'), lineOf(3)]);
  await put('b', [lineOf(2), lineOf(1, 'late')]);
  assert.deepEqual(await readCatalog(context.store), [lineOf(1, 'late'), lineOf(2), lineOf(3)]);
});
