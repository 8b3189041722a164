import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Integration } from '#statemachine/engine/integration.ts';
import { LAMBDA, machine, recordingTask, runMachine } from '#test/fixtures/state-machine.ts';

const end = { End: true };

/** The types and links of GetExecutionHistory for a Task that is retried once and then caught. */
test('a retried and caught Task leaves the events that the AWS console shows', async () => {
  const { integration } = recordingTask(() => {
    throw new Failure('Own.Error', 'why');
  });
  const ran = await runMachine(
    machine({
      T: {
        Type: 'Task',
        Resource: LAMBDA,
        Arguments: { Payload: 1 },
        TimeoutSeconds: 60,
        Retry: [{ ErrorEquals: ['Own.Error'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { why: '{% $states.errorOutput.Cause %}' }, Next: 'C' }],
        ...end,
      },
      C: { Type: 'Succeed' },
    }),
    { k: 1 },
    { integrations: { 'lambda:invoke': integration } },
  );
  const events = ran.histories.get('run')!;
  assert.deepEqual(
    events.map(({ id, previousEventId, type }) => [id, previousEventId, type]),
    [
      [1, 0, 'ExecutionStarted'],
      [2, 1, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskFailed'],
      [6, 5, 'TaskScheduled'],
      [7, 6, 'TaskStarted'],
      [8, 7, 'TaskFailed'],
      [9, 8, 'TaskStateExited'],
      [10, 9, 'SucceedStateEntered'],
      [11, 10, 'SucceedStateExited'],
      [12, 11, 'ExecutionSucceeded'],
    ],
  );
  assert.deepEqual(events[1], {
    timestamp: '2030-01-01T00:00:00.000Z',
    id: 2,
    previousEventId: 1,
    type: 'TaskStateEntered',
    stateEnteredEventDetails: { name: 'T', input: '{"k":1}', inputDetails: { truncated: false } },
  });
  assert.deepEqual(events[2].taskScheduledEventDetails, {
    resourceType: 'lambda',
    resource: 'invoke',
    region: '',
    parameters: '{"Payload":1}',
    timeoutInSeconds: 60,
  });
  assert.deepEqual(events[7].taskFailedEventDetails, {
    resourceType: 'lambda',
    resource: 'invoke',
    error: 'Own.Error',
    cause: 'why',
  });
  assert.deepEqual(events[8].stateExitedEventDetails, {
    name: 'T',
    output: '{"Error":"Own.Error","Cause":"why"}',
    outputDetails: { truncated: false },
    assignedVariables: { why: '"why"' },
  });
  assert.equal(events[5].timestamp, '2030-01-01T00:00:01.000Z');
});

/** Resource ARNs and how the history splits them into type and action. */
const RESOURCES: [string, string, string][] = [
  ['batch:submitJob.sync', 'batch', 'submitJob.sync'],
  ['states:startExecution.sync:2', 'states', 'startExecution.sync:2'],
  ['aws-sdk:s3:putObject', 'aws-sdk:s3', 'putObject'],
];

for (const [name, resourceType, resource] of RESOURCES) {
  test(`${name} is submitted as ${resource} of ${resourceType}`, async () => {
    const integration: Integration = async (_, { submitted }) => {
      submitted({ JobId: 'j1' });
      return { Status: 'SUCCEEDED' };
    };
    const ran = await runMachine(
      machine({ T: { Type: 'Task', Resource: `arn:aws:states:::${name}`, ...end } }),
      {},
      { integrations: { [name]: integration } },
    );
    const events = ran.histories.get('run')!;
    assert.deepEqual(
      events.slice(2, 6).map(({ type }) => type),
      ['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded'],
    );
    assert.deepEqual(events[4].taskSubmittedEventDetails, {
      resourceType,
      resource,
      output: '{"JobId":"j1"}',
      outputDetails: { truncated: false },
    });
  });
}

test('branches and iterations refer to the start of their state', async () => {
  const inner = (name: string) => ({ StartAt: name, States: { [name]: { Type: 'Pass', ...end } } });
  const ran = await runMachine(
    machine({
      P: { Type: 'Parallel', Branches: [inner('A'), inner('B')], Next: 'M' },
      M: { Type: 'Map', ItemProcessor: inner('I'), MaxConcurrency: 1, ...end },
    }),
    7,
  );
  assert.deepEqual(
    ran.histories
      .get('run')!
      .map(({ previousEventId, type }) => `${previousEventId} ${type}`)
      .sort(byNumber),
    [
      '0 ExecutionStarted',
      '1 ParallelStateEntered',
      '2 ParallelStateStarted',
      '3 ParallelStateSucceeded',
      '3 PassStateEntered',
      '3 PassStateEntered',
      '4 PassStateExited',
      '5 PassStateExited',
      '8 ParallelStateExited',
      '9 MapStateEntered',
      '10 MapStateStarted',
      '11 MapIterationStarted',
      '11 MapIterationStarted',
      '11 MapStateSucceeded',
      '12 PassStateEntered',
      '13 PassStateExited',
      '14 MapIterationSucceeded',
      '16 PassStateEntered',
      '17 PassStateExited',
      '18 MapIterationSucceeded',
      '20 MapStateExited',
      '21 ExecutionSucceeded',
    ],
  );
});

test('a failed query has its own event', async () => {
  const ran = await runMachine(machine({ A: { Type: 'Pass', Output: '{% $states.input.missing %}', ...end } }));
  const failed = ran.histories.get('run')!.at(-2)!;
  assert.equal(failed.type, 'EvaluationFailed');
  assert.deepEqual(failed.evaluationFailedEventDetails, {
    error: 'States.QueryEvaluationError',
    cause: "The JSONata expression '{% $states.input.missing %}' specified for 'Output' returned nothing (undefined).",
    location: 'Output',
    state: 'A',
  });
});

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b);
}
