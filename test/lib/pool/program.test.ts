import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { GpuLost, GpuOutOfMemory, OutOfMemory, PipelineError, TimedOut, Transient } from '#lib/errors.ts';
import { type ProgramOptions, runProgram, threadLimits } from '#lib/pool/program.ts';

/** Runs a line of shell, or of JavaScript, as a program. */
function shell(line: string, more: Partial<ProgramOptions> = {}) {
  const output: string[] = [];
  const ran = runProgram({
    command: 'sh',
    args: ['-c', line],
    signal: new AbortController().signal,
    output: (text) => output.push(text),
    ...more,
  });
  return { ran, printed: () => output.join('') };
}

test('both output streams are forwarded as they arrive, and their last part is kept', async () => {
  const { ran, printed } = shell('echo one; echo two >&2');
  const { tail, seconds } = await ran;
  assert.deepEqual([printed().split('\n').sort(), tail.length, seconds > 0], [['', 'one', 'two'], 8, true]);
});

test('output past its limit is cut with a note', async () => {
  const { ran, printed } = shell('printf 1234567890; sleep 0.1; printf abcdefghij; sleep 0.1; echo z', {
    outputBytes: 15,
  });
  assert.equal((await ran).tail, '1234567890abcdefghijz\n');
  assert.equal(printed(), '1234567890abcde\n[output ends here: 15 bytes are kept]\n');
});

/** How a program ends, and as what that is understood. */
const ENDINGS: [string, new (message: string) => PipelineError, RegExp][] = [
  ['exit 3', PipelineError, /exit code 3/],
  ['echo "ValueError: no ROI in this room" >&2; exit 1', PipelineError, /no ROI in this room/],
  ['echo "CUDA error: uncorrectable ECC error encountered" >&2; exit 1', GpuLost, /uncorrectable ECC/],
  ['exit 137', OutOfMemory, /exit code 137/],
  ['kill -9 $$', OutOfMemory, /SIGKILL/],
  ['echo "MemoryError" >&2; exit 1', OutOfMemory, /MemoryError/],
  ['echo "torch.OutOfMemoryError: CUDA out of memory." >&2; exit 1', GpuOutOfMemory, /CUDA/],
  ['exit 42', GpuOutOfMemory, /42/],
  ['exit 75', Transient, /75/],
];

for (const [line, Class, message] of ENDINGS) {
  test(`a program that runs "${line}" ends as ${Class.name}`, async () => {
    await assert.rejects(shell(line).ran, (error: Error) => {
      assert.equal(error.constructor, Class);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a missing program is reported as not installed', async () => {
  await assert.rejects(shell('', { command: 'no-such-program-here' }).ran, /no-such-program-here could not be started/);
});

test('on timeout the program and its child processes end', async () => {
  const { ran, printed } = shell('sleep 300 & echo $!; wait', { timeoutMs: 300 });
  await assert.rejects(ran, TimedOut);
  assert.ok(!(await isAlive(Number(printed()))));
});

test('a program that ignores SIGTERM is killed after the grace period', async () => {
  const line = 'trap "" TERM; echo $$; while true; do sleep 0.05; done';
  const { ran, printed } = shell(line, { timeoutMs: 200, graceMs: 200 });
  await assert.rejects(ran, TimedOut);
  assert.ok(!(await isAlive(Number(printed()))));
});

test('on abort the process group ends and the reason is thrown', async () => {
  const stop = new AbortController();
  const { ran, printed } = shell('sleep 300 & echo $!; wait', { signal: stop.signal });
  setTimeout(() => stop.abort(new Error('stopped')), 300);
  await assert.rejects(ran, /stopped/);
  assert.ok(!(await isAlive(Number(printed()))));
});

test('remaining child processes are killed when a program ends', async () => {
  const { ran, printed } = shell('sleep 300 >/dev/null 2>&1 & echo $!');
  await ran;
  assert.ok(!(await isAlive(Number(printed()))));
});

test('thread limits reach the program', async () => {
  const { ran, printed } = shell(
    'echo $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS $MKL_NUM_THREADS $NUMEXPR_NUM_THREADS $NUMBA_NUM_THREADS',
    { threads: 3 },
  );
  await ran;
  assert.equal(printed(), '3 3 3 3 3\n');
  assert.deepEqual(threadLimits(undefined), {});
});

test('a limit of 0 removes the thread limit of the job', async () => {
  process.env.OMP_NUM_THREADS = '4';
  try {
    const limited = shell('echo "[$OMP_NUM_THREADS]"');
    const lifted = shell('echo "[$OMP_NUM_THREADS]"', { threads: 0 });
    await Promise.all([limited.ran, lifted.ran]);
    assert.deepEqual([limited.printed(), lifted.printed()], ['[4]\n', '[]\n']);
  } finally {
    delete process.env.OMP_NUM_THREADS;
  }
});

/** Whether the process is still running after a moment; a zombie that nobody reaps is not. */
async function isAlive(pid: number): Promise<boolean> {
  for (let i = 0; i < 20; i++) {
    const { stdout } = await execa('ps', ['-o', 'stat=', '-p', String(pid)], { reject: false });
    if (stdout === '' || stdout.startsWith('Z')) return false;
    await wait(25);
  }
  return true;
}
