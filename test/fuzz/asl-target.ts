import { readFileSync } from 'node:fs';
import type { Json } from '#statemachine/engine/json.ts';
import { loadDefinition } from '#statemachine/engine/parse.ts';
import { LAMBDA, machine, memoryBucket, recordingTask, runMachine } from '#test/fixtures/state-machine.ts';
import { oneOf } from './mutate-bytes.ts';
import { mutateJson } from './mutate-text.ts';
import type { Target } from './target.ts';

const ROWS = { 'rows.jsonl': '{"n":1}\n{"n":2}\n', 'rows.json': '[{"n":1}]' };
const SMALL = machine({
  First: { Type: 'Pass', Output: { list: [1, 2, 3], text: 'a' }, Next: 'Choose' },
  Choose: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $count($states.input.list) > 2 %}', Next: 'Each' }],
    Default: 'Stop',
  },
  Each: {
    Type: 'Map',
    Items: '{% $states.input.list %}',
    MaxConcurrency: 2,
    ItemProcessor: called('Call'),
    Next: 'Rows',
  },
  Rows: {
    Type: 'Map',
    Label: 'Rows',
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSONL' },
      Arguments: { Bucket: 'b', Key: 'rows.jsonl' },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...called('CallRow'),
    },
    ToleratedFailurePercentage: 50,
    Next: 'Both',
  },
  Both: {
    Type: 'Parallel',
    Branches: [{ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, End: true } } }],
    Next: 'Stop',
  },
  Stop: { Type: 'Succeed' },
});

/** Names of states are unique in a machine. */
function called(name: string) {
  const done = `${name} caught`;
  return { StartAt: name, States: { [name]: task(done), [done]: { Type: 'Pass' as const, End: true } } };
}

function task(caught: string) {
  return {
    Type: 'Task' as const,
    Resource: LAMBDA,
    Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
    Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 2 }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: caught }],
    End: true,
  };
}

/** State machines: the pipeline's own are loaded, a small one with every kind of state is run on a clock that does not wait. */
export function aslTarget(): Target {
  const text = readFileSync(new URL('../../statemachine/pipeline.asl.json', import.meta.url), 'utf8');
  const pipeline: unknown = JSON.parse(text.replaceAll(/\$\{\w+\}/g, 'x'));
  return {
    mutant: (random) => mutateJson(oneOf(random, [pipeline, SMALL, SMALL, SMALL]), random),
    async read(mutant) {
      const definition = loadDefinition(JSON.stringify(mutant));
      const { integration } = recordingTask((args) => ({ Payload: args.Payload ?? null }) as Json);
      const integrations = { 'lambda:invoke': integration, ...memoryBucket({ ...ROWS }) };
      await runMachine(definition, { input: 1 }, { integrations });
    },
  };
}
