import { z } from 'zod';
import type { Json } from './json.ts';

/**
 * The part of the Amazon States Language that this engine speaks: JSONata only. Every object is strict, so a field
 * of the language that is not implemented here is an error when the file is loaded, never silently passed over.
 * Source: https://states-language.net/spec.html and the Step Functions developer guide.
 */

/** States with where to start: a whole machine, a branch of a Parallel, the processor of a Map. */
export interface Branch {
  Comment?: string;
  StartAt: string;
  States: Record<string, State>;
}

const anyJson: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'must be a {% JSONata %} expression');
const count = z.union([z.int().min(0), expression]);
const seconds = z.union([z.int().min(1), expression]);
const percentage = z.union([z.number().min(0).max(100), expression]);
const variables = z.record(z.string().regex(/^(?!states$)[A-Za-z_]\w{0,79}$/, 'is no name of a variable'), anyJson);
const named = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const results = { Output: anyJson.optional(), Assign: variables.optional() };
const onward = { Next: z.string().optional(), End: z.literal(true).optional() };

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).default(1),
  MaxAttempts: z.int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['NONE', 'FULL']).default('NONE'),
});
export type Retrier = z.infer<typeof retrier>;

const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ...results,
});
export type Catcher = z.infer<typeof catcher>;

const fallible = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const branch: z.ZodType<Branch> = z.lazy(() => z.strictObject(branchFields()));

const pass = z.strictObject({ Type: z.literal('Pass'), ...named, ...results, ...onward });
export type PassState = z.infer<typeof pass>;

const task = z.strictObject({
  Type: z.literal('Task'),
  ...named,
  Resource: z.string(),
  Arguments: anyJson.optional(),
  TimeoutSeconds: seconds.optional(),
  ...fallible,
  ...results,
  ...onward,
});
export type TaskState = z.infer<typeof task>;

const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...named,
  Choices: z
    .array(
      z.strictObject({
        Comment: z.string().optional(),
        Condition: z.union([z.boolean(), expression]),
        Next: z.string(),
        ...results,
      }),
    )
    .min(1),
  Default: z.string().optional(),
  ...results,
});
export type ChoiceState = z.infer<typeof choice>;

const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...named,
  Seconds: z.union([z.int().min(0).max(99_999_999), expression]).optional(),
  Timestamp: z.string().optional(),
  ...results,
  ...onward,
});
export type WaitState = z.infer<typeof wait>;

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...named, Output: anyJson.optional() });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  ...named,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});
export type FailState = z.infer<typeof fail>;

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...named,
  Arguments: anyJson.optional(),
  Branches: z.array(branch).min(1),
  ...fallible,
  ...results,
  ...onward,
});
export type ParallelState = z.infer<typeof parallel>;

const itemReader = z.strictObject({
  Resource: z.literal('arn:aws:states:::s3:getObject'),
  Arguments: anyJson,
  ReaderConfig: z
    .strictObject({
      InputType: z.enum(['JSON', 'JSONL', 'CSV']).optional(),
      CSVHeaderLocation: z.enum(['FIRST_ROW', 'GIVEN']).default('FIRST_ROW'),
      CSVHeaders: z.array(z.string()).optional(),
      CSVDelimiter: z.enum(['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB']).default('COMMA'),
      MaxItems: count.optional(),
    })
    .optional(),
});
export type ItemReader = z.infer<typeof itemReader>;

const resultWriter = z.strictObject({ Resource: z.literal('arn:aws:states:::s3:putObject'), Arguments: anyJson });
export type ResultWriter = z.infer<typeof resultWriter>;

const distributed = {
  Label: z
    .string()
    .regex(/^[^\s?*<>{}[\]:;,\\|^~$#%&`"]{1,40}$/)
    .optional(),
  ItemReader: itemReader.optional(),
  ResultWriter: resultWriter.optional(),
  ToleratedFailureCount: count.optional(),
  ToleratedFailurePercentage: percentage.optional(),
};

/** Fields of a Map that only its DISTRIBUTED mode knows. */
export const DISTRIBUTED_FIELDS = Object.keys(distributed);

/** Inline or distributed, as `ItemProcessor.ProcessorConfig.Mode` says; inline without it. */
export interface Processor extends Branch {
  ProcessorConfig?: { Mode: 'INLINE' } | { Mode: 'DISTRIBUTED'; ExecutionType: 'STANDARD' | 'EXPRESS' };
}

const processor: z.ZodType<Processor> = z.lazy(() =>
  z.strictObject({
    ...branchFields(),
    ProcessorConfig: z
      .discriminatedUnion('Mode', [
        z.strictObject({ Mode: z.literal('INLINE') }),
        z.strictObject({ Mode: z.literal('DISTRIBUTED'), ExecutionType: z.enum(['STANDARD', 'EXPRESS']) }),
      ])
      .optional(),
  }),
);

const map = z.strictObject({
  Type: z.literal('Map'),
  ...named,
  Items: z.union([z.array(anyJson), expression]).optional(),
  ItemSelector: anyJson.optional(),
  ItemProcessor: processor,
  MaxConcurrency: count.optional(),
  ...distributed,
  ...fallible,
  ...results,
  ...onward,
});
export type MapState = z.infer<typeof map>;

export type FallibleState = TaskState | ParallelState | MapState;

const state = z.discriminatedUnion('Type', [pass, task, choice, wait, succeed, fail, parallel, map]);
export type State = z.infer<typeof state>;

/** A whole state machine, as in the file. */
export const definitionSchema = z.strictObject({
  QueryLanguage: z.literal('JSONata'),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  ...branchFields(),
});
export type Definition = z.infer<typeof definitionSchema>;

function branchFields() {
  return {
    Comment: z.string().optional(),
    StartAt: z.string(),
    States: z.record(
      z.string(),
      z.lazy((): z.ZodType<State> => state),
    ),
  };
}
