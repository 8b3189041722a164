import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { readDataSet } from '#lib/dicom/read.ts';
import { TransferSyntax } from '#lib/dicom/uid.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { fileStore } from '#lib/store/file.ts';
import { pythonWith } from '../../bench/peers/python-venv.ts';
import { exportRun } from '../../cli/commands/export.ts';
import { fetchArchive } from '../../cli/fetch/fetch.ts';
import { type Came, receive } from '../../cli/receive.ts';
import { archivedFiles } from '../fixtures/archived-files.ts';
import { assertSameTables, type CohortFolder, startRun, writeCohort } from '../fixtures/cohort-run.ts';
import { startDicomweb } from '../fixtures/dicomweb-server.ts';
import { freePort, type Orthanc, startOrthanc } from './orthanc.ts';
import { called, programsMissing } from './programs.ts';

/** The product beside a real archive and real senders: `npm run test:pacs`. */
const missing = programsMissing();
if (missing)
  console.error(`\n${'!'.repeat(80)}\nNOT TESTED: THE ARCHIVE AND THE SENDERS: ${missing}\n${'!'.repeat(80)}\n`);
const options = { skip: missing ?? false, timeout: 600_000 };

const TITLE = 'RTPIPE';
const root = mkdtempSync(join(tmpdir(), 'rtpipeline-pacs-'));
const silent = { say: () => {}, signal: new AbortController().signal };
let orthanc: Orthanc;
let movePort: number;
let cohort: CohortFolder;
let sentFiles: Uint8Array[];
/** As `writeCohort` makes it. */
const COHORT = { courses: 2, slices: 10, rows: 24, columns: 24, seed: 1 };
const query = ['PatientID=*'];
const PYTHON_PACKAGES = [
  'pydicom==3.0.2',
  'pynetdicom==3.0.4',
  'frictionless==5.21.0',
  'rocrate==0.16.0',
  'highdicom==0.28.2',
];
const READ_REPORT = fileURLToPath(new URL('./read_report.py', import.meta.url));
const SEND = fileURLToPath(new URL('./send.py', import.meta.url));
const SYNTAXES = [TransferSyntax.jpeg2000Lossless, TransferSyntax.rleLossless, TransferSyntax.implicitVrLittleEndian];

before(async () => {
  if (missing) return;
  movePort = await freePort();
  orthanc = await startOrthanc({ title: TITLE, port: movePort });
  cohort = writeCohort(root);
  sentFiles = [...generatedCohort(COHORT)].map(({ bytes }) => bytes);
  await orthanc.add(sentFiles);
  process.env.RTPIPELINE_DICOMWEB_USER = 'reader';
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'open sesame';
});

after(async () => {
  await orthanc?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Data sets by their SOP Instance UID, without the meta headers, which each program writes in its own way. */
async function dataSetsIn(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const store = fileStore(folder);
  for await (const { key } of store.list('')) {
    if (!key.endsWith('.dcm')) continue;
    const [uid, dataSet] = dataSetOf(await store.get(key));
    assert.ok(!found.has(uid), `${uid} is there twice`);
    found.set(uid, dataSet);
  }
  return found;
}

function dataSetOf(file: Uint8Array): [string, string] {
  const bytes = Buffer.from(file);
  const start = 144 + bytes.readUInt32LE(140);
  return [readDataSet(file).text('SOPInstanceUID'), bytes.subarray(start).toString('base64')];
}

/** A DICOM file as DCMTK writes it: what Orthanc sends by DIMSE has sequences of defined length, however they were stored. */
async function asSentByDimse(file: Uint8Array): Promise<Uint8Array> {
  const [from, to] = [join(root, 'before.dcm'), join(root, 'after.dcm')];
  writeFileSync(from, file);
  const { exitCode, output } = await called('dcmconv', from, to);
  assert.equal(exitCode, 0, output);
  return readFileSync(to);
}

const asStored = async (file: Uint8Array) => file;
const dimsePlace = () => `dimse:${orthanc.title}@127.0.0.1:${orthanc.dicomPort}`;
const PATHS: [string, () => string, typeof asStored, () => object][] = [
  ['DICOMweb', () => orthanc.dicomweb, asStored, () => ({})],
  ['C-GET', dimsePlace, asSentByDimse, () => ({})],
  ['C-MOVE', dimsePlace, asSentByDimse, () => ({ movePort })],
];
for (const [name, place, encoded, dimse] of PATHS)
  test(
    `Orthanc by ${name}: every data set byte for byte as it sends them, and the same again fetches nothing`,
    options,
    async () => {
      const out = join(root, `by ${name}`);
      const request = { location: place(), dimse: dimse(), queries: query, store: fileStore(out), ...silent };
      const files = sentFiles;
      const done = await fetchArchive(request);
      assert.deepEqual(done, { announced: files.length, here: 0, received: files.length, missing: 0 });
      const sent = new Map<string, string>();
      for (const file of files) sent.set(...dataSetOf(await encoded(file)));
      assertSameDataSets(await dataSetsIn(out), sent);
      const [lost] = await keysIn(out);
      rmSync(join(out, lost));
      assert.deepEqual(await fetchArchive(request), { ...done, here: files.length - 1, received: 1 });
      assertSameDataSets(await dataSetsIn(out), sent);
    },
  );

/** Says which differ, not the bytes of all. */
function assertSameDataSets(found: Map<string, string>, expected: Map<string, string>): void {
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  assert.deepEqual(
    [...expected].filter(([uid, bytes]) => found.get(uid) !== bytes).map(([uid]) => uid),
    [],
  );
}

async function keysIn(folder: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of fileStore(folder).list('')) if (key.endsWith('.dcm')) keys.push(key);
  return keys;
}

test('the archive does not know us: one line', options, async () => {
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'wrong';
  const request = { queries: query, store: fileStore(join(root, 'unknown')), ...silent };
  await assert.rejects(
    fetchArchive({ ...request, location: orthanc.dicomweb }),
    /does not know us \(401\).*goes on from here/,
  );
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'open sesame';
});

test('a query for nobody is one line', options, async () => {
  const location = `dimse:${orthanc.title}@127.0.0.1:${orthanc.dicomPort}`;
  const request = { queries: ['PatientID=nobody'], store: fileStore(join(root, 'nobody')), ...silent };
  await assert.rejects(fetchArchive({ ...request, location }), /holds nothing that the query asks for/);
  await assert.rejects(
    fetchArchive({ ...request, location: orthanc.dicomweb }),
    /holds nothing that the query asks for/,
  );
});

/** Receives while `send` is at work; `send` is told the port. */
async function received(out: string, send: (port: number) => Promise<void>): Promise<Came> {
  const port = await freePort();
  const stop = new AbortController();
  const listening = Promise.withResolvers<void>();
  const came = receive({
    title: TITLE,
    host: '127.0.0.1',
    port,
    callers: [],
    store: fileStore(out),
    quietSeconds: 600,
    say: (line) => line.startsWith('listening') && listening.resolve(),
    signal: stop.signal,
  });
  await listening.promise;
  try {
    await send(port);
  } finally {
    stop.abort();
  }
  return came;
}

/** 2,000 slices in folders of one series each. */
function sendable(): { folder: string; files: Uint8Array[] } {
  const folder = join(root, 'sendable');
  const files = archivedFiles('2000', 8, 250);
  files.forEach((file, i) => {
    const series = join(folder, String(i % 8));
    mkdirSync(series, { recursive: true });
    writeFileSync(join(series, `${i}.dcm`), file);
  });
  return { folder, files };
}

test(
  'DCMTK sends 2,000 instances over four associations at once, all of them twice: nothing lost, nothing double',
  options,
  async () => {
    const { folder, files } = sendable();
    const out = join(root, 'received');
    const send = (port: number, part: number) =>
      called(
        'dcmsend',
        '-aec',
        TITLE,
        '--scan-directories',
        '127.0.0.1',
        String(port),
        join(folder, String(part)),
        join(folder, String(part + 4)),
      );
    const came = await received(out, async (port) => {
      for (let time = 0; time < 2; time++)
        for (const { exitCode, output } of await Promise.all([0, 1, 2, 3].map((part) => send(port, part))))
          assert.equal(exitCode, 0, output);
    });
    assert.deepEqual(came, { new: 2000, same: 2000, other: 0, notStored: 0, broken: 0 });
    assertSameDataSets(await dataSetsIn(out), new Map(files.map(dataSetOf)));
  },
);

test(
  'DCMTK asks for an echo, calls for another title, and breaks off in the middle; then it sends all again',
  options,
  async () => {
    const { folder, files } = sendable();
    const out = join(root, 'broken');
    const came = await received(out, async (port) => {
      const at = ['127.0.0.1', String(port)];
      assert.equal((await called('echoscu', '-aec', TITLE, ...at)).exitCode, 0);
      const wrong = await called('storescu', '-aec', 'SOMEBODY', ...at, join(folder, '0', '0.dcm'));
      assert.notEqual(wrong.exitCode, 0);
      assert.match(wrong.output, /Called AE Title Not Recognized/i);
      // storescu ends the association by A-ABORT after what it has sent.
      await called('storescu', '--abort', '-aec', TITLE, ...at, join(folder, '1', '1.dcm'));
      const all = await called('dcmsend', '-aec', TITLE, '--scan-directories', '--recurse', ...at, folder);
      assert.equal(all.exitCode, 0, all.output);
    });
    assert.deepEqual(came, { new: 2000, same: 1, other: 0, notStored: 0, broken: 1 });
    assert.equal((await dataSetsIn(out)).size, files.length);
  },
);

test(
  'pynetdicom sends compressed and plain instances over six associations, three of them aborted in the middle, then all again',
  options,
  async (context) => {
    const python = await pythonFor(context);
    if (!python) return;
    const folder = join(root, 'compressed');
    const files = SYNTAXES.flatMap((syntax, i) => archivedFiles(`C${i}`, 2, 30, syntax));
    mkdirSync(folder);
    for (const [i, file] of files.entries()) writeFileSync(join(folder, `${i}.dcm`), file);
    const out = join(root, 'from pynetdicom');
    const send = (port: number, aborted: number) =>
      called(python, SEND, String(port), TITLE, '6', String(aborted), folder);
    const came = await received(out, async (port) => {
      assert.deepEqual(await send(port, 3), { exitCode: 0, output: '135' });
      assert.deepEqual(await send(port, 0), { exitCode: 0, output: '180' });
    });
    assert.deepEqual(came, { new: 180, same: 135, other: 0, notStored: 0, broken: 3 });
    assertSameDataSets(await dataSetsIn(out), new Map(files.map(dataSetOf)));
  },
);

test(
  'a service with a certificate of its own: refused in one line, trusted by its authority, and it knows us by ours',
  options,
  async () => {
    const pem = (name: string) => join(root, `${name}.pem`);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    for (const name of ['server', 'client']) {
      const files = ['-keyout', pem(`${name}-key`), '-out', pem(name)];
      const { exitCode, output } = await called('openssl', ...make, ...files, ...subject);
      assert.equal(exitCode, 0, output);
    }
    const read = (name: string) => readFileSync(pem(name), 'utf8');
    const identity = { key: read('server-key'), cert: read('server') };
    const server = await startDicomweb(archivedFiles('TLS', 1, 3), {
      ...identity,
      ca: read('client'),
      requestCert: true,
    });
    const fetched = async (environment: Record<string, string>) => {
      Object.assign(process.env, environment);
      const request = { queries: ['PatientID=TLS'], store: fileStore(join(root, 'tls')), ...silent };
      return fetchArchive({ ...request, location: `dicomweb:${server.place.url.href}` });
    };
    await assert.rejects(fetched({}), /no trusted connection to the DICOMweb service: DEPTH_ZERO_SELF_SIGNED_CERT/);
    await assert.rejects(fetched({ RTPIPELINE_DICOMWEB_CA_FILE: pem('server') }), /DICOMweb service/);
    const ours = { RTPIPELINE_DICOMWEB_CERT_FILE: pem('client'), RTPIPELINE_DICOMWEB_KEY_FILE: pem('client-key') };
    assert.equal((await fetched(ours)).received, 3);
    for (const name of ['CA', 'CERT', 'KEY']) delete process.env[`RTPIPELINE_DICOMWEB_${name}_FILE`];
    await server.close();
  },
);

test(
  'the tables of the cohort are the same, byte for byte, from the folder, by DICOMweb, C-GET and C-STORE',
  options,
  async () => {
    await runInto('from folder', cohort.input);
    const dimse = `dimse:${orthanc.title}@127.0.0.1:${orthanc.dicomPort}`;
    await runInto('from DICOMweb', orthanc.dicomweb, '--query', ...query);
    await runInto('from C-GET', dimse, '--query', ...query);
    const inbox = join(root, 'inbox');
    await received(inbox, async (port) => {
      const { exitCode, output } = await called(
        'dcmsend',
        '-aec',
        TITLE,
        '--scan-directories',
        '--recurse',
        '127.0.0.1',
        String(port),
        cohort.input,
      );
      assert.equal(exitCode, 0, output);
    });
    await runInto('from C-STORE', inbox);
    for (const name of ['from DICOMweb', 'from C-GET', 'from C-STORE'])
      assertSameTables(cohort.out(name), cohort.out('from folder'));
    const told = readFileSync(join(cohort.out('from DICOMweb'), 'run', 'log.jsonl'), 'utf8');
    assert.doesNotMatch(told, /PatientID=|open sesame/);
  },
);

test(
  'frictionless, rocrate and highdicom read what lies beside the tables, number for number',
  options,
  async (context) => {
    const python = await pythonFor(context);
    if (!python) return;
    const results = join(cohort.out('from folder'), 'results');
    const valid = await called(python, '-m', 'frictionless', 'validate', join(results, 'datapackage.json'));
    assert.equal(valid.exitCode, 0, valid.output);
    const read = `import sys; from rocrate.rocrate import ROCrate; print(len(ROCrate(sys.argv[1]).root_dataset['hasPart']) > 0)`;
    const crate = await called(python, '-c', read, results);
    assert.equal(crate.output, 'True');
    await assertReportsRead(python);
  },
);

async function runInto(name: string, input: string, ...flags: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await startRun({ ...cohort, input }, cohort.out(name), ...flags);
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
}

/** Python with the packages of the peers; without a registry the test is skipped, and says so. */
async function pythonFor(context: TestContext): Promise<string | undefined> {
  try {
    return await pythonWith('pacs', PYTHON_PACKAGES);
  } catch (error) {
    const why = `NOT TESTED: pip gives no ${PYTHON_PACKAGES.join(', ')}: ${String(error).split('\n')[0]}`;
    console.error(why);
    context.skip(why);
    return undefined;
  }
}

/** Every DVH number and IBSI feature of the tables stands in the reports as highdicom reads them. */
async function assertReportsRead(python: string): Promise<void> {
  const out = cohort.out('reports');
  const run = cohort.out('from folder');
  await exportRun(run, { to: 'sr', out, source: 'manual', dataset: '' });
  const { exitCode, output } = await called(python, READ_REPORT, out);
  assert.equal(exitCode, 0, output);
  const read = JSON.parse(output.split('\n').at(-1) ?? '') as [string, string, string, string, number][];
  const means = read
    .filter(([, scheme, code]) => scheme === '99RTPIPELINE' && code === 'Mean[Gy]')
    .map((one) => one[4]);
  const rows = parse(readFileSync(join(run, 'results', 'dvh_metrics.csv')), { columns: true }) as Record<
    string,
    string
  >[];
  const written = rows.filter(({ status }) => status === 'ok').map((row) => Number(row['Mean[Gy]']));
  assert.ok(written.length > 0);
  // Decimal strings hold 16 characters.
  assert.deepEqual(sorted(means), sorted(written));
  assert.ok(read.some(([, scheme, code, unit]) => scheme === 'IBSI' && code === 'Q4LE' && unit === "[hnsf'U]"));
}

function sorted(values: number[]): string[] {
  return values.map((value) => value.toPrecision(12)).sort();
}
