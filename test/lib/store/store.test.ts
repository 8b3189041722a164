import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStore, removePartials } from '#lib/store/file.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { openStore } from '#lib/store/open.ts';
import { newPartialName } from '#lib/store/partial.ts';
import { storeContract } from '#test/contracts/store.ts';

const folder = () => mkdtemp(join(tmpdir(), 'rtpipeline-store-'));

storeContract('memory', async () => memoryStore());
storeContract('folder', async () => fileStore(await folder()));
storeContract('folder without hard links', async () => fileStore(await folder(), noLinks));

/** As link() on exFAT and many network shares. */
async function noLinks(): Promise<void> {
  throw Object.assign(new Error('operation not permitted, link'), { code: 'EPERM' });
}

test('a key cannot lead out of the folder', async () => {
  const store = fileStore(await folder());
  for (const key of ['../outside', 'a/../../outside', '/etc/passwd', '']) {
    await assert.rejects(store.get(key), { name: 'BadInput' });
    await assert.rejects(store.put(key, new Uint8Array(1)), { name: 'BadInput' });
  }
});

test('a folder that links to itself is listed once', async () => {
  const root = await folder();
  await mkdir(join(root, 'a'));
  await writeFile(join(root, 'a', 'file'), 'x');
  await symlink(root, join(root, 'a', 'loop'));
  const keys: string[] = [];
  for await (const { key } of fileStore(root).list('')) keys.push(key);
  assert.deepEqual(keys, ['a/file']);
});

test('a half-written object of a killed writer is invisible', async () => {
  const root = await folder();
  await writeFile(join(root, newPartialName()), 'half');
  const keys: string[] = [];
  for await (const { key } of fileStore(root).list('')) keys.push(key);
  assert.deepEqual(keys, []);
});

test('a failed write leaves nothing behind', async () => {
  const root = await folder();
  const full = { length: 3 } as unknown as Uint8Array;
  await assert.rejects(fileStore(root).put('k', full));
  assert.deepEqual(await readdir(root), []);
});

test('partial files of killed writers are removed everywhere, and nothing else', async () => {
  const root = await folder();
  await mkdir(join(root, 'courses/a'), { recursive: true });
  const kept = ['courses/a/.partial-of-another-program', 'courses/a/part.json'];
  for (const name of [newPartialName(), `courses/a/${newPartialName()}`, ...kept])
    await writeFile(join(root, name), 'x');
  assert.equal(await removePartials(root), 2);
  assert.deepEqual((await readdir(root, { recursive: true })).sort(), ['courses', 'courses/a', ...kept]);
});

test('a URI names its store', async () => {
  assert.equal((await openStore('s3://bucket/some/prefix/')).uri, 's3://bucket/some/prefix');
  assert.match((await openStore('/tmp')).uri, /^file:\/\/\//);
  await assert.rejects(openStore('ftp://host/x'), { name: 'BadInput' });
});
