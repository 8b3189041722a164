import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { type CohortFolder, startRun, writeCohort } from '#test/fixtures/cohort-run.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { addDeidentify } from '../../../cli/commands/deidentify.ts';

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
  test(`${table} holds the same numbers for the de-identified cohort as for the original`, async () => {
    const [before, after] = [await rows('original', table), await rows('deidentified', table)];
    assert.ok(before.length > 0);
    assert.deepEqual(after.map(measured).sort(), before.map(measured).sort());
    const patients = new Set(before.map((row) => row.patient_id));
    assert.equal(new Set(after.map((row) => row.patient_id)).size, patients.size);
    assert.ok(after.every((row) => !patients.has(row.patient_id)));
  });

test('age, sex and the intervals between dates stay, dates do not', async () => {
  const facts = (row: Row) => [Math.floor(Number(row.patient_age_years)), row.patient_sex];
  const [before, after] = [await rows('original', 'case_metadata'), await rows('deidentified', 'case_metadata')];
  assert.deepEqual(after.map(facts).sort(), before.map(facts).sort());
  assert.ok(after.every((row) => row.ct_date !== before[0].ct_date));
});

test('copies are named by pseudonyms, and nothing that is said tells of a patient', () => {
  const folders = readdirSync(join(root, 'copies'));
  assert.equal(folders.length, 2);
  assert.ok(folders.every((name) => /^P-[0-9a-f]{32}$/.test(name)));
  assert.match(
    output,
    /^\d+ of \d+ files de-identified, 2 patients\.\nnames of structures replaced by numbers: 0 of 14\n/,
  );
  assert.doesNotMatch(output, /GEN-0|Generated/);
});

test('copies do not mix with what lies there already', async () => {
  const { refusal } = await runCommand(
    addDeidentify,
    'deidentify',
    cohort.input,
    '--out',
    join(root, 'copies'),
    '--key',
    join(root, 'key'),
  );
  assert.match(refusal as string, /not empty/);
});
