import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { type CohortFolder, startRun, writeCohort } from '#test/fixtures/cohort-run.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { addDeidentify } from '../../../cli/commands/deidentify.ts';
import { openLineRecord } from '../../../cli/line-record.ts';

let root: string;
let cohort: CohortFolder;
let output: string;

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'rtpipeline-deidentify-'));
  cohort = writeCohort(root);
  const copies = join(root, 'copies');
  const flags = ['--out', copies, '--key', join(root, 'key')];
  ({ output } = await runCommand(addDeidentify, 'deidentify', cohort.input, ...flags));
  for (const [input, out] of [
    [cohort.input, 'original'],
    [copies, 'deidentified'],
  ]) {
    const { exitCode, stdout } = await startRun({ ...cohort, input }, cohort.out(out));
    assert.equal(exitCode, 0, stdout);
  }
});

after(() => rmSync(root, { recursive: true }));

async function rows(out: string, table: string): Promise<Row[]> {
  return (await fromParquet(new Uint8Array(readFileSync(join(cohort.out(out), resultKeys.table(table, 'parquet'))))))
    .rows;
}

/** What of a row tells no identity: its structure and its numbers. */
function measured(row: Row): string {
  const kept = Object.entries(row).filter(
    ([name, value]) => typeof value === 'number' || /^(roi_name|status)$/.test(name),
  );
  return JSON.stringify(kept);
}

for (const table of ['dvh_metrics', 'dvh_curves', 'radiomics_ct', 'structures', 'doses'])
  test(`${table} has the same numbers for the de-identified cohort as for the original`, async () => {
    const [before, after] = [await rows('original', table), await rows('deidentified', table)];
    assert.ok(before.length > 0);
    assert.deepEqual(after.map(measured).sort(), before.map(measured).sort());
    const patients = new Set(before.map((row) => row.patient_id));
    assert.equal(new Set(after.map((row) => row.patient_id)).size, patients.size);
    assert.ok(after.every((row) => !patients.has(row.patient_id)));
  });

test('age, sex and intervals between dates stay; the dates change', async () => {
  const facts = (row: Row) => [Math.floor(Number(row.patient_age_years)), row.patient_sex];
  const [before, after] = [await rows('original', 'case_metadata'), await rows('deidentified', 'case_metadata')];
  assert.deepEqual(after.map(facts).sort(), before.map(facts).sort());
  assert.ok(after.every((row) => row.ct_date !== before[0].ct_date));
});

test('copies are named by pseudonyms, and no output names a patient', () => {
  const folders = readdirSync(join(root, 'copies'));
  assert.equal(folders.length, 2);
  assert.ok(folders.every((name) => /^P-[0-9a-f]{32}$/.test(name)));
  assert.match(output, /^\d+ of \d+ files de-identified, 2 patients\.\nstructure names replaced by numbers: 0 of 14\n/);
  assert.doesNotMatch(output, /GEN-0|Generated/);
});

const again = (...flags: string[]) =>
  runCommand(addDeidentify, 'deidentify', cohort.input, '--out', join(root, 'copies'), ...flags);

test('an interrupted run continues: recorded files are skipped, lost copies are written again', async () => {
  const record = join(root, 'copies.deidentified.jsonl');
  const lines = readFileSync(record, 'utf8').trim().split('\n');
  const copies = lines.map((line) => join(root, 'copies', JSON.parse(line).copy));
  const before = copies.map((copy) => readFileSync(copy));
  writeFileSync(record, `${lines.slice(0, 5).join('\n')}\n${lines[5].slice(0, 20)}`);
  rmSync(copies[0]);
  const untouched = statSync(copies[1]).ino;
  const { output: said } = await again('--key', join(root, 'key'));
  assert.deepEqual(
    copies.map((copy) => readFileSync(copy)),
    before,
  );
  assert.equal(statSync(copies[1]).ino, untouched);
  assert.equal(said.split('\n')[0], output.split('\n')[0]);
  assert.equal(readdirSync(join(root, 'copies'), { recursive: true }).length, copies.length + 2);
});

test('the check passes a clean copy and finds identities that were put back', async () => {
  const { output: clean } = await again('--key', join(root, 'key'), '--check');
  assert.match(clean, /26 copies searched: no removed identity found in them\.$/m);
  const [{ path, copy }] = openLineRecord<{ path: string; copy: string }>(
    join(root, 'copies.deidentified.jsonl'),
  ).lines;
  const copied = readFileSync(join(root, 'copies', copy));
  writeFileSync(join(root, 'copies', copy), readFileSync(join(cohort.input, path)));
  const { output: told, exitCode } = await again('--key', join(root, 'key'), '--check');
  assert.match(told, /^still present: x00100010: name or number of a person, in 1 copies$/m);
  assert.match(told, /^still present: x00080018: UID, in 1 copies$/m);
  assert.doesNotMatch(told, /GEN-0|Generated/);
  assert.equal(exitCode, 3);
  writeFileSync(join(root, 'copies', copy), copied);
});

test('copies are not written among existing files', async () => {
  const { refusal } = await again('--key', join(root, 'another key'));
  assert.match(refusal as string, /not empty/);
});
