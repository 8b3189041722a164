import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '#statemachine/engine/clock.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import { LAMBDA, machine, recordingTask, runMachine, type Written } from '#test/fixtures/state-machine.ts';

const task = (more: Record<string, unknown> = {}): Written => ({ Type: 'Task', Resource: LAMBDA, End: true, ...more });
const failing = (error: string, times = Number.POSITIVE_INFINITY) =>
  recordingTask((_, index) => {
    if (index < times) throw new Failure(error, 'because');
    return 'done';
  });

test('a Task passes its evaluated arguments and keeps the selected part of the answer', async () => {
  const { calls, integration } = recordingTask(() => ({ Payload: { n: 1 }, StatusCode: 200 }));
  const ran = await runMachine(
    machine({ T: task({ Arguments: { Payload: '{% $states.input %}' }, Output: '{% $states.result.Payload %}' }) }),
    { k: 'v' },
    { integrations: { 'lambda:invoke': integration } },
  );
  assert.deepEqual(calls, [{ Payload: { k: 'v' } }]);
  assert.deepEqual(ran.output, { n: 1 });
});

/**
 * Pauses in seconds before the attempts. The first is the guide's own example: interval 3, rate 1.5, two attempts ->
 * 3 s and 4.5 s; the random number of the jitter is 0.5 here.
 */
const RETRIES: [string, Record<string, unknown>, number, number][] = [
  ['the example of the guide', { IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 1.5 }, 3, 7.5],
  ['the defaults', {}, 4, 1 + 2 + 4],
  ['no attempts', { MaxAttempts: 0 }, 1, 0],
  ['a longest pause', { IntervalSeconds: 10, MaxAttempts: 4, BackoffRate: 10, MaxDelaySeconds: 60 }, 5, 10 + 60 * 3],
  ['jitter', { IntervalSeconds: 2, MaxAttempts: 3, JitterStrategy: 'FULL' }, 4, 1 + 2 + 4],
];

for (const [what, retrier, attempts, seconds] of RETRIES) {
  test(`Retry with ${what} makes ${attempts} attempts in ${seconds} s`, async () => {
    const { calls, integration } = failing('Own.Error');
    const ran = await runMachine(
      machine({ T: task({ Retry: [{ ErrorEquals: ['Own.Error'], ...retrier }] }) }),
      {},
      { integrations: { 'lambda:invoke': integration } },
    );
    assert.deepEqual([ran.status, ran.error, calls.length], ['FAILED', 'Own.Error', attempts]);
    assert.equal(ran.elapsedMs, seconds * 1000);
  });
}

test('each retrier counts its own attempts, and the context holds the retry count', async () => {
  const errors = ['A', 'B', 'A', 'B'];
  const { calls, integration } = recordingTask((_, index) => {
    if (index < errors.length) throw new Failure(errors[index], '');
    return 'done';
  });
  const Retry = ['A', 'B'].map((name) => ({ ErrorEquals: [name], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 }));
  const Arguments = { retry: '{% $states.context.State.RetryCount %}' };
  const ran = await runMachine(
    machine({ T: task({ Retry, Arguments }) }),
    {},
    { integrations: { 'lambda:invoke': integration } },
  );
  assert.equal(ran.output, 'done');
  assert.deepEqual(
    calls,
    [0, 1, 2, 3, 4].map((retry) => ({ retry })),
  );
});

/** Which names answer which error: Step Functions guide, "Error names". */
const CAUGHT: [string, string, boolean][] = [
  ['Own.Error', 'Own.Error', true],
  ['Own.Error', 'Other', false],
  ['Own.Error', 'States.ALL', true],
  ['Own.Error', 'States.TaskFailed', true],
  ['States.Timeout', 'States.TaskFailed', false],
  ['States.Timeout', 'States.ALL', true],
  ['States.DataLimitExceeded', 'States.ALL', false],
  ['States.Runtime', 'States.ALL', false],
];

for (const [error, name, caught] of CAUGHT) {
  test(`${name} ${caught ? 'answers' : 'does not answer'} ${error}`, async () => {
    const ran = await runMachine(
      machine({ T: task({ Catch: [{ ErrorEquals: [name], Next: 'C' }] }), C: { Type: 'Succeed' } }),
      {},
      { integrations: { 'lambda:invoke': failing(error).integration } },
    );
    assert.equal(ran.status, caught ? 'SUCCEEDED' : 'FAILED');
    if (caught) assert.deepEqual(ran.output, { Error: error, Cause: 'because' });
  });
}

test('Catch may shape the output and assign from the error and the input', async () => {
  const Catch = [
    {
      ErrorEquals: ['States.ALL'],
      Assign: { why: '{% $states.errorOutput.Cause %}' },
      Output: { failed: '{% $states.input.id %}' },
      Next: 'C',
    },
  ];
  const ran = await runMachine(
    machine({ T: task({ Catch }), C: { Type: 'Pass', Output: '{% [$states.input.failed, $why] %}', End: true } }),
    { id: 7 },
    { integrations: { 'lambda:invoke': failing('Own.Error').integration } },
  );
  assert.deepEqual(ran.output, [7, 'because']);
});

test('an error without a name is a failed task with its message', async () => {
  const { integration } = recordingTask(() => {
    throw new RangeError('too far');
  });
  const ran = await runMachine(machine({ T: task() }), {}, { integrations: { 'lambda:invoke': integration } });
  assert.deepEqual([ran.error, ran.cause], ['States.TaskFailed', 'RangeError: too far']);
});

test('a Task past its TimeoutSeconds fails with States.Timeout, and its integration is aborted', async () => {
  const clock = virtualClock();
  let heard = false;
  const ran = await runMachine(
    machine({ T: task({ TimeoutSeconds: '{% $states.input.s %}' }) }),
    { s: 30 },
    {
      clock,
      integrations: {
        'lambda:invoke': async (_, { signal }) => {
          signal.addEventListener('abort', () => {
            heard = true;
          });
          await clock.sleep(3_600_000, signal);
          return null;
        },
      },
    },
  );
  assert.deepEqual([ran.status, ran.error, heard, ran.elapsedMs], ['FAILED', 'States.Timeout', true, 30_000]);
});

test('a Task that ends in time is not affected by its TimeoutSeconds', async () => {
  const clock = virtualClock();
  const ran = await runMachine(
    machine({
      T: task({ TimeoutSeconds: 30, Next: 'W', End: undefined }),
      W: { Type: 'Wait', Seconds: 60, End: true },
    }),
    {},
    {
      clock,
      integrations: {
        'lambda:invoke': async (_, { signal }) => {
          await clock.sleep(20_000, signal);
          return 'ok';
        },
      },
    },
  );
  assert.deepEqual([ran.status, ran.output, ran.elapsedMs], ['SUCCEEDED', 'ok', 80_000]);
});

test('an answer of more than 256 KiB ends the execution, whatever Catch says', async () => {
  const { integration } = recordingTask(() => 'x'.repeat(262_144));
  const ran = await runMachine(
    machine({ T: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }), C: { Type: 'Succeed' } }),
    {},
    { integrations: { 'lambda:invoke': integration } },
  );
  assert.deepEqual([ran.status, ran.error], ['FAILED', 'States.DataLimitExceeded']);
});
