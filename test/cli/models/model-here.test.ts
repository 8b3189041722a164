import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadInput } from '#lib/errors.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { modelHere, storeOf } from '../../../cli/models/model-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-here-test-'));
after(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

test('a folder in a store is copied with its subfolders', async () => {
  const store = memoryStore();
  await store.put('plans.json', bytes('{}'));
  await store.put('fold_0/checkpoint_final.pth', bytes('weights'));
  const to = join(folder, 'whole');
  assert.equal(await modelHere(store, 's3://bucket/Dataset603', to), to);
  assert.equal(readFileSync(join(to, 'fold_0', 'checkpoint_final.pth'), 'utf8'), 'weights');
});

test('a ZIP in a store is copied alone', async () => {
  assert.equal(storeOf('s3://bucket/models/heart.zip'), 's3://bucket/models');
  assert.equal(storeOf('s3://bucket/models/heart'), 's3://bucket/models/heart');
  const store = memoryStore();
  await store.put('heart.zip', bytes('zip'));
  const to = join(folder, 'zip');
  assert.equal(await modelHere(store, 's3://bucket/models/heart.zip', to), join(to, 'heart.zip'));
  assert.equal(readFileSync(join(to, 'heart.zip'), 'utf8'), 'zip');
});

test('a place without files, a missing ZIP and names that lead out of the folder are refused', async () => {
  const refused = (message: RegExp) => (error: Error) => error instanceof BadInput && message.test(error.message);
  const store = memoryStore();
  await assert.rejects(modelHere(store, 's3://bucket/none', folder), refused(/there are no files/));
  await assert.rejects(modelHere(store, 's3://bucket/none.zip', folder), refused(/this ZIP does not exist/));
  await store.put('../outside', bytes('x'));
  await assert.rejects(modelHere(store, 's3://bucket/none', folder), refused(/leads out of the folder/));
});
