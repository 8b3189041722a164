import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJsonLines, writeJson, writeJsonLines } from '#lib/course-store/json.ts';
import { StoreMissing, Transient } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import type { CatalogLine } from '#lib/stages/catalog/line.ts';
import { readCatalog } from '#lib/stages/catalog/list.ts';
import { fileStore } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectInfo, ObjectStore } from '#lib/store/store.ts';

const slices = demoCohort()
  .filter(({ path }) => !path.includes('again'))
  .take(12)
  .toArray();
const total = slices.reduce((sum, { bytes }) => sum + bytes.length, 0);

let input: ObjectStore;
let context: StageContext;

beforeEach(async () => {
  input = memoryStore('memory:input');
  for (const { path, bytes } of slices) await input.put(path, bytes);
  const store = memoryStore();
  const signal = new AbortController().signal;
  context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  await writeJson(store, runKeys.config, {});
});

const run = (options: object = {}) => catalog.run({ force: false, ...options }, context);
const rejected = (lines: CatalogLine[]) => lines.flatMap((line) => ('rejected' in line ? [line.rejected] : []));

test('every object is one line: an instance, or another kind of file', async () => {
  await input.put('notes.txt', new TextEncoder().encode('not an image'));
  await input.put('empty.dcm', new Uint8Array(0));
  await input.put('cut.dcm', slices[0].bytes.slice(0, 400));
  const counts = await run();
  assert.deepEqual([counts.files, counts.instances, counts.rejected], [15, 12, 3]);
  const reasons = rejected(await readCatalog(context.store)).map(({ key, reason }) => [key, reason]);
  assert.deepEqual(reasons, [
    ['cut.dcm', 'unreadable'],
    ['empty.dcm', 'not_dicom'],
    ['notes.txt', 'not_dicom'],
  ]);
});

test('objects known from an earlier run are not read again, changed ones are', async () => {
  const first = await run();
  assert.ok(first.bytesRead > 0 && first.bytesRead <= total);
  assert.equal((await run()).bytesRead, 0);
  await input.put(slices[0].path, slices[1].bytes);
  assert.ok((await run()).bytesRead > 0);
  assert.ok((await run({ force: true })).bytesRead >= first.bytesRead / 2);
});

test('an unreadable object is a line; an unavailable store is an error to retry', async () => {
  const [first] = slices;
  const broken = (error: Error): ObjectStore => ({
    ...input,
    getRange: (key, start, end) => (key === first.path ? Promise.reject(error) : input.getRange(key, start, end)),
  });
  context.input = broken(new StoreMissing('no such object', { where: first.path }));
  await run();
  assert.equal(rejected(await readCatalog(context.store))[0].reason, 'unreadable');
  context.input = broken(new Transient('S3 answered SlowDown'));
  await assert.rejects(run({ force: true }), { name: 'Transient' });
});

test('the next run rereads files after a disk error, but not broken files', async () => {
  const [first, second] = slices;
  await input.put(second.path, second.bytes.slice(0, 300));
  const sick = (code: string): ObjectStore => ({
    ...input,
    getRange: (key, start, end) =>
      key === first.path ? Promise.reject(Object.assign(new Error('disk'), { code })) : input.getRange(key, start, end),
  });
  for (const code of ['EIO', 'ESTALE', 'EACCES']) {
    context.input = sick(code);
    await run({ force: true });
    const lines = rejected(await readCatalog(context.store));
    const line = lines.find(({ key }) => key === first.path);
    assert.equal(line?.message, `cannot be read: ${code}; the next run tries again`);
    context.input = input;
    const { bytesRead } = await run();
    assert.ok(bytesRead > 0 && bytesRead <= first.bytes.length, 'only that file is read again');
    assert.deepEqual(
      rejected(await readCatalog(context.store)).map(({ key }) => key),
      [second.path],
    );
    assert.equal((await run()).bytesRead, 0);
  }
});

test('lack of memory or file handles ends the catalog instead of rejecting files', async () => {
  for (const code of ['EMFILE', 'ENFILE', 'ENOMEM']) {
    context.input = { ...input, getRange: () => Promise.reject(Object.assign(new Error('machine'), { code })) };
    await assert.rejects(run({ force: true }), { code });
  }
});

test('content changed under the same size and time is detected; a touched file is not read as changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  for (const [second, { path, bytes }] of slices.entries()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
    // A time of its own, or files of one size written at once have one version.
    utimesSync(join(folder, path), 1_700_000_000 + second, 1_700_000_000 + second);
  }
  context.input = fileStore(folder);
  const versions = async () =>
    (await readCatalog(context.store)).map((line) => ('instance' in line ? line.instance.version : ''));
  await run();
  const before = await versions();
  const [first, second] = slices;
  const time = statSync(join(folder, first.path)).mtime;
  const exchanged = first.bytes.slice();
  exchanged[exchanged.length - 1] ^= 1;
  writeFileSync(join(folder, first.path), exchanged);
  utimesSync(join(folder, first.path), time, time);
  chmodSync(join(folder, second.path), 0o600);
  assert.equal(statSync(join(folder, first.path)).mtimeMs, time.getTime());
  await run();
  const after = await versions();
  assert.deepEqual(
    after.filter((version) => !before.includes(version)).map((version) => version.slice(0, -13)),
    [before.find((version) => !after.includes(version))],
    'one version, that of the exchanged file, with its digest behind',
  );
  assert.equal((await run()).bytesRead, 0);
  assert.deepEqual(await versions(), after);
  rmSync(folder, { recursive: true });
});

test('a truncated list of headers is read anew, wherever it lies', async () => {
  const whole = await run();
  const key = runKeys.instancePart('all');
  const body = await context.store.get(key);
  await context.store.put(key, body.subarray(0, body.length - 20));
  assert.equal((await run()).bytesRead, whole.bytesRead);
  assert.equal((await run()).bytesRead, 0);
  await context.store.put(runKeys.status('catalog'), new TextEncoder().encode('{"co'));
  assert.equal((await run()).bytesRead, whole.bytesRead);
});

test('a read that the disk does not answer ends its batch after read_timeout: it is a line, its mates are read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  for (const { path, bytes } of slices) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const [, , hangs] = slices;
  const pipe = join(folder, hangs.path);
  const files = fileStore(folder);
  context.input = {
    ...files,
    async *list(prefix) {
      yield* files.list(prefix);
      rmSync(pipe);
      execFileSync('mkfifo', [pipe]);
    },
  };
  await writeJson(context.store, runKeys.config, { organize: { read_timeout: 1 } });
  const counts = await run();
  assert.deepEqual([counts.files, counts.instances, counts.rejected], [12, 11, 1]);
  const [line] = rejected(await readCatalog(context.store));
  assert.deepEqual([line.key, line.reason], [hangs.path, 'unreadable']);
  assert.match(line.message, /no answer after 1 s.*the next run tries again/);
  writeFileSync(pipe, '');
  rmSync(folder, { recursive: true });
});

test('a large upload on S3 is divided into batches, which together cover everything', async () => {
  const many = { ...input, uri: 's3://bucket/incoming/u1' };
  const fillers = Array.from({ length: 20_001 }, (_, i) => ({ key: `f${i}`, bytes: 0, version: '' }));
  context.input = {
    ...many,
    list: async function* () {
      yield* fillers;
    },
  };
  assert.equal((await run()).complete, false);
  assert.equal((await readJsonLines(context.store, runKeys.batches)).length, 41);
  assert.deepEqual((await readJsonLines<ObjectInfo>(context.store, runKeys.batch(40))).at(-1)?.key, 'f20000');
  context.input = many;
  assert.equal((await run({ mostObjects: 5 })).complete, false);
  const batches = await readJsonLines<{ batch: number }>(context.store, runKeys.batches);
  for (const { batch } of batches) await run({ batch });
  assert.deepEqual(
    (await readCatalog(context.store)).map((line) => ('instance' in line ? line.instance.key : '')),
    slices.map(({ path }) => path).sort(),
  );
});

test('a header that parses endlessly is stopped and listed, the others are read, and a signal still ends the run', async () => {
  /** Bytes that no parsing gets to the end of. */
  class Endless extends Uint8Array {
    override get buffer(): ArrayBuffer {
      for (;;);
    }
  }
  const [endless] = slices;
  context.input = {
    ...input,
    async getRange(key, start, end) {
      const bytes = await input.getRange(key, start, end);
      return key === endless.path ? Object.setPrototypeOf(bytes, Endless.prototype) : bytes;
    },
  };
  await writeJson(context.store, runKeys.config, { organize: { read_timeout: 0.5 } });
  const counts = await run();
  assert.deepEqual([counts.files, counts.instances, counts.rejected], [12, 11, 1]);
  const [line] = rejected(await readCatalog(context.store));
  assert.deepEqual(
    [line.key, line.reason, line.message],
    [endless.path, 'unreadable', 'reading its header takes too long: not done after 0.5 s'],
  );
});

test('a batch of a large upload reads only its own list, and next time the list instead of headers', async () => {
  const objects = slices.map(({ path, bytes }) => ({ key: path, bytes: bytes.length, version: '1' }));
  const batches = [objects.slice(0, 6), objects.slice(6)];
  for (const [n, batch] of batches.entries()) await writeJsonLines(context.store, runKeys.batch(n), batch);
  const lists: string[] = [];
  const { store } = context;
  context.store = {
    ...store,
    get: (key) => {
      if (key.startsWith(runKeys.instances)) lists.push(key);
      return store.get(key);
    },
  };
  context.input = { ...input, uri: 's3://in' };
  for (const batch of [0, 1]) assert.ok((await run({ batch })).bytesRead > 0);
  assert.deepEqual(lists, []);
  for (const batch of [0, 1]) assert.equal((await run({ batch })).bytesRead, 0);
  assert.equal(new Set(lists).size, 2);
  assert.equal(lists.length, 2);
});
