import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costFacts, costOfJob, NO_COST, together } from '#lib/stages/run-cost.ts';

const claim = { cpus: 1, memoryMiB: 2048, gpus: 0, timeoutSeconds: 0 };
/** US dollars for an hour of Fargate with 1 vCPU and 2 GB: 0.04048 + 2 x 0.004445 (aws.amazon.com/fargate/pricing, us-east-1). */
const FARGATE_HOUR = 0.04937;
/** US dollars for an hour of the first host with a GPU (aws.amazon.com/ec2/pricing/on-demand, us-east-1). */
const GPU_HOUR = 0.9776;

test('a job costs its hours on the host that fits it', () => {
  const { cpuHours, gpuHours, onDemand, spot } = costOfJob('dvh', claim, 7200);
  assert.deepEqual([cpuHours, gpuHours], [2, 0]);
  assert.ok(Math.abs(onDemand - 2 * FARGATE_HOUR) < 1e-12, `${onDemand}`);
  assert.ok(spot > 0 && spot < onDemand);
  const between = costOfJob('dvh', { ...claim, memoryMiB: 1500 }, 7200);
  assert.equal(between.onDemand, onDemand, 'there is no smaller host');
});

test('a job with a GPU costs its whole host', () => {
  const { gpuHours, onDemand } = costOfJob('segmentation', { ...claim, cpus: 4, gpus: 1 }, 1800);
  assert.equal(gpuHours, 0.5);
  assert.ok(Math.abs(onDemand - GPU_HOUR / 2) < 1e-12, `${onDemand}`);
});

test('hours and dollars add up, with the date of the prices', () => {
  const all = together(costOfJob('dvh', claim, 3600), together(NO_COST, costOfJob('qc', claim, 1800)));
  const [hours, dollars] = costFacts(all);
  assert.deepEqual(hours, { label: 'CPU hours that jobs held', value: '1.50' });
  assert.match(
    dollars.value,
    /^\$0\.02 on Spot capacity, \$0\.07 on demand \(list prices of \d{4}-\d\d-\d\d in us-east-1;/,
  );
});
