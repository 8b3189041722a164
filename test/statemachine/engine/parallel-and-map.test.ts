import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '#statemachine/engine/clock.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Integration } from '#statemachine/engine/integration.ts';
import { LAMBDA, machine, recordingTask, runMachine, type Written } from '#test/fixtures/state-machine.ts';

const end = { End: true };
const branch = (name: string, state: Written) => ({ StartAt: name, States: { [name]: state } });
const call = (more: Record<string, unknown> = {}): Written => ({ Type: 'Task', Resource: LAMBDA, ...end, ...more });

test('a Parallel gives every branch the same input and lists the outputs in order', async () => {
  const ran = await runMachine(
    machine({
      P: {
        Type: 'Parallel',
        Branches: [
          branch('A', { Type: 'Wait', Seconds: 60, Output: '{% $states.input.n + 1 %}', ...end }),
          branch('B', { Type: 'Wait', Seconds: 30, Output: '{% $states.input.n + 2 %}', ...end }),
        ],
        ...end,
      },
    }),
    { n: 1 },
  );
  assert.deepEqual(ran.output, [2, 3]);
  assert.equal(ran.elapsedMs, 60_000);
});

test('branches read outer variables; their assignments stay inside', async () => {
  const ran = await runMachine(
    machine({
      Before: { Type: 'Pass', Assign: { outer: 5 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'In',
            States: {
              In: { Type: 'Pass', Assign: { inner: '{% $outer * 2 %}' }, Next: 'Out' },
              Out: { Type: 'Pass', Output: '{% $inner %}', ...end },
            },
          },
        ],
        Assign: { fromResult: '{% $states.result[0] %}' },
        Next: 'After',
      },
      After: { Type: 'Pass', Output: '{% [$outer, $fromResult, $exists($inner)] %}', ...end },
    }),
  );
  assert.deepEqual(ran.output, [5, 10, false]);
});

test('a failing branch aborts its siblings, and the Parallel can catch the error', async () => {
  const clock = virtualClock();
  let aborted = false;
  const integration: Integration = async (_, { signal, state }) => {
    await clock.sleep(state === 'Bad' ? 1000 : 3_600_000, signal).catch(() => {
      aborted = true;
    });
    throw new Failure('Own.Error', state);
  };
  const ran = await runMachine(
    machine({
      P: {
        Type: 'Parallel',
        Branches: [branch('Slow', call()), branch('Bad', call())],
        Catch: [{ ErrorEquals: ['Own.Error'], Next: 'Caught' }],
        ...end,
      },
      Caught: { Type: 'Pass', Output: '{% $states.input.Cause %}', ...end },
    }),
    {},
    { clock, integrations: { 'lambda:invoke': integration } },
  );
  assert.deepEqual([ran.output, aborted, ran.elapsedMs], ['Bad', true, 1000]);
});

const doubling = (more: Record<string, unknown> = {}): Written => ({
  Type: 'Map',
  ItemProcessor: branch('Double', { Type: 'Pass', Output: '{% $states.input * 2 %}', ...end }),
  ...end,
  ...more,
});

const MAPS: [string, Written, unknown, unknown][] = [
  ['its input', doubling(), [1, 2, 3], [2, 4, 6]],
  ['Items', doubling({ Items: '{% $states.input.list %}' }), { list: [5] }, [10]],
  ['a literal list', doubling({ Items: [1, '{% $states.input %}'] }), 4, [2, 8]],
  ['nothing', doubling(), [], []],
  [
    'what ItemSelector makes of index and value',
    doubling({ ItemSelector: '{% $states.context.Map.Item.Index * 10 + $states.context.Map.Item.Value %}' }),
    [1, 2],
    [2, 24],
  ],
];

for (const [what, map, input, expected] of MAPS) {
  test(`an inline Map iterates over ${what}`, async () => {
    assert.deepEqual((await runMachine(machine({ M: map }), input as never)).output, expected);
  });
}

test('an inline Map over a value that is not an array fails the query', async () => {
  assert.equal((await runMachine(machine({ M: doubling() }), { a: 1 })).error, 'States.QueryEvaluationError');
});

for (const [limit, most] of [
  [3, 3],
  [0, 40],
  [100, 40],
]) {
  test(`an inline Map with MaxConcurrency ${limit} runs ${most} iterations at a time`, async () => {
    const clock = virtualClock();
    let running = 0;
    let peak = 0;
    const integration: Integration = async (_, { signal }) => {
      peak = Math.max(peak, ++running);
      await clock.sleep(1000, signal);
      running -= 1;
      return null;
    };
    const map = { Type: 'Map' as const, MaxConcurrency: limit, ItemProcessor: branch('T', call()), ...end };
    const input = Array.from({ length: 90 }, (_, i) => i);
    const ran = await runMachine(machine({ M: map }), input, { clock, integrations: { 'lambda:invoke': integration } });
    assert.deepEqual([ran.status, peak], ['SUCCEEDED', most]);
    assert.equal(ran.elapsedMs, Math.ceil(90 / most) * 1000);
  });
}

test('a failed iteration fails the Map, and a Retry of the Map runs all iterations again', async () => {
  const { calls, integration } = recordingTask((args, index) => {
    if (index === 1) throw new Failure('Own.Error', '');
    return args.n;
  });
  const ran = await runMachine(
    machine({
      M: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: branch('T', call({ Arguments: { n: '{% $states.input %}' } })),
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        ...end,
      },
    }),
    [1, 2, 3],
    { integrations: { 'lambda:invoke': integration } },
  );
  assert.deepEqual(ran.output, [1, 2, 3]);
  assert.deepEqual(
    calls.map(({ n }) => n),
    [1, 2, 1, 2, 3],
  );
});
