import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore } from '#lib/store/memory.ts';
import { executionInput } from '#statemachine/input.ts';
import { bucketIntegrations } from '#statemachine/local/buckets.ts';

const call = { signal: new AbortController().signal, execution: '', state: '', eventId: 1, submitted: () => {} };

test('objects below a prefix are written and read', async () => {
  const store = memoryStore();
  const s3 = bucketIntegrations([{ name: 'b', prefix: 'out/', store }]);
  await s3['aws-sdk:s3:putObject']!({ Bucket: 'b', Key: 'out/status.json', Body: { status: 'failed' } }, call);
  assert.deepEqual(await s3['s3:getObject']!({ Bucket: 'b', Key: 'out/status.json' }, call), {
    Body: '{"status":"failed"}',
  });
  assert.ok(await store.head('status.json'));
});

test('a missing bucket gives the error of the service', async () => {
  const s3 = bucketIntegrations([]);
  await assert.rejects(s3['s3:getObject']!({ Bucket: 'b', Key: 'k' }, call), /S3.NoSuchBucketException/);
});

/** URIs and the buckets and prefixes that the state machine sees. */
const INPUTS: [string, string, Partial<ReturnType<typeof executionInput>>][] = [
  ['s3://in/up/load/', 's3://b', { bucket: 'b', prefix: '' }],
  ['file:///data/in', 'file:///data/out', { bucket: 'output', prefix: '' }],
  ['file:///data/in', 's3://b/out', { bucket: 'b', prefix: 'out/' }],
];

for (const [inputUri, storeUri, places] of INPUTS) {
  test(`${inputUri} and ${storeUri} make the input of the execution`, () => {
    const run = { runId: 'r', inputUri, storeUri, force: false };
    assert.deepEqual(executionInput(run), { ...run, ...places });
  });
}
