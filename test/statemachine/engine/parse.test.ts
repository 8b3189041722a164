import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from '#statemachine/engine/failure.ts';
import { loadDefinition, parseDefinition, placeholdersIn } from '#statemachine/engine/parse.ts';
import { runStateMachine } from '#statemachine/engine/run.ts';
import { LAMBDA, machine, memoryBucket, type Written } from '#test/fixtures/state-machine.ts';

const end = { End: true };
const pass: Written = { Type: 'Pass', ...end };
const map = (more: Record<string, unknown>, config: unknown): Written => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'In', States: { In: pass }, ...(config ? { ProcessorConfig: config } : {}) },
  ...end,
  ...more,
});
const DISTRIBUTED = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };

const REFUSED: [string, unknown, RegExp][] = [
  ['a JSONPath machine', { StartAt: 'A', States: { A: pass } }, /QueryLanguage/],
  ['a JSONPath field', machine({ A: { ...pass, ResultPath: '$.a' } }), /ResultPath/],
  ['a state type that nobody knows', machine({ A: { Type: 'Loop' as 'Pass', ...end } }), /Type/],
  ['a misspelt field', machine({ A: { ...pass, Asign: {} } }), /Asign/],
  [
    'a field deep in a branch',
    machine({ P: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { ...pass, X: 1 } } }], ...end } }),
    /X/,
  ],
  [
    'a resource that nobody serves',
    machine({ A: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:getItem', ...end } }),
    /dynamodb/,
  ],
  [
    'a plain Lambda ARN as resource',
    machine({ A: { Type: 'Task', Resource: 'arn:aws:lambda:eu-central-1:1:function:f', ...end } }),
    /resource/,
  ],
  ['a target that is not there', machine({ A: { Type: 'Pass', Next: 'B' } }), /no state B/],
  ['a state that nothing leads to', machine({ A: pass, B: pass }), /B: no state leads to it/],
  ['neither Next nor End', machine({ A: { Type: 'Pass' } }), /one of Next and End/],
  ['both Next and End', machine({ A: { Type: 'Pass', Next: 'B', End: true }, B: pass }), /one of Next and End/],
  ['a name used twice', machine({ In: { ...map({}, undefined) } }), /used twice/],
  ['a name that is too long', machine({ ['x'.repeat(81)]: pass }), /too long/],
  ['a broken expression', machine({ A: { ...pass, Output: '{% 1 + %}' } }), /no JSONata/],
  ['half an expression', machine({ A: { ...pass, Output: '{% 1 + 1' } }), /half an expression/],
  ['$eval', machine({ A: { ...pass, Output: '{% $eval("1") %}' } }), /not allowed/],
  ['an assignment to $states', machine({ A: { ...pass, Assign: { states: 1 } } }), /states/],
  [
    'States.ALL among others',
    machine({ A: { Type: 'Task', Resource: LAMBDA, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }], ...end } }),
    /stand alone/,
  ],
  [
    'a reader in an inline Map',
    machine({ M: map({ ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: {} } }, undefined) }),
    /DISTRIBUTED/,
  ],
  ['a batcher', machine({ M: map({ ItemBatcher: { MaxItemsPerBatch: 2 } }, DISTRIBUTED) }), /ItemBatcher/],
  ['a Wait without a duration', machine({ W: { Type: 'Wait', ...end } }), /Seconds and Timestamp/],
  [
    'an outer variable assigned inside',
    machine({
      A: { Type: 'Pass', Assign: { n: 1 }, Next: 'M' },
      M: { ...map({}, undefined), ItemProcessor: { StartAt: 'In', States: { In: { ...pass, Assign: { n: 2 } } } } },
    }),
    /outer scope/,
  ],
];

for (const [what, definition, message] of REFUSED) {
  test(`${what} is refused when the definition is loaded`, () => {
    assert.throws(
      () => parseDefinition(definition),
      (thrown) => {
        assert.ok(thrown instanceof DefinitionError);
        assert.match(thrown.message, message);
        return true;
      },
    );
  });
}

test('inside a distributed Map the same name is another variable', () => {
  const inner = { StartAt: 'In', States: { In: { ...pass, Assign: { n: 2 } } }, ProcessorConfig: DISTRIBUTED };
  parseDefinition(
    machine({ A: { Type: 'Pass', Assign: { n: 1 }, Next: 'M' }, M: { Type: 'Map', ItemProcessor: inner, ...end } }),
  );
});

test('placeholders are replaced as text, and none may remain', () => {
  const text = JSON.stringify(
    machine({ A: { ...pass, Output: { arn: `\${Arn}`, n: `{% \${Count} %}`, again: `\${Arn}` } } }),
  );
  assert.deepEqual(placeholdersIn(text), ['Arn', 'Count']);
  const { States } = loadDefinition(text, { Arn: 'arn:x', Count: '8' });
  assert.deepEqual(States.A, { Type: 'Pass', Output: { arn: 'arn:x', n: '{% 8 %}', again: 'arn:x' }, End: true });
  assert.throws(() => loadDefinition(text, { Arn: 'arn:x' }), /\$\{Count\} has no value/);
});

test('a definition above the size limit of the service is refused', () => {
  const text = JSON.stringify(machine({ A: { ...pass, Comment: 'x'.repeat(1024 * 1024) } }));
  assert.throws(() => loadDefinition(text), /1 MiB/);
});

test('a run without an integration that the machine needs does not start', async () => {
  const definition = parseDefinition(machine({ A: { Type: 'Task', Resource: LAMBDA, ...end } }));
  await assert.rejects(
    runStateMachine(definition, {}, { name: 'run', integrations: memoryBucket({}) }),
    /lambda:invoke/,
  );
});
