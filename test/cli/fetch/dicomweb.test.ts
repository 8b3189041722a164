import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { DEFAULT_OPTIONS } from '#lib/dicomweb/client.ts';
import type { Query } from '#lib/received/query.ts';
import { RECEIVED_LIST, readReceivedList } from '#lib/received/received-list.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { fetchDicomweb } from '../../../cli/fetch/dicomweb.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';
import { multipart, startDicomweb, status } from '../../fixtures/dicomweb-server.ts';

const FILES = [...archivedFiles('4711', 2, 6), ...archivedFiles('0815', 1, 5)];
const server = await startDicomweb(FILES);
after(() => server.close());

beforeEach(() => {
  server.asked.length = 0;
  server.fault = () => undefined;
  server.countedMore = 0;
  server.page = 1000;
  server.ignoresOffset = false;
});

/** Fetches without waiting: what would be waited for stands in `waits`. */
async function fetched(store: ObjectStore, query: Query = { PatientID: '4711' }, place = server.place, options = {}) {
  const waits: number[] = [];
  const said: string[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const counts = await fetchDicomweb({
    place,
    queries: [query],
    store,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
    options: { ...DEFAULT_OPTIONS, perSecond: 1e6, wait, ...options },
  });
  return { counts, waits, said };
}

async function filesOf(store: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('')) if (key !== RECEIVED_LIST) found.push(key);
  return found;
}

const isInstance = (path: string) => /instances\/[\d.]+$/.test(path);

test('all instances of the patient, and no others, arrive byte for byte', async () => {
  const store = memoryStore();
  const { counts } = await fetched(store);
  assert.deepEqual(counts, { announced: 12, here: 0, received: 12, missing: 0 });
  const keys = await filesOf(store);
  const bodies = await Promise.all(keys.map(async (key) => Buffer.from(await store.get(key)).toString('hex')));
  assert.deepEqual(
    bodies.sort(),
    FILES.slice(0, 12)
      .map((file) => Buffer.from(file).toString('hex'))
      .sort(),
  );
  assert.ok(keys.every((key) => !key.includes('4711')));
});

test('a repeated fetch transfers only lost files', async () => {
  const store = memoryStore();
  await fetched(store);
  await store.delete((await filesOf(store))[3]);
  server.asked.length = 0;
  const { counts } = await fetched(store);
  assert.deepEqual(counts, { announced: 12, here: 11, received: 1, missing: 0 });
  assert.equal(server.asked.filter(isInstance).length, 1);
});

test('paging ends when pages are short and when the server repeats its first page', async () => {
  server.page = 4;
  assert.equal((await fetched(memoryStore())).counts.received, 12);
  server.page = 1000;
  server.ignoresOffset = true;
  assert.equal((await fetched(memoryStore())).counts.received, 12);
});

test('a server that counts more instances than it lists: each missing one is reported', async () => {
  server.countedMore = 2;
  const store = memoryStore();
  const { counts } = await fetched(store);
  assert.deepEqual(counts, { announced: 16, here: 0, received: 12, missing: 4 });
  const missing = (await readReceivedList(store)).filter(({ why }) => why !== undefined);
  assert.equal(missing.length, 4);
  assert.match(missing[0].why ?? '', /counts it but does not list it/);
});

const BAD_INSTANCE: [string, Parameters<typeof setFault>[0], RegExp][] = [
  ['is not there', (response) => status(response, 404), /answers 404/],
  ['fails each time', (response) => status(response, 500), /status 500, 5 times/],
  ['is another one', (response) => multipart(response, FILES[13]), /is another instance/],
  [
    'is a page of a proxy',
    (response) => void response.setHeader('Content-Type', 'text/html').end('<p>'),
    /but text\/html/,
  ],
  ['has two parts', (response) => multipart(response, FILES[0], FILES[1]), /2 parts, but one was requested/],
  [
    'is no DICOM',
    (response) => multipart(response, Buffer.from('nothing of the kind')),
    /does not return this instance/,
  ],
  [
    'is cut off by the connection',
    (response) => {
      response.setHeader('Content-Length', 1000).write('half');
      response.destroy();
    },
    /broke during the transfer/,
  ],
  [
    'is cut off in a whole answer',
    (response) => {
      response.setHeader('Content-Type', 'multipart/related; boundary=s').end('--s\r\n\r\nhalf');
    },
    /ends before its closing delimiter/,
  ],
];

function setFault(answer: (response: Parameters<typeof status>[0]) => void): void {
  const [bad] = FILES.slice(2, 3).map(sopOf);
  server.fault = ({ path, response }) => {
    if (!path.endsWith(`/instances/${bad}`)) return;
    answer(response);
    return true;
  };
}

for (const [what, answer, reason] of BAD_INSTANCE)
  test(`an instance that ${what} is listed with the reason, the others arrive, and the next fetch requests it again`, async () => {
    setFault(answer);
    const store = memoryStore();
    const { counts } = await fetched(store);
    assert.deepEqual(counts, { announced: 12, here: 0, received: 11, missing: 1 });
    const [missing, ...others] = (await readReceivedList(store)).filter(({ why }) => why !== undefined);
    assert.match(missing.why ?? '', reason);
    assert.deepEqual(others, []);
    server.fault = () => undefined;
    assert.deepEqual((await fetched(store)).counts, { announced: 12, here: 11, received: 1, missing: 0 });
    assert.deepEqual(
      (await readReceivedList(store)).filter(({ why }) => why !== undefined),
      [],
    );
  });

test('a transient failure is retried after growing waits or when the server says', async () => {
  server.fault = ({ path, count, response }) => {
    if (!isInstance(path) || count > 2) return;
    response.writeHead(503, count === 2 ? { 'Retry-After': '7' } : {}).end();
    return true;
  };
  const { counts, waits } = await fetched(memoryStore());
  assert.equal(counts.received, 12);
  assert.equal(waits.filter((ms) => ms === 500).length, 12);
  assert.equal(waits.filter((ms) => ms === 7000).length, 12);
});

type Response = Parameters<typeof status>[0];
const typed = (response: Response, type: string, body: string) => response.setHeader('Content-Type', type).end(body);

const STOPS: [string, (response: Response) => unknown, RegExp][] = [
  ['is overloaded for good', (response) => status(response, 503), /does not answer: status 503, 5 times/],
  ['does not know us', (response) => status(response, 401), /rejects the login \(401\)/],
  ['refuses us', (response) => status(response, 403), /refuses access \(403\)/],
  ['sends us on', (response) => status(response, 307), /redirects to another address \(307\)/],
  ['answers the query with a page', (response) => typed(response, 'text/html', '<p>'), /a query with text\/html/],
  ['answers the query with half a list', (response) => typed(response, 'application/json', '[{'), /broken JSON/],
  [
    'answers the query with no list',
    (response) => typed(response, 'application/json', '{}'),
    /JSON that is not a list/,
  ],
];
for (const [what, answer, message] of STOPS)
  test(`a server that ${what} stops the fetch with one line that names no patient`, async () => {
    server.fault = ({ response }) => {
      answer(response);
      return true;
    };
    await assert.rejects(fetched(memoryStore()), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /4711|\n/);
      return true;
    });
  });

test('twenty refused instances in a row stop the fetch', async () => {
  const many = await startDicomweb(archivedFiles('77', 1, 40));
  many.fault = ({ path, response }) => {
    if (!isInstance(path)) return;
    status(response, 404);
    return true;
  };
  const store = memoryStore();
  await assert.rejects(fetched(store, { PatientID: '77' }, many.place), /refused 20 instances in a row/);
  assert.ok((await readReceivedList(store)).length === 40);
  await many.close();
});

test('instances of other patients are discarded when a server ignores the query', async () => {
  const { place } = server;
  const store = memoryStore();
  server.fault = ({ path, response }) => {
    if (!path.includes('/studies?')) return;
    const entry = { '0020000D': { Value: ['1.2'] }, '00100020': { Value: ['0815'] } };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify([entry]));
    return true;
  };
  await assert.rejects(fetched(store, { PatientID: '4711' }, place), /ignores PatientID of the query/);
  assert.deepEqual(await filesOf(store), []);
});

test('when the server fails, received files stay and the next fetch continues', async () => {
  let given = 0;
  server.fault = ({ path, response }) => {
    if (!isInstance(path) || given++ < 5) return;
    status(response, 503);
    return true;
  };
  const store = memoryStore();
  await assert.rejects(fetched(store), /does not answer/);
  const here = (await filesOf(store)).length;
  assert.equal(here, 5);
  server.fault = () => undefined;
  assert.deepEqual((await fetched(store)).counts, { announced: 12, here, received: 12 - here, missing: 0 });
});

test('an unreachable server and a silent server each give one line', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => closed.once('listening', done));
  const { port } = closed.address() as { port: number };
  await new Promise((done) => closed.close(done));
  const nobody = { ...server.place, url: new URL(`http://127.0.0.1:${port}/dicom-web`) };
  await assert.rejects(fetched(memoryStore(), {}, nobody), /does not answer: ECONNREFUSED, 5 times/);
  server.fault = () => true;
  const brief = { idleSeconds: 0.02, attempts: 2 };
  await assert.rejects(fetched(memoryStore(), {}, server.place, brief), /silent for 0.02 s, 2 times/);
});

test('a server that stops in the middle of an answer is reported as silent', async () => {
  server.fault = ({ response }) => {
    response.setHeader('Content-Type', 'application/json').write('[');
    return true;
  };
  const brief = { idleSeconds: 0.02, attempts: 2 };
  await assert.rejects(fetched(memoryStore(), {}, server.place, brief), /silent for 0.02 s, 2 times/);
});

test('requests keep to the configured rate', async () => {
  const started = performance.now();
  const { waits } = await fetched(memoryStore(), { PatientID: '0815' }, server.place, { perSecond: 1 });
  // Nothing is waited for here: the last of these waits is what the requests would have taken beyond the time that passed.
  const totalMs = (waits.at(-1) ?? 0) + performance.now() - started;
  assert.ok(totalMs >= 1000 * (server.asked.length - 1), `${totalMs} ms for ${server.asked.length}`);
});

function sopOf(file: Uint8Array): string {
  return /1\.2\.826\.0\.1\.3680043\.10\.\d+\.\d+\.\d+/.exec(Buffer.from(file).toString('latin1'))?.[0] ?? '';
}
