import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { readCatalog } from '#lib/stages/catalog/list.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { openStore } from '#lib/store/open.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-manifest-'));
const manifest = join(folder, 'idc.s5cmd');
const objects = new Map<string, Uint8Array>();
const asked: { path: string; headers: IncomingHttpHeaders }[] = [];

/** As much of S3 as reading needs: ListObjectsV2, HeadObject, GetObject of a range. */
const server = createServer(({ url = '/', headers, method }, response) => {
  const { pathname: path, searchParams } = new URL(url, 'http://localhost');
  asked.push({ path: url, headers });
  if (searchParams.get('list-type') === '2') {
    const prefix = `${path.replace(/\/$/, '')}/${searchParams.get('prefix') ?? ''}`;
    const found = [...objects].filter(([key]) => key.startsWith(prefix));
    const content = ([key, { length }]: [string, Uint8Array]) =>
      `<Contents><Key>${key.split('/').slice(2).join('/')}</Key><Size>${length}</Size><ETag>"${key}"</ETag></Contents>`;
    response.setHeader('Content-Type', 'application/xml');
    return response.end(`<ListBucketResult>${found.map(content).join('')}</ListBucketResult>`);
  }
  const body = objects.get(path);
  if (!body) return response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  const [, from = '0', to = String(body.length - 1)] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? [];
  const part = body.subarray(Number(from), Number(to) + 1);
  response.writeHead(headers.range ? 206 : 200, { 'Content-Length': part.length, ETag: `"${path}"` });
  return response.end(method === 'HEAD' ? undefined : part);
});

before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = 'ours';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  for (const [i, file] of archivedFiles('IDC', 2, 3).entries())
    objects.set(`/idc-open-data/series-${i % 2}/${i}.dcm`, file);
  for (const [i, file] of archivedFiles('CR', 1, 2).entries()) objects.set(`/idc-open-data-cr/series-9/${i}.dcm`, file);
  objects.set('/idc-open-data/series-7/not-named.dcm', archivedFiles('NOT', 1, 1)[0]);
  const lines = [
    'cp s3://idc-open-data/series-0/* .',
    'cp s3://idc-open-data/series-1/* .',
    'cp s3://idc-open-data-cr/series-9/* .',
  ];
  writeFileSync(manifest, `# s5cmd --no-sign-request run\n${lines.join('\n')}\ncp s3://idc-open-data/withdrawn/* .\n`);
});
beforeEach(() => {
  asked.length = 0;
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
  server.close();
});

async function cataloged(uri: string, store = memoryStore()) {
  await writeJson(store, runKeys.config, parseConfig({}));
  const signal = new AbortController().signal;
  const input = await openStore(uri);
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  return { counts: await catalog.run({ force: false }, context), lines: await readCatalog(store), store };
}

test('a manifest over two buckets is read in place: by range, without credentials, each byte once', async () => {
  const first = await cataloged(`manifest+unsigned:${manifest}`);
  assert.equal(first.counts.instances, 8);
  const rejected = first.lines.flatMap((line) =>
    'rejected' in line ? [[line.rejected.key, line.rejected.reason]] : [],
  );
  assert.deepEqual(rejected, [['idc-open-data/withdrawn/', 'not_received']]);
  const gets = asked.filter(({ path }) => path.includes('.dcm'));
  assert.ok(gets.length > 0 && gets.every(({ headers }) => headers.range?.startsWith('bytes=0-')));
  assert.ok(asked.every(({ headers }) => headers.authorization === undefined));
  const again = await cataloged(`manifest+unsigned:${manifest}`, first.store);
  assert.equal(again.counts.instances, 8);
  assert.equal(again.counts.bytesRead, 0);
});

test('another process opens the same objects by the URI of the store', async () => {
  const { uri } = await openStore(`manifest+unsigned:${manifest}`);
  assert.equal(uri, `manifest+unsigned:${manifest}`);
  const store = await openStore(uri);
  assert.deepEqual(await store.get('idc-open-data/series-0/0.dcm'), objects.get('/idc-open-data/series-0/0.dcm'));
});

test('requests to a requester-pays bucket say so and use our credentials', async () => {
  await cataloged(`manifest+requester-pays:${manifest}`);
  assert.ok(asked.every(({ headers }) => headers['x-amz-request-payer'] === 'requester'));
  assert.ok(asked.every(({ headers }) => headers.authorization?.includes('Credential=ours/')));
});
