import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#lib/random.ts';
import type { StageName } from '#lib/stages/table.ts';
import { type Budget, claimOf, type QueuedClaim } from '#statemachine/local/budget.ts';
import { createScheduler, type Lease } from '#statemachine/local/scheduler.ts';
import { turns } from '#test/fixtures/turns.ts';

const BUDGET: Budget = { cpus: 4, memoryMiB: 8000, gpus: [0, 1], stages: { segmentation: { jobs: 1 } } };
const never = new AbortController().signal;
const claim = (more: Partial<QueuedClaim> = {}): QueuedClaim => ({
  stage: 'dvh',
  cpus: 1,
  memoryMiB: 1000,
  gpus: 0,
  priority: 0,
  ...more,
});

/** Acquires all at once and answers with the order in which they were granted; each holds its lease for a turn. */
async function order(budget: Budget, claims: Record<string, QueuedClaim>): Promise<string[]> {
  const scheduler = createScheduler(budget);
  const granted: string[] = [];
  await Promise.all(
    Object.entries(claims).map(async ([name, one]) => {
      const lease = await scheduler.acquire(one, never);
      granted.push(name);
      await turns(2);
      lease.release();
    }),
  );
  return granted;
}

/** A job that uses what it is lent, a little later than it hears of it. */
function flexible(lease: Lease, wants: number): void {
  lease.onResize(async (cpus) => {
    await turns(1);
    lease.uses(Math.min(cpus, wants), wants);
  });
  lease.uses(lease.cpus, wants);
}

test('the budget is never exceeded and every job gets its turn', async () => {
  const random = seededRandom(7);
  const scheduler = createScheduler(BUDGET);
  const leases = new Map<Lease, string>();
  const peak = { cpus: 0, memoryMiB: 0, gpus: 0, segmentation: 0 };
  const look = () => {
    const held = [...leases.keys()];
    const sum = (of: (lease: Lease) => number) => held.reduce((total, lease) => total + of(lease), 0);
    peak.cpus = Math.max(
      peak.cpus,
      sum(({ cpus }) => cpus),
    );
    peak.memoryMiB = Math.max(
      peak.memoryMiB,
      sum(({ memoryMiB }) => memoryMiB),
    );
    peak.gpus = Math.max(
      peak.gpus,
      sum(({ gpus }) => gpus.length),
    );
    peak.segmentation = Math.max(peak.segmentation, [...leases.values()].filter((s) => s === 'segmentation').length);
  };
  let done = 0;
  await Promise.all(
    Array.from({ length: 300 }, async () => {
      const stage = random() < 0.3 ? 'segmentation' : 'dvh';
      const fixed = stage === 'segmentation';
      const wanted = claim({
        stage,
        fixed,
        cpus: 1 + Math.floor(random() * 4),
        memoryMiB: Math.floor(random() * 8000),
        gpus: fixed ? 1 : 0,
        priority: Math.floor(random() * 3),
      });
      const lease = await scheduler.acquire(wanted, never);
      leases.set(lease, stage);
      if (!fixed) flexible(lease, wanted.cpus);
      for (let turn = 0; turn < 3; turn++) {
        look();
        await turns(1 + Math.floor(3 * random()));
      }
      leases.delete(lease);
      lease.release();
      done += 1;
    }),
  );
  assert.equal(done, 300);
  assert.ok(peak.memoryMiB <= 8000 && peak.gpus <= 2, JSON.stringify(peak));
  assert.deepEqual([peak.cpus, peak.segmentation], [4, 1], 'the machine was full at times, and never fuller');
  assert.deepEqual(scheduler.state(), { waiting: 0, running: 0, cpus: 4, memoryMiB: 8000, gpus: 2 });
});

const request = { name: '', queue: '', definition: '', task: '', environment: {}, timeoutSeconds: 0, priority: 3 };

test('a claim is limited by the machine and by its stage', () => {
  const needs = { ...request, cpus: 16, memoryMiB: 64_000, gpus: 4 };
  const budget = { ...BUDGET, stages: { radiomics: { cpus: 3, memoryMiB: 500 } } };
  const asked = (stage: StageName) => claimOf({ stage, runs: 'batch cpu' }, needs, budget);
  assert.deepEqual(asked('dvh'), claim({ cpus: 4, memoryMiB: 8000, gpus: 2, priority: 3, fixed: false }));
  assert.deepEqual(
    asked('radiomics'),
    claim({ stage: 'radiomics', cpus: 3, memoryMiB: 500, gpus: 2, priority: 3, fixed: false }),
  );
});

/** CPUs of a job alone on a machine of 64, by what its stage may take and what it has work for. */
for (const [most, wants, got] of [
  [63, 100, 63],
  [32, 100, 32],
  [63, 5, 5],
]) {
  test(`a lone job limited to ${most} CPUs with work for ${wants} gets ${got}`, async () => {
    const scheduler = createScheduler({ cpus: 64, memoryMiB: 8000, gpus: [] });
    const lease = await scheduler.acquire(claim({ cpus: most }), never);
    assert.equal(lease.cpus, 1);
    flexible(lease, wants);
    assert.equal(lease.cpus, got);
    lease.release();
    assert.equal(scheduler.state().cpus, 64);
  });
}

test('running jobs share free CPUs, and return them to waiting jobs as soon as their tasks end', async () => {
  const scheduler = createScheduler(BUDGET);
  const one = await scheduler.acquire(claim({ cpus: 4 }), never);
  let told = 0;
  one.onResize((cpus) => {
    told = cpus;
  });
  one.uses(1, 9);
  assert.deepEqual([one.cpus, told], [4, 4]);
  let two: Lease | undefined;
  const coming = scheduler.acquire(claim({ cpus: 4 }), never).then((lease) => {
    two = lease;
  });
  await turns(1);
  assert.deepEqual([two, told, one.cpus], [undefined, 3, 4], 'it is told, and holds four until it has let go of one');
  one.uses(3, 9);
  await coming;
  assert.deepEqual([one.cpus, two?.cpus], [3, 1]);
  two?.onResize(() => {});
  two?.uses(1, 9);
  one.uses(2, 2);
  assert.deepEqual([one.cpus, two?.cpus], [2, 2], 'what one has no work for, the other gets');
  one.release();
  assert.equal(two?.cpus, 4);
});

test('a job whose CPUs cannot change gets a fair part of the free ones', async () => {
  const scheduler = createScheduler({ cpus: 8, memoryMiB: 8000, gpus: [] });
  const both = [1, 2].map(() => scheduler.acquire(claim({ cpus: 8, fixed: true }), never));
  const leases = await Promise.all(both);
  assert.deepEqual(
    leases.map(({ cpus }) => cpus),
    [4, 4],
  );
});

test('high priority goes first, then who came first', async () => {
  const whole = claim({ memoryMiB: 8000 });
  const granted = await order(BUDGET, {
    first: whole,
    long: { ...whole, priority: 1 },
    short: { ...whole, priority: 9 },
    other: { ...whole, priority: 9 },
  });
  assert.deepEqual(granted, ['short', 'other', 'long', 'first']);
});

test('a job that does not fit lets smaller ones pass', async () => {
  const granted = await order(BUDGET, {
    most: claim({ memoryMiB: 6000, priority: 5 }),
    large: claim({ memoryMiB: 4000, priority: 4 }),
    small: claim({ memoryMiB: 2000, priority: 3 }),
  });
  assert.deepEqual(granted, ['most', 'small', 'large']);
});

test('a job whose stage is at its limit lets others pass', async () => {
  const granted = await order(BUDGET, {
    one: claim({ stage: 'segmentation', gpus: 1 }),
    two: claim({ stage: 'segmentation', gpus: 1 }),
    other: claim(),
  });
  assert.deepEqual(granted, ['one', 'other', 'two']);
});

test('each holder of a GPU has its own GPU', async () => {
  const scheduler = createScheduler({ ...BUDGET, stages: undefined });
  const [a, b] = await Promise.all([
    scheduler.acquire(claim({ gpus: 1 }), never),
    scheduler.acquire(claim({ gpus: 1 }), never),
  ]);
  assert.deepEqual([...a.gpus, ...b.gpus].sort(), [0, 1]);
});

test('jobs that share GPUs are spread over them, also after some have ended', async () => {
  const scheduler = createScheduler({ ...BUDGET, gpus: [0, 1, 0, 1], stages: undefined });
  const take = () => scheduler.acquire(claim({ gpus: 1 }), never);
  const [a, b, c, d] = await Promise.all([take(), take(), take(), take()]);
  assert.deepEqual([a, b, c, d].map(({ gpus }) => gpus[0]).sort(), [0, 0, 1, 1]);
  for (const lease of [a, b, c, d].filter(({ gpus }) => gpus[0] === 0)) lease.release();
  [a, b, c, d].find(({ gpus }) => gpus[0] === 1)?.release();
  const [e, f] = await Promise.all([take(), take()]);
  assert.deepEqual([e.gpus[0], f.gpus[0]].sort(), [0, 0], 'the GPU with two free places comes first');
});

test('a program with fixed CPUs shares only with jobs that can start beside it', async () => {
  const scheduler = createScheduler({
    cpus: 30,
    memoryMiB: 1e6,
    gpus: [],
    stages: { segmentation: { jobs: 2, cpus: 15 } },
  });
  const segmenting = claim({ stage: 'segmentation', cpus: 15, fixed: true });
  const begun: number[] = [];
  for (let course = 0; course < 9; course++)
    scheduler.acquire(segmenting, never).then(
      ({ cpus }) => begun.push(cpus),
      () => {},
    );
  await turns(5);
  assert.deepEqual(begun, [15, 15]);
});

test('a large job does not starve under an endless stream of small ones', async () => {
  const scheduler = createScheduler(BUDGET);
  let large = false;
  let small = 0;
  const stream = async () => {
    while (!large && small < 2000) {
      const lease = await scheduler.acquire(claim({ priority: 9 }), never);
      small += 1;
      await turns(1);
      lease.release();
    }
  };
  const streams = [stream(), stream(), stream(), stream(), stream()];
  const lease = await scheduler.acquire(claim({ memoryMiB: 8000, priority: 0 }), never);
  large = true;
  lease.release();
  await Promise.all(streams);
  assert.ok(small < 100, `${small} small jobs went first`);
});

test('an aborted waiting job leaves the queue, and CPUs are returned only once', async () => {
  const scheduler = createScheduler(BUDGET);
  const lease = await scheduler.acquire(claim({ memoryMiB: 8000 }), never);
  const stop = new AbortController();
  const waiting = scheduler.acquire(claim(), stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(waiting, /stopped/);
  lease.release();
  lease.release();
  assert.deepEqual(scheduler.state(), { waiting: 0, running: 0, cpus: 4, memoryMiB: 8000, gpus: 2 });
});
