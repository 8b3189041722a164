import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Json } from '#statemachine/engine/json.ts';
import {
  LAMBDA,
  machine,
  memoryBucket,
  recordingTask,
  runMachine,
  type Written,
} from '#test/fixtures/state-machine.ts';

const end = { End: true };
const distributed = (state: Written, more: Record<string, unknown> = {}): Written => ({
  Type: 'Map',
  Label: 'Courses',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Item',
    States: { Item: state },
  },
  ...end,
  ...more,
});
const echo: Written = { Type: 'Pass', ...end };
const reader = (action: string, Arguments: unknown, ReaderConfig?: unknown) => ({
  ItemReader: { Resource: `arn:aws:states:::s3:${action}`, Arguments, ...(ReaderConfig ? { ReaderConfig } : {}) },
});
const at = (Key: string) => ({ Bucket: 'b', Key });

const OBJECTS = {
  'rows.json': '[{"n":1},{"n":2}]',
  'rows.jsonl': '{"n":1}\n{"n":2}\n\n',
  'rows.csv': 'id,name\n1,"Smith, ""Jo"""\r\n2,\n',
  'bare.csv': '1;a\n2;b',
  'object.json': '{"n":1}',
};

const READ: [string, Record<string, unknown>, Json][] = [
  ['a JSON array', reader('getObject', at('rows.json')), [{ n: 1 }, { n: 2 }]],
  ['JSON lines', reader('getObject', at('rows.jsonl'), { InputType: 'JSONL' }), [{ n: 1 }, { n: 2 }]],
  ['the first row only', reader('getObject', at('rows.jsonl'), { MaxItems: 1 }), [{ n: 1 }]],
  [
    'CSV with quotes and headers in the first row',
    reader('getObject', at('rows.csv'), { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }),
    [
      { id: '1', name: 'Smith, "Jo"' },
      { id: '2', name: '' },
    ],
  ],
  [
    'CSV with given headers and semicolons',
    reader('getObject', at('bare.csv'), {
      InputType: 'CSV',
      CSVHeaderLocation: 'GIVEN',
      CSVHeaders: ['k', 'v'],
      CSVDelimiter: 'SEMICOLON',
    }),
    [
      { k: '1', v: 'a' },
      { k: '2', v: 'b' },
    ],
  ],
];

for (const [what, itemReader, expected] of READ) {
  test(`a distributed Map reads ${what}`, async () => {
    const ran = await runMachine(
      machine({ M: distributed(echo, itemReader) }),
      {},
      { integrations: memoryBucket({ ...OBJECTS }) },
    );
    assert.deepEqual(ran.output, expected);
  });
}

for (const [what, key] of [
  ['an object that is not there', 'nothing.json'],
  ['a JSON object', 'object.json'],
]) {
  test(`reading items from ${what} fails with States.ItemReaderFailed`, async () => {
    const ran = await runMachine(
      machine({ M: distributed(echo, reader('getObject', at(key))) }),
      {},
      { integrations: memoryBucket({ ...OBJECTS }) },
    );
    assert.equal(ran.error, 'States.ItemReaderFailed');
  });
}

test('child executions do not see the variables outside', async () => {
  const ran = await runMachine(
    machine({
      A: { Type: 'Pass', Assign: { outer: 1 }, Next: 'M' },
      M: distributed(
        { Type: 'Pass', Output: '{% $exists($outer) %}', ...end },
        { Items: [1], ItemSelector: '{% $outer %}' },
      ),
    }),
  );
  assert.deepEqual(ran.output, [false]);
});

test('every child execution has its own history and name', async () => {
  const ran = await runMachine(
    machine({
      M: distributed({ Type: 'Pass', Output: '{% $states.context.Execution.Name %}', ...end }, { Items: [1, 2] }),
    }),
  );
  assert.deepEqual(ran.output, ['Courses-4-0', 'Courses-4-1']);
  assert.deepEqual([...ran.histories.keys()], ['run', 'run/Courses-4-0', 'run/Courses-4-1']);
  assert.deepEqual(
    ran.histories.get('run/Courses-4-1')?.map(({ type }) => type),
    ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'],
  );
});

const failOn = (bad: number[]) =>
  recordingTask(({ n }) => {
    if (bad.includes(n as number)) throw new Failure('Own.Error', `n is ${n}`);
    return n;
  });
const call: Written = { Type: 'Task', Resource: LAMBDA, Arguments: { n: '{% $states.input %}' }, ...end };
const tenItems = { Items: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], MaxConcurrency: 1 };

/** Failing items of ten, tolerance, whether the Map stands, how many children were started one after another. */
const TOLERANCE: [number[], Record<string, unknown>, boolean, number][] = [
  [[3], {}, false, 4],
  [[3], { ToleratedFailureCount: 1 }, true, 10],
  [[3, 5], { ToleratedFailureCount: 1 }, false, 6],
  [[3, 5], { ToleratedFailurePercentage: 20 }, true, 10],
  [[3, 5, 7], { ToleratedFailurePercentage: 20 }, false, 8],
  [[3, 5], { ToleratedFailurePercentage: 50, ToleratedFailureCount: 1 }, false, 6],
  [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { ToleratedFailurePercentage: 100 }, true, 10],
];

for (const [bad, tolerance, stands, started] of TOLERANCE) {
  test(`${bad.length} of 10 failed under ${JSON.stringify(tolerance)}: the Map ${stands ? 'stands' : 'fails'}`, async () => {
    const { calls, integration } = failOn(bad);
    const ran = await runMachine(
      machine({ M: distributed(call, { ...tenItems, ...tolerance }) }),
      {},
      { integrations: { 'lambda:invoke': integration } },
    );
    assert.equal(calls.length, started);
    assert.equal(ran.error, stands ? undefined : 'States.ExceedToleratedFailureThreshold');
  });
}

test('ResultWriter writes succeeded, failed and pending items, and a manifest', async () => {
  const objects: Record<string, string> = {};
  const map = distributed(call, {
    Items: [0, 1, 2, 3],
    MaxConcurrency: 1,
    ToleratedFailureCount: 1,
    ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'runs/r1/map' } },
    Catch: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'Caught' }],
  });
  const integrations = { ...memoryBucket(objects), 'lambda:invoke': failOn([1, 2]).integration };
  const ran = await runMachine(
    machine({ M: map, Caught: { Type: 'Succeed', Output: 'caught' } }),
    {},
    { integrations },
  );
  assert.equal(ran.output, 'caught');

  const folder = 'runs/r1/map/00000000-0000-4000-8000-000000000000';
  const manifest = JSON.parse(objects[`${folder}/manifest.json`]);
  assert.deepEqual(manifest, {
    DestinationBucket: 'b',
    MapRunArn: 'arn:aws:states:local:000000000000:mapRun:rtpipeline/Courses:00000000-0000-4000-8000-000000000000',
    ResultFiles: Object.fromEntries(
      ['FAILED', 'PENDING', 'SUCCEEDED'].map((outcome) => {
        const Key = `${folder}/${outcome}_0.json`;
        return [outcome, [{ Key, Size: objects[Key].length }]];
      }),
    ),
  });
  const rows = (outcome: string) => JSON.parse(objects[`${folder}/${outcome}_0.json`]);
  assert.deepEqual(
    rows('SUCCEEDED').map((row: Record<string, string>) => [row.Name, row.Input, row.Output, row.Status]),
    [['Courses-4-0', '0', '0', 'SUCCEEDED']],
  );
  assert.deepEqual(
    rows('FAILED').map((row: Record<string, string>) => [row.Name, row.Error, row.Cause, row.Status]),
    [
      ['Courses-4-1', 'Own.Error', 'n is 1', 'FAILED'],
      ['Courses-4-2', 'Own.Error', 'n is 2', 'FAILED'],
    ],
  );
  assert.deepEqual(
    rows('PENDING').map((row: Record<string, string>) => row.Input),
    ['3'],
  );
});

test('with a ResultWriter the Map returns the place of the manifest', async () => {
  const map = distributed(echo, {
    Items: [1],
    ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'p' } },
  });
  const ran = await runMachine(machine({ M: map }), {}, { integrations: memoryBucket({}) });
  assert.deepEqual(ran.output, {
    MapRunArn: 'arn:aws:states:local:000000000000:mapRun:rtpipeline/Courses:00000000-0000-4000-8000-000000000000',
    ResultWriterDetails: { Bucket: 'b', Key: 'p/00000000-0000-4000-8000-000000000000/manifest.json' },
  });
});

test('results that cannot be written fail with States.ResultWriterFailed', async () => {
  const map = distributed(echo, {
    Items: [1],
    ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b' } },
  });
  const { integration } = recordingTask(() => {
    throw new Error('AccessDenied');
  });
  const ran = await runMachine(machine({ M: map }), {}, { integrations: { 's3:putObject': integration } });
  assert.deepEqual([ran.error, ran.cause], ['States.ResultWriterFailed', 'Error: AccessDenied']);
});
