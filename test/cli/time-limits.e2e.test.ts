import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { startRun, writeCohort } from '#test/fixtures/cohort-run.ts';

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

before(async () => {
  const cohort = writeCohort(root, { courses: 1 }, CONFIG);
  out = cohort.out('out');
  const { exitCode, stderr } = await startRun(cohort, out);
  assert.equal(exitCode, 0, stderr);
});

for (const table of ['dvh_metrics', 'radiomics_ct', 'robustness_values']) {
  test(`${table}: an ROI that is past its time is killed and stays a row that says so`, async () => {
    const rows = await rowsOf(table);
    assert.ok(rows.length > 3);
    for (const { status, reason } of rows) {
      assert.equal(status, 'failed');
      assert.match(String(reason), /^the task took longer than 0\.001 s/);
    }
  });
}
