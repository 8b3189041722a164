import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '#statemachine/engine/failure.ts';
import type { HistoryEvent } from '#statemachine/engine/history.ts';
import { LAMBDA, machine, recordingTask, runMachine, type Written } from '#test/fixtures/state-machine.ts';

const end = { End: true };
const call = (more: Record<string, unknown> = {}): Written => ({
  Type: 'Task',
  Resource: LAMBDA,
  Arguments: { who: '{% $states.context.State.Name & $string($states.input) %}' },
  ...more,
});

/** A pipeline in small: a chain, a caught error, a Choice, branches, an inline Map and a distributed one. */
const pipeline = machine({
  First: call({ Assign: { kept: '{% $states.result %}' }, Output: 1, Next: 'Caught' }),
  Caught: call({ Catch: [{ ErrorEquals: ['Own.Caught'], Output: 2, Next: 'Which' }], Next: 'Which' }),
  Which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Side' }] },
  Side: {
    Type: 'Parallel',
    Branches: ['Left', 'Right'].map((name) => ({
      StartAt: name,
      States: { [name]: call({ Next: `${name}End` }), [`${name}End`]: call(end) },
    })),
    Output: [1, 2],
    Next: 'Inline',
  },
  Inline: {
    Type: 'Map',
    ItemProcessor: { StartAt: 'Each', States: { Each: call(end) } },
    Output: [1, 2, 3],
    Next: 'Far',
  },
  Far: {
    Type: 'Map',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Child',
      States: { Child: call({ Output: '{% $states.input %}', Next: 'ChildEnd' }), ChildEnd: call(end) },
    },
    Next: 'Last',
  },
  Last: call({ Output: '{% [$kept, $states.input] %}', ...end }),
});

const SUCCEEDING = (who: string) => {
  if (who.startsWith('Caught')) throw new Failure('Own.Caught', '');
  return who;
};
const undisturbed = await runMachine(pipeline, 0, {
  integrations: { 'lambda:invoke': answering(SUCCEEDING).integration },
});
const everyCall = answering(SUCCEEDING);
await runMachine(pipeline, 0, { integrations: { 'lambda:invoke': everyCall.integration } });
const CALLS = everyCall.calls.map(({ who }) => who as string);

function answering(answer: (who: string) => string) {
  return recordingTask(({ who }) => answer(who as string));
}

test('the small pipeline succeeds when undisturbed', () => {
  assert.deepEqual(undisturbed.output, ['First0', 'ChildEnd1', 'ChildEnd2', 'ChildEnd3']);
  assert.equal(CALLS.length, 2 + 4 + 2 + 6 + 1);
});

for (const broken of CALLS.filter((who) => !who.startsWith('Caught'))) {
  test(`a run that failed at ${broken} continues there and repeats nothing`, async () => {
    const first = answering((who) => {
      if (who === broken) throw new Failure('Own.Broken', '');
      return SUCCEEDING(who);
    });
    const failed = await runMachine(pipeline, 0, { integrations: { 'lambda:invoke': first.integration } });
    assert.equal(failed.status, 'FAILED');

    const second = answering(SUCCEEDING);
    const resumed = await runMachine(
      pipeline,
      0,
      { integrations: { 'lambda:invoke': second.integration } },
      failed.histories,
    );
    assert.deepEqual([resumed.status, resumed.output, resumed.redriveCount], ['SUCCEEDED', undisturbed.output, 1]);
    const both = [...first.calls, ...second.calls].map(({ who }) => who as string);
    assert.deepEqual(twice(both), [broken]);
    assertSound(resumed.histories);
  });
}

test('a run interrupted after any event, even twice, resumes to the same output', async () => {
  const events = undisturbed.histories.get('run')!;
  for (let cut = 1; cut < events.length; cut++) {
    const half = await resumeFrom(cutAt(undisturbed.histories, cut));
    assert.deepEqual(half.output, undisturbed.output, `cut after ${events[cut - 1].type}`);
    assertSound(half.histories);
    const again = await resumeFrom(cutAt(half.histories, cut + 3));
    assert.deepEqual(again.output, undisturbed.output, `cut twice around ${events[cut - 1].type}`);
  }
});

test('a succeeded run is not run again', async () => {
  const { calls, integration } = answering(SUCCEEDING);
  const again = await runMachine(
    pipeline,
    0,
    { integrations: { 'lambda:invoke': integration } },
    undisturbed.histories,
  );
  assert.deepEqual([again.output, calls.length, again.stopDate], [undisturbed.output, 0, undisturbed.stopDate]);
});

test('the record of another input is ignored', async () => {
  const { calls, integration } = answering(SUCCEEDING);
  const other = await runMachine(
    pipeline,
    5,
    { integrations: { 'lambda:invoke': integration } },
    undisturbed.histories,
  );
  assert.equal(other.redriveCount, 0);
  assert.equal(calls[0].who, 'First5');
});

test('the record is used up to the first changed state of the definition', async () => {
  const before = machine({ A: call({ Output: 1, Next: 'B' }), B: call({ Output: 2, Next: 'C' }), C: call(end) });
  const after = machine({ A: call({ Output: 1, Next: 'B' }), B: call({ Output: 9, Next: 'D' }), D: call(end) });
  const ran = await runMachine(before, 0, {
    integrations: { 'lambda:invoke': answering((who) => fail(who, 'C2')).integration },
  });
  const { calls, integration } = answering((who) => who);
  const resumed = await runMachine(after, 0, { integrations: { 'lambda:invoke': integration } }, ran.histories);
  assert.equal(resumed.output, 'D9');
  assert.deepEqual(
    calls.map(({ who }) => who),
    ['B1', 'D9'],
  );
});

function fail(who: string, where: string): string {
  if (who === where) throw new Failure('Own.Broken', '');
  return who;
}

function resumeFrom(histories: Map<string, HistoryEvent[]>) {
  const { integration } = answering(SUCCEEDING);
  return runMachine(pipeline, 0, { integrations: { 'lambda:invoke': integration } }, histories);
}

/** What a killed run leaves: the first events of the parent, and the children cut in their middle. */
function cutAt(histories: Map<string, HistoryEvent[]>, cut: number): Map<string, HistoryEvent[]> {
  return new Map([...histories].map(([path, events]) => [path, events.slice(0, path === 'run' ? cut : cut % 7)]));
}

function twice(names: string[]): string[] {
  return [...new Set(names)].filter(
    (name) => names.filter((other) => other === name).length > 1 && !name.startsWith('Caught'),
  );
}

/** Ids without a gap, and every event hangs on an earlier one. */
function assertSound(histories: Map<string, HistoryEvent[]>): void {
  for (const events of histories.values()) {
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map((_, index) => index + 1),
    );
    assert.ok(events.every(({ id, previousEventId }) => previousEventId < id));
  }
}
