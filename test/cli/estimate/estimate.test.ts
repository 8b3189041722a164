import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { diskHour } from '#lib/aws/prices.ts';
import { type Config, parseConfig } from '#lib/config.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { submitSpreadSeconds } from '#statemachine/bindings.ts';
import { CAPACITIES } from '#statemachine/estimate/simulation/capacity.ts';
import { type Estimate, estimateRun } from '../../../cli/estimate/estimate.ts';

const COURSES = 3;
const SLICES = 40;
const ROIS = 7;

let upload: ObjectStore;
let bytes = 0;

before(async () => {
  upload = memoryStore();
  for (const file of generatedCohort({ courses: COURSES, slices: SLICES, rows: 16, columns: 16, seed: 1 })) {
    await upload.put(file.path, file.bytes);
    bytes += file.bytes.length;
  }
});

function stageOf({ stages }: Estimate, name: string) {
  return stages.find(({ stage }) => stage === name);
}

function near(value: number | undefined, expected: number): void {
  assert.ok(value !== undefined && Math.abs(value - expected) < 1e-9 * Math.abs(expected), `${value}, not ${expected}`);
}

async function estimate(config: object = {}): Promise<Estimate> {
  return estimateRun(upload, parseConfig(config) as Config);
}

test('the estimate counts one job per course and enabled stage, and one for the tables', async () => {
  const found = await estimate();
  assert.equal(found.courses, COURSES);
  assert.equal(found.bytes, bytes);
  assert.deepEqual(
    found.stages.map(({ stage, hosts, jobs }) => [stage, hosts, jobs]),
    [
      ['segmentation', 'gpu', 3],
      ['structures', 'cpu', 3],
      ['dvh', 'cpu', 3],
      ['radiomics', 'cpu', 3],
      ['qc', 'cpu', 3],
      ['robustness', 'long', 3],
      ['aggregate', 'cpu', 1],
    ],
  );
});

test('estimated hours follow the numbers of slices and structures', async () => {
  const found = await estimate();
  near(stageOf(found, 'segmentation')?.hours, (COURSES * (30 + 0.6 * SLICES)) / 3600);
  near(stageOf(found, 'dvh')?.hours, (COURSES * (5 + 0.02 * SLICES + 2 * ROIS)) / 3600);
  near(stageOf(found, 'aggregate')?.hours, 20 / 3600);
});

test('estimated dollars are hours times the host price, less on spot', async () => {
  const found = await estimate();
  const gpu = stageOf(found, 'segmentation');
  near(gpu?.onDemand, (gpu?.hours as number) * 0.9776);
  for (const { hosts, spot, onDemand } of found.stages) near(spot / onDemand, hosts === 'cpu' ? 0.3 : 0.45);
  near(found.storageMonth, (bytes / 1e9) * 0.023);
  assert.ok(found.orchestration > COURSES * 45 * 0.000025);
});

test('the estimate includes disks in the run, and endpoints and metrics per month', async () => {
  const [all, none] = [await estimate(), await estimate({ segmentation: { enabled: false } })];
  // 200 GB of gp3 at 0.08 and 375 MB/s at 0.04 a month of 730 hours: https://aws.amazon.com/ebs/pricing/
  near(diskHour(), 31 / 730);
  assert.ok(all.run.likely.dollars - none.run.likely.dollars > all.run.likely.gpuHours * diskHour());
  near(all.idleMonth.endpoints, 43.8);
  near(all.idleMonth.metrics, 19.5);
});

test('without a GPU segmentation moves to CPU hosts and takes many times longer', async () => {
  const [gpu, cpus] = [await estimate(), await estimate({ segmentation: { device: 'cpu' } })].map((found) =>
    stageOf(found, 'segmentation'),
  );
  assert.deepEqual([gpu?.hosts, cpus?.hosts], ['gpu', 'long']);
  near(cpus?.hours, (COURSES * (30 + 15 * 0.6 * SLICES)) / 3600);
});

test('disabled stages cost nothing, and robustness uses hosts for long jobs', async () => {
  const found = await estimate({ segmentation: { enabled: false }, radiomics_robustness: { enabled: true } });
  assert.equal(stageOf(found, 'segmentation'), undefined);
  assert.equal(stageOf(found, 'robustness')?.hosts, 'long');
  assert.ok((stageOf(found, 'robustness')?.hours as number) > (stageOf(found, 'radiomics')?.hours as number));
});

test('estimate writes nothing into the upload folder', async () => {
  const keys: string[] = [];
  for await (const { key } of upload.list('')) keys.push(key);
  await estimate();
  const after: string[] = [];
  for await (const { key } of upload.list('')) after.push(key);
  assert.deepEqual(after, keys);
});

test('a run takes longer than its longest chain of jobs, and more when everything is slow', async () => {
  const { run, stages } = await estimate({ radiomics_robustness: { enabled: false } });
  assert.ok(run.low.hours < run.likely.hours && run.likely.hours < run.high.hours);
  assert.ok(run.low.dollars < run.likely.dollars && run.likely.dollars < run.high.dollars);
  const jobs = stages.reduce((sum, { spot }) => sum + spot, 0);
  assert.ok(run.likely.dollars > jobs, `${run.likely.dollars} with hosts, ${jobs} of jobs`);
  // Functions 2 + files / 500, 2 + files / 17,000 and 2; then hosts that boot in 120 s, pull in 120 and start in 3, and tasks that
  // start in 60; the jobs by the rules; some seconds of chance before each submission and 2 s + 0.04 a course for the report.
  const files = COURSES * (SLICES + 3);
  const functions = 2 + files / 500 + 2 + files / 17_000 + 2 + 2 + 0.04 * COURSES;
  const segmentation = 243 + 30 + 0.6 * SLICES;
  const structures = 60 + 5 + 0.15 * SLICES + 1.5 * ROIS;
  const radiomics = 60 + 5 + 0.05 * SLICES + 8 * ROIS;
  const least = functions + segmentation + structures + radiomics + 60 + 20;
  const seconds = 3600 * run.likely.hours;
  const most = least + 4 * (1 + submitSpreadSeconds(CAPACITIES.likely.courseConcurrency));
  assert.ok(seconds >= least - 0.1 && seconds < most, `${seconds} s, not ${least} to ${most}`);
});
