import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutOfMemory } from '#lib/errors.ts';
import { type AdaptiveOptions, runAdaptively, WorkerLost } from '#lib/pool/adaptive.ts';
import { memoryAdmission, noAdmission } from '#lib/pool/admission.ts';
import type { PoolTask } from '#lib/pool/pool.ts';
import { fixedWidth, lentWidth, type WidthUse } from '#lib/pool/width.ts';
import { memoryLog } from '#test/fixtures/logs.ts';
import { turns } from '#test/fixtures/turns.ts';

const task = (label: string, memoryBytes?: number): PoolTask => ({
  module: 'm',
  name: 'f',
  argument: label,
  label,
  memoryBytes,
});
const labels = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

/** Runs the tasks on pretended workers and keeps how many were under way, and each start in its order. */
async function run(
  tasks: PoolTask[],
  work: (label: string, active: number) => Promise<string>,
  more: Partial<AdaptiveOptions<string>> = {},
) {
  const starts: string[] = [];
  const { log, events, lines } = memoryLog();
  let active = 0;
  let peak = 0;
  const results = await runAdaptively<string>(tasks, {
    label: 'test',
    width: fixedWidth(8),
    minWidth: 1,
    admission: noAdmission,
    log,
    signal: new AbortController().signal,
    async start({ label }) {
      starts.push(label);
      peak = Math.max(peak, ++active);
      try {
        return { value: await work(label, active), memoryBytes: 0 };
      } finally {
        active -= 1;
      }
    },
    ...more,
  });
  return { results, starts, peak, events, lines };
}

const soon = async (label: string) => {
  await turns(1);
  return label;
};

test('results keep the order of the tasks, whatever ends first', async () => {
  const { results } = await run(
    labels(6).map((label) => task(label)),
    async (label) => {
      await turns(10 - Number(label.slice(1)));
      return label;
    },
  );
  assert.deepEqual(
    results,
    labels(6).map((value) => ({ ok: true, value })),
  );
});

test('a failed task does not stop the others', async () => {
  const { results } = await run(
    labels(3).map((label) => task(label)),
    async (label) => {
      if (label === 't1') throw new Error('broken');
      return label;
    },
  );
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [true, false, true],
  );
});

test('after memory errors half the workers retry only the failed tasks', async () => {
  const { results, starts, events, lines } = await run(
    labels(8).map((label) => task(label)),
    async (label, active) => {
      await turns(2);
      if (active > 2) throw new OutOfMemory('full');
      return label;
    },
  );
  assert.ok(results.every(({ ok }) => ok));
  assert.ok(starts.filter((label) => label === 't0').length === 1, 'a task that succeeded is not run again');
  assert.ok(events().every((event) => event === 'Pool:Memory:BackOff'));
  const widths = lines.map(({ workers }) => workers as number);
  assert.ok(widths.every((width, i) => width <= (widths[i - 1] ?? 8)) && widths.at(-1)! >= 1);
});

for (const minWidth of [1, 3]) {
  test(`a task that fails for lack of memory even with ${minWidth} workers counts as failed`, async () => {
    const work = async (label: string) => {
      await turns(1);
      if (label === 't0') throw new OutOfMemory('too large for this machine');
      return label;
    };
    const { results, starts } = await run(
      labels(4).map((label) => task(label)),
      work,
      { minWidth },
    );
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [false, true, true, true],
    );
    assert.ok(starts.filter((label) => label === 't0').length <= 4);
  });
}

test('the task of a lost worker is retried twice', async () => {
  let times = 0;
  const { results, starts } = await run([task('t0'), task('t1')], async (label) => {
    if (label === 't0' && times++ < 2) throw new WorkerLost('worker exited');
    return label;
  });
  assert.ok(results.every(({ ok }) => ok));
  assert.deepEqual(starts, ['t0', 't1', 't0', 't0']);
  const hopeless = await run([task('t0')], async () => {
    throw new WorkerLost('worker exited');
  });
  assert.equal(hopeless.starts.length, 3);
  assert.equal(hopeless.results[0].ok, false);
});

test('tasks start when their stated memory fits', async () => {
  const sizes = [6, 6, 6, 3, 3, 3];
  const held: number[] = [];
  const tasks = sizes.map((size, i) => task(`t${i}`, size));
  let now = 0;
  await run(
    tasks,
    async (label) => {
      now += sizes[Number(label.slice(1))];
      held.push(now);
      await turns(2);
      now -= sizes[Number(label.slice(1))];
      return label;
    },
    { admission: memoryAdmission(10) },
  );
  assert.ok(Math.max(...held) <= 10);
});

test('a large task that waits does not hold up small ones behind it', async () => {
  const { starts } = await run([task('t0', 6), task('t1', 6), task('t2', 3)], soon, { admission: memoryAdmission(10) });
  assert.deepEqual(starts, ['t0', 't2', 't1']);
});

test('a task larger than the memory budget runs alone', async () => {
  const { results, peak } = await run([task('t0', 50), task('t1', 50)], soon, { admission: memoryAdmission(10) });
  assert.ok(results.every(({ ok }) => ok));
  assert.equal(peak, 1);
});

test('the memory of a kind of task is learned from the first, which runs alone', async () => {
  const admission = memoryAdmission(100);
  let active = 0;
  const peaks: number[] = [];
  await run(
    labels(6).map((label) => task(label)),
    soon,
    {
      admission,
      async start({ label }) {
        peaks.push(++active);
        await turns(2);
        active -= 1;
        return { value: label, memoryBytes: 30 };
      },
    },
  );
  assert.equal(peaks[0], 1);
  assert.equal(Math.max(...peaks), 3, '3 x 33 fit into 100');
});

test('a task that exceeds its stated memory raises later estimates', () => {
  const admission = memoryAdmission(100);
  admission.learn(task('t0', 10), 40);
  assert.equal(admission.predict(task('t1', 20)), 80);
});

test('waiting for memory is reported once', async () => {
  const { events } = await run(
    labels(5).map((label) => task(label, 8)),
    soon,
    { admission: memoryAdmission(10) },
  );
  assert.deepEqual(events(), ['Pool:Admission:Hold']);
});

test('when memory exceeds the limit, the task started last is stopped and retried', async () => {
  let over = false;
  const given: string[] = [];
  const { results } = await run([task('t0'), task('t1'), task('t2')], soon, {
    memory: { usedBytes: () => (over ? 11 : 9), limitBytes: 10 },
    start: ({ label }, signal) =>
      new Promise((resolve, reject) => {
        over = label === 't2' && given.length === 0;
        const timer = setTimeout(() => resolve({ value: label, memoryBytes: 0 }), 150);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          given.push(label);
          over = false;
          reject(signal.reason);
        });
      }),
  });
  assert.deepEqual(given, ['t2']);
  assert.ok(results.every(({ ok }) => ok));
});

test('an abort rejects after all workers have ended', async () => {
  const stop = new AbortController();
  let ended = 0;
  const running = run(
    labels(4).map((label) => task(label)),
    soon,
    {
      width: fixedWidth(2),
      signal: stop.signal,
      start: (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended += 1;
            reject(signal.reason);
          });
        }),
    },
  );
  await turns(5);
  stop.abort(new Error('stopped'));
  await assert.rejects(running, /stopped/);
  assert.equal(ended, 2);
});

test('the pool adjusts to lent CPUs, and reports held and wanted workers', async () => {
  const told: WidthUse[] = [];
  const width = lentWidth(1, (use) => told.push(use));
  const peaks: number[] = [];
  const { results } = await run(
    labels(8).map((label) => task(label)),
    async (label, active) => {
      peaks.push(active);
      if (label === 't0') width.set(3);
      if (label === 't4') width.set(2);
      await turns(5);
      return label;
    },
    { width },
  );
  assert.ok(results.every(({ ok }) => ok));
  assert.deepEqual([peaks[0], Math.max(...peaks), peaks.at(-1)], [1, 3, 2]);
  assert.deepEqual(told[0], { holds: 1, wants: 8 });
  assert.ok(told.some(({ holds, wants }) => holds === 3 && wants > 3));
  assert.deepEqual(told.at(-1), { holds: 1, wants: 1 });
});
