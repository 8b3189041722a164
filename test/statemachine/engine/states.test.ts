import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machine, runMachine } from '#test/fixtures/state-machine.ts';

const end = { End: true };

test('a Pass shapes the output, and variables persist in later states', async () => {
  const ran = await runMachine(
    machine({
      A: {
        Type: 'Pass',
        Assign: { n: '{% $states.input.n %}' },
        Output: { doubled: '{% 2 * $states.input.n %}' },
        Next: 'B',
      },
      B: { Type: 'Pass', Output: { sum: '{% $n + $states.input.doubled %}' }, Next: 'C' },
      C: { Type: 'Succeed', Output: '{% $states.input.sum %}' },
    }),
    { n: 4 },
  );
  assert.equal(ran.status, 'SUCCEEDED');
  assert.equal(ran.output, 12);
});

test('Output and Assign of one state see the variables as they were on entry', async () => {
  const ran = await runMachine(
    machine({
      A: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% [$a, $b] %}', Next: 'C' },
      C: { Type: 'Pass', Output: { before: '{% $states.input %}', after: '{% [$a, $b] %}' }, ...end },
    }),
  );
  assert.deepEqual(ran.output, { before: [1, 2], after: [2, 1] });
});

test('a state without Output passes its input on', async () => {
  const ran = await runMachine(machine({ A: { Type: 'Pass', Next: 'W' }, W: { Type: 'Wait', Seconds: 1, ...end } }), {
    k: 1,
  });
  assert.deepEqual(ran.output, { k: 1 });
});

const choice = machine({
  Which: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $states.input.n < 0 %}', Next: 'Low', Assign: { seen: 'negative' } },
      { Condition: '{% $states.input.n > 9 %}', Next: 'High', Output: { big: true }, Assign: { seen: 'large' } },
    ],
    Default: 'Middle',
    Assign: { seen: 'neither' },
  },
  Low: { Type: 'Pass', Output: { way: 'low', seen: '{% $seen %}' }, ...end },
  High: { Type: 'Pass', Output: { way: 'high', seen: '{% $seen %}', got: '{% $states.input %}' }, ...end },
  Middle: { Type: 'Pass', Output: { way: 'middle', seen: '{% $seen %}' }, ...end },
});

for (const [n, expected] of [
  [-1, { way: 'low', seen: 'negative' }],
  [10, { way: 'high', seen: 'large', got: { big: true } }],
  [5, { way: 'middle', seen: 'neither' }],
] as const) {
  test(`a Choice sends ${n} the ${expected.way} way with the assignments of its rule`, async () => {
    assert.deepEqual((await runMachine(choice, { n })).output, expected);
  });
}

test('a Choice without a matching rule and Default fails', async () => {
  const ran = await runMachine(
    machine({ A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'B' }] }, B: { Type: 'Succeed' } }),
  );
  assert.deepEqual([ran.status, ran.error], ['FAILED', 'States.NoChoiceMatched']);
});

test('a condition that is not a boolean fails the query', async () => {
  const ran = await runMachine(
    machine({ A: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'B' }] }, B: { Type: 'Succeed' } }),
  );
  assert.equal(ran.error, 'States.QueryEvaluationError');
});

const WAITS: [string, Record<string, unknown>, number][] = [
  ['seconds', { Seconds: 90 }, 90_000],
  ['an expression', { Seconds: '{% $states.input.s * 2 %}' }, 20_000],
  ['a time', { Timestamp: '2030-01-01T01:00:00Z' }, 3_600_000],
  ['a time that has passed', { Timestamp: '2001-01-01T00:00:00Z' }, 0],
];

for (const [what, field, elapsedMs] of WAITS) {
  test(`a Wait for ${what} takes ${elapsedMs} ms of the clock`, async () => {
    const ran = await runMachine(machine({ W: { Type: 'Wait', ...field, ...end } }), { s: 10 });
    assert.equal(ran.status, 'SUCCEEDED');
    assert.equal(ran.elapsedMs, elapsedMs);
  });
}

test('a Fail ends with its error and cause', async () => {
  const ran = await runMachine(
    machine({ F: { Type: 'Fail', Error: 'Own.Error', Cause: '{% "for " & $states.input.who %}' } }),
    {
      who: 'x',
    },
  );
  assert.deepEqual([ran.status, ran.error, ran.cause], ['FAILED', 'Own.Error', 'for x']);
});

test('the context object names execution, machine and state', async () => {
  const ran = await runMachine(machine({ A: { Type: 'Pass', Output: '{% $states.context %}', ...end } }), { k: 1 });
  assert.deepEqual(ran.output, {
    Execution: {
      Id: 'arn:aws:states:local:000000000000:execution:rtpipeline:run',
      Input: { k: 1 },
      Name: 'run',
      RoleArn: '',
      StartTime: '2030-01-01T00:00:00.000Z',
      RedriveCount: 0,
    },
    StateMachine: { Id: 'arn:aws:states:local:000000000000:stateMachine:rtpipeline', Name: 'rtpipeline' },
    State: { Name: 'A', EnteredTime: '2030-01-01T00:00:00.000Z', RetryCount: 0 },
  });
});

test('a machine past its TimeoutSeconds ends TIMED_OUT', async () => {
  const ran = await runMachine(machine({ W: { Type: 'Wait', Seconds: 100, ...end } }, { TimeoutSeconds: 60 }));
  assert.equal(ran.status, 'TIMED_OUT');
  assert.equal(ran.elapsedMs, 60_000);
});

test('an aborted run ends ABORTED', async () => {
  const ran = await runMachine(
    machine({ W: { Type: 'Wait', Seconds: 100, ...end } }),
    {},
    { signal: AbortSignal.abort() },
  );
  assert.equal(ran.status, 'ABORTED');
});

const TOO_LARGE: [string, unknown, string][] = [
  ['an output', machine({ A: { Type: 'Pass', Output: '{% $pad("", 262143) %}', ...end } }), 'States.DataLimitExceeded'],
  [
    'a variable',
    machine({ A: { Type: 'Pass', Assign: { v: '{% $pad("", 262143) %}' }, ...end } }),
    'States.DataLimitExceeded',
  ],
];

for (const [what, definition, error] of TOO_LARGE) {
  test(`${what} of more than 256 KiB ends the execution`, async () => {
    assert.equal((await runMachine(definition)).error, error);
  });
}

test('an output of exactly 256 KiB is accepted', async () => {
  const ran = await runMachine(machine({ A: { Type: 'Pass', Output: '{% $pad("", 262142) %}', ...end } }));
  assert.equal(ran.status, 'SUCCEEDED');
});

test('an execution ends when its history is full', async () => {
  const loop = machine({
    A: { Type: 'Pass', Next: 'Again' },
    Again: { Type: 'Choice', Choices: [{ Condition: true, Next: 'A' }] },
  });
  const ran = await runMachine(loop);
  assert.equal(ran.status, 'FAILED');
  assert.match(ran.cause ?? '', /maximum number of history events/);
  assert.equal(ran.histories.get('run')?.length, 25_000);
});
