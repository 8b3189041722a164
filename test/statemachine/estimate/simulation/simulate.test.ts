import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPACITIES, type Capacity, lossPerHour, VCPUS_OF_HOST } from '#statemachine/estimate/simulation/capacity.ts';
import type { CourseWork, SizedWork, Upload } from '#statemachine/estimate/simulation/functions.ts';
import { dollarsOf, simulate } from '#statemachine/estimate/simulation/simulate.ts';
import { deploymentSchema } from '../../../../infra/config.ts';

const work = (seconds: number, cpus = 2, memoryMiB = 8192, gpus = 0): SizedWork => ({
  seconds,
  cpus,
  memoryMiB,
  gpus,
  complexity: 100,
});
const COURSE: CourseWork = {
  segmentation: work(150, 8, 24_000, 1),
  structures: work(60),
  dvh: work(40),
  radiomics: work(200, 4, 16_384),
  qc: work(10),
};
const upload = (courses: number, atSeconds = 0): Upload => ({
  atSeconds,
  courses: Array.from({ length: courses }, () => COURSE),
  aggregate: work(60),
  times: { catalog: 20, organize: 10, sizeJobs: 1, report: 20 },
});
/** One course at once is submitted without any spread; nothing is lost. */
const CALM: Capacity = { ...CAPACITIES.likely, courseConcurrency: 1, spotLossPerHour: 0 };

test('a run of one course takes the sum of its waits and costs its hosts and tasks', async () => {
  const ran = await simulate([upload(1)], CALM, 1);
  // Functions 20 + 10 + 1; segmentation boots 120, pulls 120, starts 3, works 150; every Fargate task starts in 60:
  // structures 60 + 60, the longest analysis 60 + 200, tables 60 + 60; report 20.
  assert.equal(ran.seconds, 31 + 393 + 120 + 260 + 120 + 20);
  // The GPU host is empty for 180 s before it ends: 573 s of 0.9776 $ an hour at 45 %. Fargate at 30 %: 2 vCPUs and 8 GB for
  // 120 + 100 + 70 + 120 s, 4 vCPUs and 16 GB for 260 s; a vCPU 0.04048, a GB 0.004445 an hour.
  const gpu = (573 / 3600) * 0.9776 * 0.45;
  const fargate = ((410 + 2 * 260) / 3600) * (2 * 0.04048 + 8 * 0.004445) * 0.3;
  assert.ok(Math.abs(dollarsOf(ran) - gpu - fargate) < 1e-9, `${dollarsOf(ran)}, not ${gpu + fargate}`);
  assert.equal(ran.failedRuns, 0);
  assert.equal(ran.batch.submits, 6);
});

test('the second course finds a running host with the image in place', async () => {
  const [one, two] = [await simulate([upload(1)], CALM, 1), await simulate([upload(2)], CALM, 1)];
  // After 380 s of Fargate the host has ended (idle 180): it boots again. With a host that waits longer only the start remains.
  assert.equal(two.seconds - one.seconds, 1 + 393 + 120 + 260);
  const patient = { ...CALM, idle: 3600 };
  const [first, second] = [await simulate([upload(1)], patient, 1), await simulate([upload(2)], patient, 1)];
  assert.equal(second.seconds - first.seconds, 1 + 153 + 120 + 260);
});

test('a job that always loses its spot host ends on demand at the third attempt', async () => {
  const ran = await simulate([upload(1)], { ...CALM, spotLossPerHour: 3600 * 1000 }, 1);
  assert.equal(ran.failedRuns, 0);
  const gpu = (market: string) => ran.bills.find(({ kind, market: m }) => kind === 'gpu' && m === market)?.bill;
  assert.deepEqual([gpu('spot')?.lost, gpu('onDemand')?.started], [2, 1]);
});

test('the busiest hosts limit the courses per hour', async () => {
  const gpu = { spot: 2 * VCPUS_OF_HOST.gpu, onDemand: 0 };
  const capacity = { ...CALM, courseConcurrency: 20, vcpus: { ...CALM.vcpus, gpu } };
  const [some, more] = [await simulate([upload(16)], capacity, 1), await simulate([upload(32)], capacity, 1)];
  // Two GPUs, 3 + 150 s a course: 16 courses more take 16 x 153 / 2 s.
  const expected = (16 * 153) / 2;
  assert.ok(Math.abs((more.seconds - some.seconds) / expected - 1) < 0.02, `${more.seconds - some.seconds} s`);
});

test('two uploads share the hosts, and the same seed gives the same result', async () => {
  const uploads = [upload(4), upload(4, 30)];
  const [first, again] = [await simulate(uploads, CAPACITIES.high, 9), await simulate(uploads, CAPACITIES.high, 9)];
  assert.deepEqual(first, again);
  assert.equal(first.runSeconds.length, 2);
  assert.ok(first.seconds >= Math.max(first.runSeconds[0], 30 + first.runSeconds[1]) - 1e-6);
});

test('the simulated deployment is the default deployment', () => {
  const deployed = deploymentSchema.parse({});
  for (const capacity of Object.values(CAPACITIES)) {
    assert.equal(capacity.courseConcurrency, deployed.courseConcurrency);
    for (const market of ['spot', 'onDemand'] as const)
      assert.deepEqual(
        [capacity.vcpus.cpu[market], capacity.vcpus.long[market], capacity.vcpus.gpu[market]],
        [deployed.analysisVcpus, deployed.longVcpus, deployed.segmentationVcpus],
      );
  }
});

test('an hourly loss rate gives the monthly rate of the spot advisor', () => {
  assert.ok(Math.abs(1 - Math.exp(-720 * lossPerHour(0.2)) - 0.2) < 1e-12);
});
