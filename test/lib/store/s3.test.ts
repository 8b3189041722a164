import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { PipelineError, Transient } from '#lib/errors.ts';
import { s3Store } from '#lib/store/s3.ts';
import type { ObjectStore } from '#lib/store/store.ts';

const server = createServer((request, response) => {
  const isDenied = request.url?.includes('denied');
  response.writeHead(isDenied ? 403 : 503, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${isDenied ? 'AccessDenied' : 'SlowDown'}</Code><Message>no</Message></Error>`);
});
let store: ObjectStore;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, credentials, region: 'eu-central-1', forcePathStyle: true, maxAttempts: 1 });
  store = s3Store('bucket', 'runs/1', client);
});
after(() => server.close());

test('a denied request is reported as such and not repeated', async () => {
  const put = () => store.put('denied', new Uint8Array());
  for (const call of [() => store.get('denied'), put, () => store.delete('denied')])
    await assert.rejects(call, (error: PipelineError) => {
      assert.ok(error instanceof PipelineError && !(error instanceof Transient));
      assert.equal(error.retryable, false);
      assert.match(error.message, /S3 denies it \(AccessDenied\).*\(denied\)/);
      return true;
    });
});

test('a busy store counts as worth a retry', async () => {
  await assert.rejects(store.get('busy'), Transient);
});
