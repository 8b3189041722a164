import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { writeJson } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { refuseSecondRun } from '../../cli/lock.ts';
import { processOf, type RunState } from '../../cli/monitor/run-state.ts';

const PARENT = process.ppid;
const GONE = 2 ** 22 + 1;

function stateOf(more: Partial<RunState>): RunState {
  const at = new Date(0).toISOString();
  const sample = {
    cpus: { busy: 0, own: 0, lent: 0 },
    memoryMiB: { used: 0, lent: 0 },
    jobs: { running: 0, waiting: 0 },
  };
  const numbers = { done: 0, total: 0, budget: { cpus: 1, memoryMiB: 1, gpus: 0 }, sample, running: [] };
  const who = { pid: PARENT, host: hostname(), process: processOf(PARENT) ?? '' };
  return { ...who, startedAt: at, updatedAt: at, ended: false, ...numbers, ...more };
}

/** Tries to begin a run beside the one of the state; `sign`: what that one writes while it is watched. */
async function begin(state: RunState, sign?: RunState) {
  const store = memoryStore();
  await writeJson(store, runKeys.state, state);
  const said: string[] = [];
  let watched = 0;
  const look = async (ms: number) => {
    watched = ms;
    if (sign) await writeJson(store, runKeys.state, sign);
  };
  const refused = await refuseSecondRun(store, '/out', (message) => said.push(message), look).then(
    () => '',
    (error: Error) => error.message,
  );
  return { refused, said, watched };
}

test('a folder without a run, or whose run has ended, is free', async () => {
  assert.deepEqual(await begin(stateOf({ ended: true })), { refused: '', said: [], watched: 0 });
});

test('a folder is locked while the process of its run lives, and the message names the run', async () => {
  const { refused, watched } = await begin(stateOf({}));
  assert.match(refused, new RegExp(`another run uses this output folder \\(process ${PARENT} on ${hostname()}`));
  assert.equal(watched, 0);
});

test('the lock of a dead process is taken over with a message', async () => {
  const { refused, said } = await begin(stateOf({ pid: GONE }));
  assert.equal(refused, '');
  assert.match(said[0], /was killed. This run continues/);
});

test('a process number reused by another program does not lock the folder', {
  skip: process.platform !== 'linux',
}, async () => {
  const [boot, container] = (processOf(PARENT) ?? '').split(' ');
  const { refused, said } = await begin(stateOf({ process: `${boot} ${container} 1` }));
  assert.equal(refused, '');
  assert.match(said[0], /was killed/);
});

for (const [where, other] of [
  ['another host', { host: 'elsewhere' }],
  ['another container of this host', { process: 'boot pid:[1] 7' }],
] as const) {
  test(`a run on ${where} keeps its lock while it shows signs of life`, async () => {
    const state = stateOf({ ...other, pid: 1 });
    const alive = await begin(state, { ...state, updatedAt: new Date(1000).toISOString() });
    assert.match(alive.refused, /another run uses/);
    assert.equal(alive.watched, 15_000);
    const silent = await begin(state);
    assert.equal(silent.refused, '');
    assert.match(silent.said.join(), /may be using .*was killed/);
    const ended = await begin(state, { ...state, ended: true });
    assert.equal(ended.refused, '');
  });
}
