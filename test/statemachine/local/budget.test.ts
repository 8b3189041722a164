import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#lib/random.ts';
import { type Budget, type Claim, createScheduler, type Lease } from '#statemachine/local/budget.ts';

const BUDGET: Budget = { cpus: 4, memoryMiB: 8000, gpus: [0, 1], stages: { segmentation: 1 } };
const never = new AbortController().signal;
const claim = (more: Partial<Claim> = {}): Claim => ({
  stage: 'dvh',
  cpus: 1,
  memoryMiB: 1000,
  gpus: 0,
  priority: 0,
  ...more,
});

/** Acquires all at once and answers with the order in which they were granted; each holds its lease for a turn. */
async function order(budget: Budget, claims: Record<string, Claim>): Promise<string[]> {
  const scheduler = createScheduler(budget);
  const granted: string[] = [];
  await Promise.all(
    Object.entries(claims).map(async ([name, one]) => {
      const lease = await scheduler.acquire(one, never);
      granted.push(name);
      await wait(2);
      lease.release();
    }),
  );
  return granted;
}

test('the budget is never exceeded and everything gets its turn', async () => {
  const random = seededRandom(7);
  const scheduler = createScheduler(BUDGET);
  const used = { cpus: 0, memoryMiB: 0, gpus: 0, segmentation: 0 };
  const peak = { ...used };
  const add = (lease: Lease, stage: string, sign: 1 | -1) => {
    used.cpus += sign * lease.cpus;
    used.memoryMiB += sign * lease.memoryMiB;
    used.gpus += sign * lease.gpus.length;
    if (stage === 'segmentation') used.segmentation += sign;
    for (const key of Object.keys(peak) as (keyof typeof peak)[]) peak[key] = Math.max(peak[key], used[key]);
  };
  let done = 0;
  await Promise.all(
    Array.from({ length: 300 }, async () => {
      const stage = random() < 0.3 ? 'segmentation' : 'dvh';
      const wanted = claim({
        stage,
        cpus: 1 + Math.floor(random() * 6),
        memoryMiB: Math.floor(random() * 12_000),
        gpus: stage === 'segmentation' ? 1 : 0,
        priority: Math.floor(random() * 3),
      });
      const lease = await scheduler.acquire(wanted, never);
      add(lease, stage, 1);
      await wait(random() * 2);
      add(lease, stage, -1);
      lease.release();
      done += 1;
    }),
  );
  assert.equal(done, 300);
  assert.ok(peak.cpus <= 4 && peak.memoryMiB <= 8000 && peak.gpus <= 2 && peak.segmentation <= 1, JSON.stringify(peak));
  assert.ok(peak.cpus === 4, 'the machine was full at times');
  assert.deepEqual(scheduler.state(), { waiting: 0, running: 0, cpus: 4, memoryMiB: 8000, gpus: 2 });
});

test('a claim larger than the machine gets the machine', async () => {
  const lease = await createScheduler(BUDGET).acquire(claim({ cpus: 16, memoryMiB: 64_000, gpus: 4 }), never);
  assert.deepEqual([lease.cpus, lease.memoryMiB, lease.gpus], [4, 8000, [0, 1]]);
});

test('high priority goes first, then who came first', async () => {
  const whole = claim({ cpus: 4 });
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
    most: claim({ cpus: 3, priority: 5 }),
    large: claim({ cpus: 2, priority: 4 }),
    small: claim({ cpus: 1, priority: 3 }),
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

test('each holder of a card has one of its own', async () => {
  const scheduler = createScheduler({ ...BUDGET, stages: {} });
  const [a, b] = await Promise.all([
    scheduler.acquire(claim({ gpus: 1 }), never),
    scheduler.acquire(claim({ gpus: 1 }), never),
  ]);
  assert.deepEqual([...a.gpus, ...b.gpus].sort(), [0, 1]);
});

test('a large job does not starve under an endless stream of small ones', async () => {
  const scheduler = createScheduler(BUDGET);
  let large = false;
  let small = 0;
  const stream = async () => {
    while (!large && small < 2000) {
      const lease = await scheduler.acquire(claim({ priority: 9 }), never);
      small += 1;
      await wait(1);
      lease.release();
    }
  };
  const streams = [stream(), stream(), stream(), stream(), stream()];
  const lease = await scheduler.acquire(claim({ cpus: 4, priority: 0 }), never);
  large = true;
  lease.release();
  await Promise.all(streams);
  assert.ok(small < 100, `${small} small jobs went first`);
});

test('a waiting job that is aborted leaves the queue, and a lease is given back once', async () => {
  const scheduler = createScheduler(BUDGET);
  const lease = await scheduler.acquire(claim({ cpus: 4 }), never);
  const stop = new AbortController();
  const waiting = scheduler.acquire(claim(), stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(waiting, /stopped/);
  lease.release();
  lease.release();
  assert.deepEqual(scheduler.state(), { waiting: 0, running: 0, cpus: 4, memoryMiB: 8000, gpus: 2 });
});
