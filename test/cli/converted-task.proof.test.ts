import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { fileStore } from '#lib/store/file.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { QUICK, startRun, writeCohort } from '../fixtures/cohort-run.ts';
import { writeConvertedTask } from '../fixtures/converted-task.ts';

const root = mkdtempSync(join(tmpdir(), 'converted-task-'));
after(() => rmSync(root, { recursive: true }));
const out = join(root, 'out');
let log = '';

before(async () => {
  const weights = join(root, 'weights');
  writeConvertedTask(weights, 'total', 'CT');
  const segmentation = `segmentation: {weights: ${weights}, command: ${join(root, 'nowhere')}, device: cpu}`;
  const config = QUICK.replace('segmentation: {enabled: false}', segmentation);
  const cohort = writeCohort(root, { courses: 1, slices: 14, rows: 24, columns: 24 }, config);
  const { exitCode, stdout, stderr } = await startRun(cohort, out);
  log = `${stdout}${stderr}`;
  assert.equal(exitCode, 0, log);
});

async function organs(table: string): Promise<Row[]> {
  const { rows } = await fromParquet(await fileStore(out).get(resultKeys.table(table, 'parquet')));
  return rows.filter(({ source }) => source === 'totalsegmentator');
}

test('a converted task gives rows in every table of structures, without the program', async () => {
  const structures = await organs('structures');
  assert.deepEqual(structures.map((row) => row.roi_name_original ?? row.roi_name).sort(), ['liver', 'spleen']);
  assert.deepEqual(
    structures.map(({ status }) => status),
    ['ok', 'ok'],
  );
  for (const table of ['dvh_metrics', 'radiomics_ct']) {
    const rows = await organs(table);
    const names = new Set(rows.map(({ roi_name }) => roi_name));
    assert.deepEqual([...names].sort(), structures.map(({ roi_name }) => roi_name).sort(), table);
    assert.ok(
      rows.every(({ status }) => status === 'ok'),
      table,
    );
  }
});

test('a converted task ends in an RTSTRUCT and a SEG', () => {
  const files = readdirSync(join(out, 'courses'), { recursive: true }).map(String);
  const objects = files.filter((path) => /totalsegmentator.*[.]dcm$/.test(path));
  const modalities = objects.map((path) => readDataSet(readFileSync(join(out, 'courses', path))).text('Modality'));
  assert.deepEqual(modalities.sort(), ['RTSTRUCT', 'SEG'], files.join('\n'));
});
