import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingHere, type System, signalGroup, thisSystem } from '#lib/pool/platform.ts';
import { runGroup } from '#lib/pool/process-group.ts';

/** A system that is not this one: it notes what it is asked for, and has only the processes that it is given. */
function systemWith(platform: NodeJS.Platform, groups: number[] = []) {
  const asked: string[] = [];
  const system: System = {
    platform,
    hasProc: platform === 'linux',
    kill(pid, signal) {
      if (!groups.includes(-pid)) throw new Error('ESRCH');
      asked.push(`${signal} ${pid}`);
    },
    call: (program, args) => void asked.push(`${program} ${args.join(' ')}`),
  };
  return { system, asked };
}

for (const platform of ['linux', 'darwin'] as const)
  test(`${platform}: a signal reaches the whole process group`, () => {
    const { system, asked } = systemWith(platform, [7]);
    assert.equal(signalGroup(7, 'SIGTERM', system), true);
    assert.deepEqual(asked, ['SIGTERM -7']);
    assert.equal(signalGroup(8, 'SIGTERM', system), false, 'a group that has ended is left alone');
  });

test('Windows ends a process tree with its own program', () => {
  const { system, asked } = systemWith('win32');
  assert.equal(signalGroup(7, 'SIGTERM', system), true);
  assert.deepEqual(asked, ['taskkill /pid 7 /t /f']);
});

test('Linux lacks nothing; elsewhere a sentence names the missing function and its effect', () => {
  assert.deepEqual(missingHere(systemWith('linux').system), []);
  assert.match(
    missingHere(systemWith('darwin').system).join(),
    /darwin .* memory of jobs is neither limited nor reported/,
  );
  assert.equal(missingHere(systemWith('win32').system).length, 2);
});

test('without process groups a program past its time still ends, with its output', async () => {
  const program = "console.log('begun'); setInterval(() => {}, 1000)";
  const windows: System = {
    ...thisSystem,
    platform: 'win32',
    call: (_, [, pid]) => killIfAny(Number(pid)),
  };
  const never = new AbortController().signal;
  const options = { command: process.execPath, args: ['-e', program], signal: never, timeoutMs: 700, system: windows };
  const end = await runGroup(options);
  assert.equal(end.timedOut, true);
  assert.equal(end.signal, 'SIGKILL');
  assert.match(end.tail, /begun/);
});

/** As taskkill, which only says so when there is no such process. */
function killIfAny(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
