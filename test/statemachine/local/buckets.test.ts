import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore } from '#lib/store/memory.ts';
import type { JsonObject } from '#statemachine/engine/json.ts';
import { executionInput } from '#statemachine/input.ts';
import { bucketIntegrations } from '#statemachine/local/buckets.ts';

const call = { signal: new AbortController().signal, execution: '', state: '', eventId: 1, submitted: () => {} };

test('objects below a prefix are written, read and listed, every page', async () => {
  const store = memoryStore();
  const s3 = bucketIntegrations([{ name: 'b', prefix: 'out/', store }]);
  for (let i = 0; i < 2500; i++)
    await s3['s3:putObject']!({ Bucket: 'b', Key: `out/in/${String(i).padStart(4, '0')}`, Body: 'x' }, call);
  await s3['aws-sdk:s3:putObject']!({ Bucket: 'b', Key: 'out/status.json', Body: { status: 'failed' } }, call);
  assert.deepEqual(await s3['s3:getObject']!({ Bucket: 'b', Key: 'out/status.json' }, call), {
    Body: '{"status":"failed"}',
  });
  assert.ok(await store.head('in/0000'));
  const keys: string[] = [];
  let pages = 0;
  for (let token: unknown, more = true; more; ) {
    const args: JsonObject = { Bucket: 'b', Prefix: 'out/in/', ...(token ? { ContinuationToken: String(token) } : {}) };
    const page = (await s3['s3:listObjectsV2']!(args, call)) as JsonObject;
    keys.push(...(page.Contents as { Key: string }[]).map(({ Key }) => Key));
    token = page.NextContinuationToken;
    more = page.IsTruncated === true;
    pages += 1;
  }
  assert.deepEqual([pages, keys.length, keys[0], keys.at(-1)], [3, 2500, 'out/in/0000', 'out/in/2499']);
});

test('a bucket that is not there is an error of the service', async () => {
  const s3 = bucketIntegrations([]);
  await assert.rejects(s3['s3:getObject']!({ Bucket: 'b', Key: 'k' }, call), /S3.NoSuchBucketException/);
});

/** URIs and the buckets and prefixes that the state machine sees. */
const INPUTS: [string, string, Partial<ReturnType<typeof executionInput>>][] = [
  ['s3://in/up/load/', 's3://b', { inputBucket: 'in', inputPrefix: 'up/load/', bucket: 'b', prefix: '' }],
  ['file:///data/in', 'file:///data/out', { inputBucket: 'input', inputPrefix: '', bucket: 'output', prefix: '' }],
  ['file:///data/in', 's3://b/out', { inputBucket: 'input', inputPrefix: '', bucket: 'b', prefix: 'out/' }],
];

for (const [inputUri, storeUri, places] of INPUTS) {
  test(`${inputUri} and ${storeUri} make the input of the execution`, () => {
    const run = { runId: 'r', inputUri, storeUri, force: false };
    assert.deepEqual(executionInput(run), { ...run, ...places });
  });
}
