import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { BadInput, TimedOut } from '#lib/errors.ts';
import { createPool } from '#lib/pool/create-pool.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Pool, PoolTask } from '#lib/pool/pool.ts';
import { memoryLog } from '#test/fixtures/logs.ts';
import { memoryCgroup } from '#test/fixtures/memory-cgroup.ts';

const module = new URL('../../fixtures/pool-tasks.ts', import.meta.url).href;
const task = (name: string, argument: unknown = null, more: Partial<PoolTask> = {}): PoolTask => ({
  module,
  name,
  argument,
  label: `${name} ${JSON.stringify(argument)}`,
  ...more,
});

const { log, events } = memoryLog();
const lines: string[] = [];
const threads = createPool({ width: 2, workerHeapMiB: 64, log, onProgress: (line) => lines.push(line) });
after(() => threads.close());

const POOLS: [string, Pool][] = [
  ['threads', threads],
  ['this thread', inlinePool()],
];

for (const [what, pool] of POOLS) {
  test(`${what}: results keep the order of the tasks`, async () => {
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    const results = await pool.map<number>(
      'double',
      numbers.map((n) => task('double', n)),
    );
    assert.deepEqual(
      results,
      numbers.map((n) => ({ ok: true, value: 2 * n })),
    );
  });

  test(`${what}: an error keeps its class, and the others continue`, async () => {
    const [bad, good] = await pool.map<number>('mixed', [task('failWithBadInput'), task('double', 4)]);
    assert.ok(!bad.ok && bad.error instanceof BadInput);
    assert.equal(bad.error.message, 'no slices (1.2.3)');
    assert.deepEqual(good, { ok: true, value: 8 });
  });

  test(`${what}: a missing function fails its task`, async () => {
    const [result] = await pool.map('missing', [task('nothing')]);
    assert.ok(!result.ok);
  });

  test(`${what}: no tasks give no results`, async () => {
    assert.deepEqual(await pool.map('nothing', []), []);
  });
}

test('tasks run in parallel on separate threads', async () => {
  const results = await threads.map<number>('threads', [
    task('sleepThenName', { ms: 200, name: 'a' }),
    task('whichThread'),
  ]);
  assert.ok(results[1].ok && results[1].value > 0);
});

test('a hanging task is killed by its timeout; time in the queue does not count', async () => {
  const results = await threads.map<string>('hang', [
    task('hang', null, { timeoutMs: 300 }),
    ...Array.from({ length: 8 }, (_, i) => task('sleepThenName', { ms: 150, name: String(i) }, { timeoutMs: 60_000 })),
  ]);
  assert.ok(!results[0].ok && results[0].error instanceof TimedOut);
  assert.deepEqual(
    results.slice(1),
    Array.from({ length: 8 }, (_, i) => ({ ok: true, value: String(i) })),
  );
});

test('a timeout of 0 disables it', async () => {
  const [result] = await threads.map('sleep', [task('sleepThenName', { ms: 50, name: 'x' }, { timeoutMs: 0 })]);
  assert.deepEqual(result, { ok: true, value: 'x' });
});

test('the task of a worker that dies is retried', async () => {
  const marker = join(mkdtempSync(join(tmpdir(), 'pool-')), 'died');
  const results = await threads.map<string | number>('die', [
    task('dieOnce', marker),
    task('double', 1),
    task('dieAlways'),
  ]);
  assert.deepEqual(results.slice(0, 2), [
    { ok: true, value: 'survived' },
    { ok: true, value: 2 },
  ]);
  assert.ok(!results[2].ok);
  assert.equal(events().filter((event) => event === 'Pool:Worker:Lost').length, 3);
});

test('a worker with a full heap fails with a memory error, and the others continue', async () => {
  const [full, good] = await threads.map<number>('heap', [task('fillHeap'), task('double', 3)]);
  assert.ok(!full.ok && /memory/i.test(full.error.message));
  assert.deepEqual(good, { ok: true, value: 6 });
  assert.ok(events().includes('Pool:Memory:BackOff'));
});

test('an abort kills running tasks', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stopped')), 200);
  await assert.rejects(threads.map('hang', [task('hang'), task('hang'), task('hang')], stop.signal), /stopped/);
  assert.deepEqual(await threads.map('after', [task('double', 5)]), [{ ok: true, value: 10 }]);
});

test('progress is reported after every task', async () => {
  lines.length = 0;
  await threads.map('dvh', [task('double', 1), task('double', 2)]);
  assert.deepEqual(
    lines.map((line) => line.split(')')[0]),
    ['dvh: 1/2 (50%', 'dvh: 2/2 (100%'],
  );
});

/** MiB of the tasks: 1,350 together, of which the pool may hold 700 and the kernel allows 1,000. */
const SIZES = [150, 300, 150, 300, 150, 300];
const POOL_MIB = 700;
const KERNEL_MIB = 1000;
const cgroup = memoryCgroup(KERNEL_MIB * 2 ** 20);
after(() => cgroup?.remove());

for (const [admission, stated] of [
  ['on', 'on'],
  ['on', 'off'],
  ['off', 'off'],
]) {
  const title = `under the kernel's memory limit all tasks end: admission ${admission}, memory stated ${stated}`;
  test(title, { skip: cgroup ? false : 'no control group can be made here' }, async () => {
    const program = fileURLToPath(new URL('../../fixtures/pool-load.ts', import.meta.url));
    const args = [program, String(POOL_MIB), admission, stated, ...SIZES.map(String)];
    const { stdout } = await execa(...cgroup!.shell(process.execPath, args));
    const { results, events } = JSON.parse(stdout);
    assert.deepEqual(
      results,
      SIZES.map((size) => size * 256),
    );
    if (stated === 'on') assert.deepEqual(events, ['Pool:Admission:Hold']);
    if (admission === 'off') assert.ok(events.includes('Pool:Memory:BackOff'));
  });
}
