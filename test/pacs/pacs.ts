import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TransferSyntax } from '#lib/dicom/uid.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { fileStore } from '#lib/store/file.ts';
import { fetchArchive } from '../../cli/fetch/fetch.ts';
import { archivedFiles } from '../fixtures/archived-files.ts';
import { freePort } from '../fixtures/free-port.ts';
import { type Orthanc, startOrthanc } from './orthanc.ts';
import { pythonFor } from './packages.ts';
import { called, programsMissing } from './programs.ts';
import { assertSameDataSets, dataSetOf, dataSetsIn, intoFolder, received, TITLE } from './received.ts';

/** The product beside a real archive and real senders: `npm run test:pacs`. */
const missing = programsMissing();
const options = { skip: missing ?? false, timeout: 600_000 };

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-pacs-'));
const silent = { say: () => {}, signal: new AbortController().signal };
let orthanc: Orthanc;
let movePort: number;
let sentFiles: Uint8Array[];
const COHORT = { courses: 2, slices: 10, rows: 24, columns: 24, seed: 1 };
const query = ['PatientID=*'];
const SEND = fileURLToPath(new URL('./send.py', import.meta.url));
const SYNTAXES = [TransferSyntax.jpeg2000Lossless, TransferSyntax.rleLossless, TransferSyntax.implicitVrLittleEndian];

before(async () => {
  if (missing) return;
  movePort = await freePort();
  orthanc = await startOrthanc({ title: TITLE, port: movePort });
  sentFiles = [...generatedCohort(COHORT)].map(({ bytes }) => bytes);
  await orthanc.add(sentFiles);
  process.env.RTPIPELINE_DICOMWEB_USER = 'reader';
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'open sesame';
});

after(async () => {
  await orthanc?.close();
  rmSync(root, { recursive: true, force: true });
});

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
    `Orthanc by ${name}: every data set arrives byte for byte, and a repeated fetch transfers nothing`,
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

async function keysIn(folder: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of fileStore(folder).list('')) if (key.endsWith('.dcm')) keys.push(key);
  return keys;
}

test('an archive that does not know us gives one line', options, async () => {
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'wrong';
  const request = { queries: query, store: fileStore(join(root, 'unknown')), ...silent };
  await assert.rejects(
    fetchArchive({ ...request, location: orthanc.dicomweb }),
    /rejects the login \(401\).*repeat the command/,
  );
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'open sesame';
});

test('a query without results gives one line', options, async () => {
  const location = `dimse:${orthanc.title}@127.0.0.1:${orthanc.dicomPort}`;
  const request = { queries: ['PatientID=nobody'], store: fileStore(join(root, 'nobody')), ...silent };
  await assert.rejects(fetchArchive({ ...request, location }), /found nothing for this query/);
  await assert.rejects(fetchArchive({ ...request, location: orthanc.dicomweb }), /found nothing for this query/);
});

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

test('DCMTK sends 2,000 instances twice over four associations: none is lost or doubled', options, async () => {
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
  const came = await received(intoFolder(out), async (port) => {
    for (let time = 0; time < 2; time++)
      for (const { exitCode, output } of await Promise.all([0, 1, 2, 3].map((part) => send(port, part))))
        assert.equal(exitCode, 0, output);
  });
  assert.deepEqual(came, { new: 2000, same: 2000, other: 0, notStored: 0, broken: 0 });
  assertSameDataSets(await dataSetsIn(out), new Map(files.map(dataSetOf)));
});

test('DCMTK sends an echo, uses a wrong title, breaks off in the middle, then sends all again', options, async () => {
  const { folder, files } = sendable();
  const out = join(root, 'broken');
  const came = await received(intoFolder(out), async (port) => {
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
});

test(
  'pynetdicom sends compressed and plain instances over six associations, aborts three, then sends all again',
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
    const came = await received(intoFolder(out), async (port) => {
      assert.deepEqual(await send(port, 3), { exitCode: 0, output: '135' });
      assert.deepEqual(await send(port, 0), { exitCode: 0, output: '180' });
    });
    assert.deepEqual(came, { new: 180, same: 135, other: 0, notStored: 0, broken: 3 });
    assertSameDataSets(await dataSetsIn(out), new Map(files.map(dataSetOf)));
  },
);
