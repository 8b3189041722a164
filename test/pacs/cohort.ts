import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse/sync';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { demoCases } from '#lib/phantom/demo/cohort.ts';
import type { PhantomFile } from '#lib/phantom/file.ts';
import { fileStore } from '#lib/store/file.ts';
import { openStore } from '#lib/store/open.ts';
import { exportRun } from '../../cli/commands/export.ts';
import { addPush } from '../../cli/commands/push.ts';
import { fetchArchive } from '../../cli/fetch/fetch.ts';
import { coursesOf, KINDS, pushedObjects } from '../../cli/push/objects.ts';
import { receivedUploads } from '../../cli/receive/uploads.ts';
import { emulatorEnvironment } from '../../infra/local/environment.ts';
import { emulatorMissing, startEmulator } from '../emulator/emulator.ts';
import { assertSameTables, type CohortFolder, QUICK, startRun, writeFiles } from '../fixtures/cohort-run.ts';
import { runCommand } from '../fixtures/command.ts';
import { freePort } from '../fixtures/free-port.ts';
import { type Orthanc, startOrthanc } from './orthanc.ts';
import { pythonFor } from './packages.ts';
import { called, programsMissing } from './programs.ts';
import { assertSameDataSets, dataSetOf, dataSetsIn, intoFolder, received, TITLE } from './received.ts';

/** The sample cohort through each way in, and its results out. */
const missing = programsMissing();
const options = { skip: missing ?? false, timeout: 800_000 };
const READ_REPORT = fileURLToPath(new URL('./read_report.py', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'rtpipeline-pacs-cohort-'));
const query = ['PatientID=*'];
const silent = { say: () => {}, signal: new AbortController().signal };
let orthanc: Orthanc;
let movePort: number;
let cohort: CohortFolder;
let files: PhantomFile[];

/** Something for `push`: a structure that is made, and with it an RTSTRUCT and a SEG. */
const CONFIG = `${QUICK}custom_structures:\n  - {name: ring, source_structures: [Rectum], ring: {inner_mm: 2, outer_mm: 8}}\n`;

before(async () => {
  if (missing) return;
  movePort = await freePort();
  orthanc = await startOrthanc({ title: TITLE, port: movePort });
  files = [...instances()];
  cohort = writeFiles(root, files, CONFIG);
  await orthanc.add(files.map(({ bytes }) => bytes));
  process.env.RTPIPELINE_DICOMWEB_USER = 'reader';
  process.env.RTPIPELINE_DICOMWEB_PASSWORD = 'open sesame';
  await runInto('from folder', cohort.input);
});

after(async () => {
  await orthanc?.close();
  rmSync(root, { recursive: true, force: true });
});

/** The instances of the sample cohort as an archive holds them: each once, and no file that is cut off or no DICOM. */
function* instances(): Generator<PhantomFile> {
  let number = 0;
  for (const phantomCase of demoCases())
    for (const object of phantomCase.objects()) yield { path: `${number++}.dcm`, bytes: writeDicom(object) };
}

async function runInto(name: string, input: string, ...flags: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await startRun({ ...cohort, input }, cohort.out(name), ...flags);
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
}

const dimse = () => `dimse:${orthanc.title}@127.0.0.1:${orthanc.dicomPort}`;

/** Lets the cohort come in by one way, and runs it. */
const WAYS: Record<string, (name: string) => Promise<void>> = {
  DICOMweb: (name) => runInto(name, orthanc.dicomweb, '--query', ...query),
  'C-GET': (name) => runInto(name, dimse(), '--query', ...query),
  async 'C-MOVE'(name) {
    const inbox = join(root, 'moved');
    const request = { location: dimse(), dimse: { movePort }, queries: query, store: fileStore(inbox), ...silent };
    assert.equal((await fetchArchive(request)).received, files.length);
    await runInto(name, inbox);
  },
  async 'C-STORE'(name) {
    const inbox = join(root, 'sent');
    await received(intoFolder(inbox), sendCohort);
    await runInto(name, inbox);
  },
};

async function sendCohort(port: number): Promise<void> {
  const words = ['-aec', TITLE, '--scan-directories', '127.0.0.1', String(port), cohort.input];
  const { exitCode, output } = await called('dcmsend', ...words);
  assert.equal(exitCode, 0, output);
}

for (const [way, comeIn] of Object.entries(WAYS))
  test(
    `the tables of the sample cohort are the same via ${way} as from the folder, byte for byte`,
    options,
    async () => {
      await comeIn(`by ${way}`);
      assertSameTables(cohort.out(`by ${way}`), cohort.out('from folder'));
      const told = readFileSync(join(cohort.out(`by ${way}`), 'run', 'log.jsonl'), 'utf8');
      assert.doesNotMatch(told, /PatientID=|open sesame/);
    },
  );

test(
  'the tables of the sample cohort are the same via emulated S3: from a manifest, and from uploads of the receiver',
  options,
  async (context) => {
    const unavailable = emulatorMissing();
    if (unavailable) {
      console.error(`NOT TESTED: ${unavailable}`);
      return context.skip(unavailable);
    }
    const port = await freePort();
    const emulator = await startEmulator(port);
    try {
      Object.assign(process.env, emulatorEnvironment(port));
      const client = new S3Client({ forcePathStyle: true });
      for (const Bucket of ['first', 'second', 'uploads']) await client.send(new CreateBucketCommand({ Bucket }));
      const lines = await Promise.all(
        files.map(async ({ bytes }, i) => {
          const [Bucket, Key] = [i % 2 === 0 ? 'first' : 'second', `${i % 7}/${i}.dcm`];
          await client.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
          return `cp s3://${Bucket}/${Key} .\n`;
        }),
      );
      const manifest = join(root, 'cohort.s5cmd');
      writeFileSync(manifest, lines.join(''));
      await runInto('by manifest', `manifest:${manifest}`);
      assertSameTables(cohort.out('by manifest'), cohort.out('from folder'));

      // A patient whose instances come with pauses may be several uploads: what counts is that every instance is in one.
      const complete = new Map<string, number>();
      const all = Promise.withResolvers<void>();
      const uploads = await receivedUploads({
        place: 's3://uploads',
        quietSeconds: 5,
        say(line) {
          const [, name, count] = /^upload (\S+) is complete: (\d+)/.exec(line) ?? [];
          if (name) complete.set(name, Number(count));
          if ([...complete.values()].reduce((sum, one) => sum + one, 0) === files.length) all.resolve();
        },
        now: () => new Date(),
      });
      await received(uploads.keep, sendCohort);
      await all.promise;
      await uploads.close();
      const written: string[] = [];
      for await (const { key } of (await openStore('s3://uploads')).list('incoming/'))
        if (key.endsWith('.dcm')) written.push(`s3://uploads/${key}\n`);
      writeFileSync(manifest, written.join(''));
      await runInto('by uploads', `manifest:${manifest}`);
      assertSameTables(cohort.out('by uploads'), cohort.out('from folder'));
    } finally {
      for (const name of Object.keys(emulatorEnvironment(port))) delete process.env[name];
      emulator.process.kill();
    }
  },
);

test(
  'frictionless, rocrate, highdicom and dcmqi read the files beside the tables with equal numbers',
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

test('pushed RTSTRUCT, SEG, dose sums and reports are stored unchanged in Orthanc', options, async () => {
  const run = cohort.out('from folder');
  const store = fileStore(run);
  const pushed = new Map<string, string>();
  const modalities = new Set<string>();
  for await (const { file } of pushedObjects(store, await coursesOf(store, []), [...KINDS])) {
    pushed.set(...dataSetOf(file));
    modalities.add(readDataSet(file).text('Modality'));
  }
  assert.deepEqual([...modalities].sort(), [...KINDS].sort());
  const { output, exitCode } = await runCommand(addPush, 'push', run, '--to', orthanc.dicomweb);
  assert.deepEqual([output, exitCode], [`${pushed.size} objects stored`, 0]);
  const back = join(root, 'pushed');
  const queries = [...query, ...KINDS.map((kind) => `Modality=${kind}`)];
  await fetchArchive({ location: orthanc.dicomweb, queries, store: fileStore(back), ...silent });
  const there = [...(await dataSetsIn(back))];
  assertSameDataSets(new Map(there.filter(([uid]) => pushed.has(uid))), pushed);
});

/** highdicom takes a second for a hundred measurements. */
const REPORTS_READ = 3;

/** Every DVH number and IBSI feature of the tables stands in the reports, the shortest of them, as highdicom reads them. */
async function assertReportsRead(python: string): Promise<void> {
  const out = cohort.out('reports');
  const run = cohort.out('from folder');
  await exportRun(run, { to: 'sr', out, source: 'manual', dataset: '' });
  const rows = parse(readFileSync(join(run, 'results', 'dvh_metrics.csv')), { columns: true }) as Record<
    string,
    string
  >[];
  const dosed = rows.filter(({ status }) => status === 'ok');
  const lengthOf = (file: string) => statSync(file).size;
  const reports = [...new Set(dosed.map(({ course_id: course }) => join(out, `${course}.sr.dcm`)))]
    .sort((a, b) => lengthOf(a) - lengthOf(b))
    .slice(0, REPORTS_READ);
  const { exitCode, output } = await called(python, READ_REPORT, ...reports);
  assert.equal(exitCode, 0, output);
  const read = JSON.parse(output.split('\n').at(-1) ?? '') as MeasurementRow[];
  assertSameRows(await readByDcmqi(python, reports), read);
  const means = read
    .filter(([, scheme, code]) => scheme === '99RTPIPELINE' && code === 'Mean[Gy]')
    .map((one) => one[4]);
  const courses = reports.map((file) => basename(file, '.sr.dcm'));
  const written = dosed
    .filter(({ course_id: course }) => courses.includes(course))
    .map((row) => Number(row['Mean[Gy]']));
  assert.ok(written.length > 0);
  // Decimal strings hold 16 characters.
  assert.deepEqual(sorted(means), sorted(written));
  assert.ok(read.some(([, scheme, code, unit]) => scheme === 'IBSI' && code === 'Q4LE' && unit === "[hnsf'U]"));
}

function sorted(values: number[]): string[] {
  return values.map((value) => value.toPrecision(12)).sort();
}

/** File and tracking identifier of the group, scheme and code, unit, value. */
type MeasurementRow = [string, string, string, string, number];

interface DcmqiReport {
  Measurements: {
    TrackingIdentifier: string;
    measurementItems: {
      quantity: { CodingSchemeDesignator: string; CodeValue: string };
      units: { CodeValue: string };
      value: string;
    }[];
  }[];
}

/** The same reports as dcmqi's reader of TID 1500 takes them. */
async function readByDcmqi(python: string, reports: string[]): Promise<MeasurementRow[]> {
  const rows: MeasurementRow[] = [];
  for (const report of reports) {
    const name = basename(report);
    const json = join(root, `${name}.json`);
    const words = ['--inputDICOM', report, '--outputMetadata', json];
    const { exitCode, output } = await called(join(dirname(python), 'tid1500reader'), ...words);
    assert.equal(exitCode, 0, output);
    const { Measurements } = JSON.parse(readFileSync(json, 'utf8')) as DcmqiReport;
    for (const { TrackingIdentifier, measurementItems } of Measurements)
      for (const { quantity, units, value } of measurementItems) {
        const { CodingSchemeDesignator, CodeValue } = quantity;
        rows.push([`${name} ${TrackingIdentifier}`, CodingSchemeDesignator, CodeValue, units.CodeValue, Number(value)]);
      }
  }
  return rows;
}

/** By what they are of: no two rows of a report are of the same. */
function byMeaning(rows: MeasurementRow[]): Map<string, number> {
  const values = new Map(
    rows.map(([group, scheme, code, unit, value]) => [[group, scheme, code, unit].join(' | '), value]),
  );
  assert.equal(values.size, rows.length);
  return values;
}

/** dcmqi gives a value as its decimal string, of at most 16 characters: nine digits at least. */
function assertSameRows(found: MeasurementRow[], expected: MeasurementRow[]): void {
  const [values, truths] = [byMeaning(found), byMeaning(expected)];
  assert.deepEqual([...values.keys()].sort(), [...truths.keys()].sort());
  const differing = [...truths].filter(
    ([key, truth]) => Math.abs((values.get(key) ?? Number.NaN) - truth) > 1e-9 * Math.abs(truth),
  );
  assert.deepEqual(differing, []);
}
