import assert from 'node:assert/strict';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStore } from '#lib/store/file.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { openStore } from '#lib/store/open.ts';
import { storeContract } from '#test/contracts/store.ts';

const folder = () => mkdtemp(join(tmpdir(), 'rtpipeline-store-'));

storeContract('memory', async () => memoryStore());
storeContract('folder', async () => fileStore(await folder()));

test('a key cannot leave the folder', async () => {
  const store = fileStore(await folder());
  for (const key of ['../outside', 'a/../../outside', '/etc/passwd', '']) {
    await assert.rejects(store.get(key), { name: 'BadInput' });
    await assert.rejects(store.put(key, new Uint8Array(1)), { name: 'BadInput' });
  }
});

test('a folder that links to itself is listed once and ends', async () => {
  const root = await folder();
  await mkdir(join(root, 'a'));
  await writeFile(join(root, 'a', 'file'), 'x');
  await symlink(root, join(root, 'a', 'loop'));
  const keys: string[] = [];
  for await (const { key } of fileStore(root).list('')) keys.push(key);
  assert.deepEqual(keys, ['a/file']);
});

test('a half-written object of a killed writer is not seen', async () => {
  const root = await folder();
  await writeFile(join(root, '.partial-1'), 'half');
  const keys: string[] = [];
  for await (const { key } of fileStore(root).list('')) keys.push(key);
  assert.deepEqual(keys, []);
});

test('a URI names its store', async () => {
  assert.equal((await openStore('s3://bucket/some/prefix/')).uri, 's3://bucket/some/prefix');
  assert.match((await openStore('/tmp')).uri, /^file:\/\/\//);
  await assert.rejects(openStore('ftp://host/x'), { name: 'BadInput' });
});
