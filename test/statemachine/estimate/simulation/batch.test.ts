import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#lib/random.ts';
import { virtualClock } from '#statemachine/engine/clock.ts';
import type { Call } from '#statemachine/engine/integration.ts';
import { type SimulatedBatch, SUBMITS_PER_SECOND, simulatedBatch } from '#statemachine/estimate/simulation/batch.ts';
import { CAPACITIES, type Capacity, VCPUS_OF_HOST } from '#statemachine/estimate/simulation/capacity.ts';
import { FARGATE_STARTS, fargateEnvironment } from '#statemachine/estimate/simulation/fargate.ts';
import { hostEnvironment } from '#statemachine/estimate/simulation/hosts.ts';

const signal = new AbortController().signal;
const CALL: Call = { signal, execution: 'e', state: 's', eventId: 1, submitted: () => {} };

/** Hosts that are there at once and stay. */
const READY: Capacity = {
  ...CAPACITIES.likely,
  hostBoot: 0,
  gpuImagePull: 0,
  containerStart: 0,
  idle: Number.POSITIVE_INFINITY,
  spotLossPerHour: 0,
};

function submit(batch: SimulatedBatch, task: string) {
  const ResourceRequirements = [
    { Type: 'VCPU', Value: '8' },
    { Type: 'MEMORY', Value: '30000' },
  ];
  const ContainerOverrides = { ResourceRequirements };
  return batch.submitJob({ JobQueue: 'q', Parameters: { task }, ContainerOverrides }, CALL);
}

/** Erlang's C formula, 1917: mean wait of a queue with Poisson arrivals, exponential service and c servers. */
function erlangWait(arrivals: number, service: number, c: number): number {
  const load = arrivals / service;
  let term = 1;
  let sum = 0;
  for (let k = 0; k < c; k++) {
    sum += term;
    term *= load / (k + 1);
  }
  const busy = (term * c) / (c - load);
  return busy / (sum + busy) / (c * service - arrivals);
}

for (const [hosts, load] of [
  [1, 0.6],
  [4, 3],
] as const)
  test(`simulated waits of jobs with random times for ${hosts} hosts match Erlang's formula`, async () => {
    const JOBS = 8000;
    const MEAN_SECONDS = 100;
    const clock = virtualClock(new Date(0));
    const random = seededRandom(3);
    const exponential = (mean: number) => -Math.log(1 - random()) * mean;
    const gpu = { spot: 0, onDemand: hosts * VCPUS_OF_HOST.gpu };
    const environment = hostEnvironment('gpu', 'onDemand', { ...READY, vcpus: { ...READY.vcpus, gpu } }, random);
    const batch = simulatedBatch({ clock, queues: { q: [environment] }, secondsOf: () => exponential(MEAN_SECONDS) });
    const ended: Promise<unknown>[] = [];
    for (let job = 0; job < JOBS; job++) {
      await clock.sleep(1000 * exponential(MEAN_SECONDS / load), signal);
      ended.push(submit(batch, 'job'));
    }
    await Promise.all(ended);
    const wait = batch.counts.waited / JOBS;
    const expected = erlangWait(load / MEAN_SECONDS, 1 / MEAN_SECONDS, hosts);
    // Waits of neighbours are alike: at these loads 8000 jobs leave a standard error of some 4 %.
    assert.ok(Math.abs(wait / expected - 1) < 0.12, `${wait} s, not ${expected}`);
  });

test('simulated hosts are lost as often as rate and hours predict', async () => {
  const clock = virtualClock(new Date(0));
  const PER_HOUR = 0.5;
  const capacity = { ...READY, spotLossPerHour: PER_HOUR };
  const environment = hostEnvironment('gpu', 'spot', capacity, seededRandom(5));
  const batch = simulatedBatch({ clock, queues: { q: [environment] }, secondsOf: () => 1800 });
  let lost = 0;
  const lane = async () => {
    for (let job = 0; job < 200; job++) {
      // 50 a second are all that Batch takes; lanes begin apart.
      await clock.sleep(1000, signal);
      await submit(batch, 'job').catch((error) => {
        assert.match(error.message, /Host EC2/);
        lost += 1;
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  const { hours, lost: billed } = environment.bill(clock.now().getTime() / 1000);
  // A Poisson count; what is lost while nothing runs on it is not counted, a second in half an hour.
  const expected = PER_HOUR * hours;
  assert.equal(billed, lost);
  assert.ok(Math.abs(lost - expected) < 3 * Math.sqrt(expected), `${lost} of ${expected}`);
});

test('simulated Batch accepts 50 submissions per second and refuses the others', async () => {
  const clock = virtualClock(new Date(0));
  const environment = hostEnvironment('gpu', 'onDemand', READY, seededRandom(1));
  const batch = simulatedBatch({ clock, queues: { q: [environment] }, secondsOf: () => 1 });
  const ended = await Promise.allSettled(Array.from({ length: 200 }, () => submit(batch, 'job')));
  assert.equal(ended.filter(({ status }) => status === 'fulfilled').length, SUBMITS_PER_SECOND);
  assert.equal(batch.counts.throttled, 150);
});

test('simulated Fargate starts a burst at once, then twenty tasks per second', () => {
  const cpu = { spot: 0, onDemand: 1000 };
  const fargate = fargateEnvironment(
    'onDemand',
    { ...READY, fargateStart: 0, vcpus: { ...READY.vcpus, cpu } },
    Math.random,
  );
  const starts = Array.from({ length: 140 }, () => fargate.place({ cpus: 1, memoryMiB: 2048 }, 0)?.worksAt);
  assert.equal(starts[FARGATE_STARTS.burst - 1], 0);
  assert.equal(starts[139], 2);
});
