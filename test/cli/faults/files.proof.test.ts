import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readJson } from '#lib/course-store/json.ts';
import { fileStore } from '#lib/store/file.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import {
  assertResumes,
  assertSameTables,
  type CohortFolder,
  copyOfRun,
  startRun,
  tableBytes,
  writeCohort,
} from '#test/fixtures/cohort-run.ts';

/** What the made-up course has at these places. */
const [SLICE, DOSE] = ['1/5', '1/13'];

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-faults-'));
after(() => rmSync(root, { recursive: true }));
let cohort: CohortFolder;
let undisturbed: string;
let course: string;

before(async () => {
  cohort = writeCohort(root, { courses: 1 });
  undisturbed = cohort.out('undisturbed');
  assert.equal((await startRun(cohort, undisturbed)).exitCode, 0);
  const { courseId } = await readJson<{ courseId: string }>(fileStore(undisturbed), 'run/courses.jsonl');
  course = `courses/${courseId}`;
});

const REMOVED: [what: string, keys: () => string[]][] = [
  ['parts of tables, and masks', () => [`${course}/dvh/dvh_metrics.json`, `${course}/structures/masks/0.nii.gz`]],
  ['the status of stages', () => [`${course}/status/structures.json`, `${course}/status/qc.json`]],
  ['a course with all that it has', () => [course]],
  [
    'what the run knows of the input',
    () => ['private/instances', 'run/organized.json', 'run/courses.jsonl', 'run/status'],
  ],
  ['the results', () => ['results']],
];
for (const [what, keys] of REMOVED)
  test(`${what}: removed, the next run makes them again`, async () => {
    const out = copyOfRun(undisturbed, cohort.out('removed'));
    for (const key of keys()) rmSync(join(out, key), { recursive: true });
    await assertResumes(cohort, out, undisturbed);
    rmSync(out, { recursive: true });
  });

test('the next run rewrites truncated files', async () => {
  const out = copyOfRun(undisturbed, cohort.out('halved'));
  const keys = [
    'private/instances/all.jsonl',
    'run/status/catalog.json',
    'run/organized.json',
    'run/state.json',
    'results/run.json',
    `${course}/images/images.json`,
    `${course}/status/dvh.json`,
    `${course}/qc/qc.json`,
  ];
  for (const key of keys) halve(join(out, key));
  await assertResumes(cohort, out, undisturbed);
});

test('a changed digit in a partial table or a flipped bit in a mask reaches no table and is reported', async () => {
  const out = copyOfRun(undisturbed, cohort.out('changed'));
  const [part, mask] = [`${course}/dvh/dvh_metrics.json`, `${course}/structures/masks/0.nii.gz`];
  const text = readFileSync(join(out, part), 'utf8');
  writeFileSync(
    join(out, part),
    text.replace(/\d(?=\d*[,}\]])/, (digit) => String((Number(digit) + 1) % 10)),
  );
  flip(join(out, mask), (bytes) => [Math.floor(bytes.length / 2)]);
  const { exitCode, stdout, stderr } = await startRun(cohort, out);
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  // The findings, and their number in the status, tell of the damage.
  assertSameTables(out, undisturbed, ['findings.parquet', 'status.parquet']);
  const { rows } = await fromParquet(await fileStore(out).get(resultKeys.table('findings', 'parquet')));
  const damaged = rows.filter(({ code }) => code === 'OUTPUT_DAMAGED').map((row) => String(row.where));
  assert.deepEqual(damaged.toSorted(), [part, mask]);
});

test('a dose replaced under the same name, size and time gives new tables, and back', async () => {
  const changed = withInput('exchanged');
  const file = join(changed.input, DOSE);
  const original = readFileSync(file);
  const { atime, mtime } = statSync(file);
  flip(file, (bytes) => Array.from({ length: 20_000 }, (_, n) => bytes.length - 1 - 4 * n));
  utimesSync(file, atime, mtime);
  const fresh = changed.out('fresh');
  assert.equal((await startRun(changed, fresh)).exitCode, 0);
  const out = copyOfRun(undisturbed, changed.out('exchanged'));
  assert.notEqual(tableBytes(fresh)['dvh_metrics.parquet'], tableBytes(out)['dvh_metrics.parquet']);
  await assertResumes(changed, out, fresh);
  writeFileSync(file, original);
  await assertResumes(changed, out, undisturbed);
});

test('a truncated slice and a missing slice are reported; once restored, the tables are as before', async () => {
  const changed = withInput('cut');
  const file = join(changed.input, SLICE);
  const original = readFileSync(file);
  const out = copyOfRun(undisturbed, changed.out('cut'));
  for (const harm of [() => halve(file), () => rmSync(file)]) {
    harm();
    const { exitCode, stdout, stderr } = await startRun(changed, out);
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
    assert.notEqual(tableBytes(out)['findings.parquet'], tableBytes(undisturbed)['findings.parquet']);
    writeFileSync(file, original);
    await assertResumes(changed, out, undisturbed);
  }
});

/** The cohort with a copy of its input, to be changed. */
function withInput(name: string): CohortFolder {
  const input = join(root, `input-${name}`);
  cpSync(cohort.input, input, { recursive: true, preserveTimestamps: true });
  return { ...cohort, input };
}

function halve(file: string): void {
  truncateSync(file, Math.floor(readFileSync(file).length / 2));
}

/** Flips the last bit of some bytes of a file. */
function flip(file: string, at: (bytes: Uint8Array) => number[]): void {
  const bytes = readFileSync(file);
  for (const index of at(bytes)) bytes[index] ^= 1;
  writeFileSync(file, bytes);
}
