import { z } from 'zod';
import { embeddedMetrics } from '#lib/aws/metrics.ts';
import { BadInput, describeError, TimedOut } from '#lib/errors.ts';
import { createLog, type Log } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Stage } from '#lib/stages/stage.ts';
import { openStore } from '#lib/store/open.ts';

/** What the state machine calls every function with: as a task document of a Batch job. */
const eventSchema = z.strictObject({
  stage: z.string(),
  inputUri: z.string(),
  storeUri: z.string(),
  input: z.record(z.string(), z.unknown()),
});

/** The part of Lambda's context that is used. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

export type StageHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** Time that is left to say why, before the function is ended. */
const MARGIN_MS = 5000;

/**
 * A stage as a Lambda function. It throws what the stage throws: Lambda reports an error under its name, and that is
 * what `ErrorEquals` of the state machine matches.
 */
// biome-ignore lint/suspicious/noExplicitAny: stages of every input; each checks its own
export function stageFunction(stage: Stage<any, unknown>, write = toStandardOutput): StageHandler {
  const log = createLog(write, () => new Date()).child({ stage: stage.name });
  return async (event, context) => {
    const startedAt = new Date();
    let failed = 1;
    try {
      const answer = await run(stage, event, context, log);
      failed = 0;
      return answer;
    } catch (error) {
      log.error({ error: error instanceof Error ? error.name : 'Error', reason: describeError(error) }, 'Stage:Failed');
      throw error;
    } finally {
      const seconds = (Date.now() - startedAt.getTime()) / 1000;
      write(
        embeddedMetrics(
          startedAt,
          { Stage: stage.name },
          { StageSeconds: [seconds, 'Seconds'], StageFailed: [failed, 'Count'] },
        ),
      );
    }
  };
}

async function run(
  // biome-ignore lint/suspicious/noExplicitAny: as above
  stage: Stage<any, unknown>,
  event: unknown,
  context: LambdaContext,
  log: Log,
): Promise<unknown> {
  const { stage: name, inputUri, storeUri, input: given } = parse(eventSchema, event, 'an event of the state machine');
  if (name !== stage.name) throw new BadInput(`this function runs ${stage.name}, not ${name}`);
  const input = parse(stage.input, given, `the input of ${stage.name}`);
  const stop = new AbortController();
  const timeLeft = context.getRemainingTimeInMillis() - MARGIN_MS;
  const timer = setTimeout(() => stop.abort(new TimedOut(`${stage.name} did not finish in its time`)), timeLeft);
  try {
    return await stage.run(input, {
      input: await openStore(inputUri),
      store: await openStore(storeUri),
      pool: inlinePool(),
      log,
      signal: stop.signal,
      now: () => new Date(),
    });
  } finally {
    clearTimeout(timer);
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadInput(
    `not ${what}: ${parsed.error.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
  );
}

function toStandardOutput(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
