import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { uploadPieces } from '#lib/store/s3-pieces.ts';

const PART = 5 * 1024 * 1024;
const TARGET = { Bucket: 'bucket', Key: 'table.parquet' };

/** As S3 answers uploads: what was asked of it, and the parts by number. */
const asked: string[] = [];
const parts = new Map<number, Buffer>();
let refusePart = 0;
const server = createServer(async (request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://s3');
  const body = await bodyOf(request);
  const part = Number(searchParams.get('partNumber') ?? 0);
  const step = `${request.method} ${searchParams.has('uploads') ? 'begin' : part || (searchParams.has('uploadId') ? 'end' : 'whole')}`;
  asked.push(step);
  if (request.method === 'PUT') parts.set(part, body);
  response.setHeader('etag', `"${part}"`);
  response.statusCode = refusePart > 0 && part === refusePart ? 403 : 200;
  if (step === 'POST begin') response.end(xml('InitiateMultipartUploadResult', '<UploadId>u</UploadId>'));
  else if (step === 'POST end') response.end(xml('CompleteMultipartUploadResult', '<ETag>"w"</ETag>'));
  else response.end(response.statusCode === 403 ? '<Error><Code>AccessDenied</Code></Error>' : '');
});
let client: S3Client;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const endpoint = `http://127.0.0.1:${port}`;
  // Without checksums a body arrives as it is, not in signed chunks.
  const checksums = { requestChecksumCalculation: 'WHEN_REQUIRED' } as const;
  client = new S3Client({
    endpoint,
    credentials,
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    ...checksums,
  });
});
beforeEach(() => {
  asked.length = 0;
  parts.clear();
  refusePart = 0;
});
after(() => server.close());

async function* pieces(count: number, bytes: number, breakAt = -1) {
  for (let n = 0; n < count; n++) {
    if (n === breakAt) throw new Error('no more pieces');
    yield new Uint8Array(bytes).fill(n + 1);
  }
}

const upload = (of: AsyncIterable<Uint8Array>) =>
  uploadPieces(client, TARGET, of, {
    partBytes: PART,
    refused: (cause) => {
      throw new Error(`refused: ${cause.name}`);
    },
  });

test('a small object goes in one request', async () => {
  await upload(pieces(3, 1000));
  assert.deepEqual(asked, ['PUT whole']);
  assert.equal(parts.get(0)?.length, 3000);
});

test('a large object goes in parts, which together are its bytes', async () => {
  await upload(pieces(4, 3_000_000));
  assert.deepEqual(asked, ['POST begin', 'PUT 1', 'PUT 2', 'PUT 3', 'POST end']);
  const whole = Buffer.concat([1, 2, 3].map((n) => parts.get(n)!));
  assert.equal(whole.length, 12_000_000);
  assert.deepEqual(
    [0, 2_999_999, 3_000_000, 11_999_999].map((at) => whole[at]),
    [1, 1, 2, 4],
  );
});

test('when making the pieces fails, the parts are dropped and the error is told as it is', async () => {
  await assert.rejects(upload(pieces(6, 3_000_000, 5)), /^Error: no more pieces$/);
  assert.ok(!asked.includes('POST end'));
  assert.equal(asked.at(-1), 'DELETE end');
});

test('when S3 refuses a part, the others are dropped', async () => {
  refusePart = 2;
  await assert.rejects(upload(pieces(4, 3_000_000)), /refused: AccessDenied/);
  assert.equal(asked.at(-1), 'DELETE end');
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
}

function xml(name: string, inside: string): string {
  return `<?xml version="1.0"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${name}>`;
}
