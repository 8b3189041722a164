import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { type CohortFolder, startRun, writeCohort } from '#test/fixtures/cohort-run.ts';

/** No thread starts in a millisecond, so every ROI is past its limit; jobs have a minute at least. */
const CONFIG = `segmentation: {enabled: false}
task_timeout: 0.001
radiomics:
  task_timeout: 0.001
  skip_rois: []
  min_voxels: 1
  params_file: {imageType: {Original: {}}, featureClass: {firstorder: }, setting: {resampledPixelSpacing: [8, 8, 8]}}
radiomics_robustness: {enabled: true, task_timeout: 0.001, segmentation_perturbation: {apply_to_structures: ['*']}}
`;

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-limits-'));
after(() => rmSync(root, { recursive: true }));
let out: string;
const rowsOf = async (table: string): Promise<Row[]> =>
  (await fromParquet(new Uint8Array(readFileSync(join(out, 'results', `${table}.parquet`))))).rows;

let first: { exitCode?: number; stdout: string };
let cohort: CohortFolder;

before(async () => {
  cohort = writeCohort(root, { courses: 1 }, CONFIG);
  out = cohort.out('out');
  first = await startRun(cohort, out);
});

for (const table of ['dvh_metrics', 'radiomics_ct', 'robustness_values']) {
  test(`${table}: an ROI that exceeds its time limit is killed and keeps a row that says so`, async () => {
    const rows = await rowsOf(table);
    assert.ok(rows.length > 3);
    for (const { status, reason } of rows) {
      assert.equal(status, 'failed');
      assert.match(String(reason), /^the task took longer than 0\.001 s/);
    }
  });
}

test('a run reports such ROIs in exit code, summary, status, tables and report', async () => {
  assert.equal(first.exitCode, 3);
  assert.match(first.stdout, /1 courses: 0 done, 1 in part, 0 failed/);
  assert.match(
    first.stdout,
    /in part: .* dvh: \d+ structures without a result: BODY: the task took longer than 0\.001 s/,
  );
  const status = new Map((await rowsOf('status')).map((row) => [row.stage, row]));
  for (const stage of ['dvh', 'radiomics', 'robustness']) {
    assert.equal(status.get(stage)?.status, 'partial', stage);
    assert.ok(Number(status.get(stage)?.findings) > 3, stage);
  }
  assert.match(readFileSync(join(out, 'results', 'report.html'), 'utf8'), /Stages with missing results/);
});

test('the next run with more time computes only the missing results', async () => {
  const more = ['task_timeout=0', 'radiomics.task_timeout=0', 'radiomics_robustness.task_timeout=0'];
  const { exitCode, stdout } = await startRun(cohort, out, '--json', '--set', ...more);
  assert.equal(exitCode, 0, stdout);
  const computed = readFileSync(join(out, 'run', 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'Job:Process:Start')
    .map(({ stage }) => stage);
  const second = computed.slice(computed.indexOf('aggregate') + 1);
  assert.deepEqual(second.toSorted(), ['aggregate', 'dvh', 'radiomics', 'robustness']);
  for (const table of ['dvh_metrics', 'radiomics_ct', 'robustness_values'])
    assert.ok(
      (await rowsOf(table)).some(({ status }) => status === 'ok'),
      table,
    );
});
