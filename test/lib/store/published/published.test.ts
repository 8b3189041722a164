import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileStore } from '#lib/store/file.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { fetchFolder } from '#lib/store/published/fetch.ts';
import { partKey } from '#lib/store/published/manifest.ts';
import { PART_BYTES, publishFolder } from '#lib/store/published/publish.ts';

const work = mkdtempSync(join(tmpdir(), 'published-test-'));
const [source, cache] = [join(work, 'source'), join(work, 'cache')];
beforeEach(() => {
  for (const name of ['source', 'cache']) rmSync(join(work, name), { recursive: true, force: true });
  mkdirSync(join(source, 'Dataset7', 'fold_0'), { recursive: true });
  writeFileSync(join(source, 'custom_model.yaml'), 'name: heart');
  writeFileSync(join(source, 'Dataset7', 'fold_0', 'checkpoint.pth'), Buffer.alloc(PART_BYTES + 5, 3));
  writeFileSync(join(source, 'Dataset7', 'empty'), '');
  writeFileSync(join(source, '.DS_Store'), 'x');
});
after(() => rmSync(work, { recursive: true }));

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const published = async (store = memoryStore('memory:models')) => ({
  store,
  uri: await publishFolder(fileStore(source), store),
});

test('a published folder is restored file by file under the digest of its list, without hidden files', async () => {
  const { store, uri } = await published();
  const list = await store.get(uri.slice('memory:models/'.length));
  assert.equal(uri, `memory:models/trees/${sha256(list)}.json`);
  const folder = await fetchFolder(uri, cache, async () => store);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  assert.deepEqual(names.sort(), ['Dataset7/empty', 'Dataset7/fold_0/checkpoint.pth', 'custom_model.yaml']);
  for (const name of names) assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(source, name))), name);
});

test('published files are not sent again, and local files are not fetched again', async () => {
  const { store, uri } = await published();
  const sent: string[] = [];
  const watched = {
    ...store,
    put(key: string, body: Uint8Array) {
      sent.push(key);
      return store.put(key, body);
    },
  };
  assert.equal(await publishFolder(fileStore(source), watched), uri);
  assert.deepEqual(
    sent.filter((key) => key.startsWith('parts/')),
    [],
  );
  const folder = await fetchFolder(uri, cache, async () => store);
  assert.equal(await fetchFolder(uri, cache, () => assert.fail('nothing is opened')), folder);
});

test('a changed file gives another URI, and a part changed in the store is refused', async () => {
  const { store, uri } = await published();
  writeFileSync(join(source, 'custom_model.yaml'), 'name: lung');
  assert.notEqual((await published(store)).uri, uri);
  await store.put(partKey(sha256('name: heart')), new TextEncoder().encode('name: liver'));
  await assert.rejects(
    fetchFolder(uri, cache, async () => store),
    /does not match its digest/,
  );
  assert.deepEqual(readdirSync(cache), [], 'nothing half is left');
});

test('a list with a wrong digest, or with paths out of the folder, is refused', async () => {
  const store = memoryStore('memory:models');
  const put = async (list: object) => {
    const bytes = new TextEncoder().encode(JSON.stringify(list));
    await store.put(`trees/${sha256(bytes)}.json`, bytes);
    return `memory:models/trees/${sha256(bytes)}.json`;
  };
  for (const path of ['../x', '/x', 'a//b', 'a/./b']) {
    const uri = await put({ files: [{ path, parts: [] }] });
    await assert.rejects(
      fetchFolder(uri, cache, async () => store),
      /leaves the folder/,
      path,
    );
  }
  const uri = await put({ files: [] });
  await store.put(uri.slice('memory:models/'.length), new TextEncoder().encode('{"files": []}'));
  await assert.rejects(
    fetchFolder(uri, cache, async () => store),
    /does not match its digest/,
  );
  await assert.rejects(fetchFolder('s3://bucket/models', cache), /publish-models/);
});
