import type { ResultWriter } from './definition.ts';
import { asFailure, Failure } from './failure.ts';
import { asText } from './history.ts';
import type { Call } from './integration.ts';
import type { Json, JsonObject } from './json.ts';
import { type Execution, evaluateField, type Stay } from './stay.ts';

/** A child execution that ended, or one that was never started. */
export type ChildResult = Execution | { name: string; input: Json; status: 'PENDING' };

/**
 * Writes what became of the children into one file per outcome and a manifest that lists them, in the format of
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html.
 * @throws Failure States.ResultWriterFailed
 */
export async function writeResults(
  writer: ResultWriter,
  { children, mapRunArn }: { children: ChildResult[]; mapRunArn: string },
  stay: Stay,
  states: JsonObject,
  call: Call,
): Promise<JsonObject> {
  const place = (await evaluateField(writer.Arguments, 'ResultWriter.Arguments', stay, states)) as JsonObject;
  const Bucket = String(place.Bucket);
  const folder = [place.Prefix, mapRunArn.split(':').at(-1)].filter(Boolean).join('/').replaceAll('//', '/');
  const put = stay.run.integrations['s3:putObject']!;
  try {
    const ResultFiles: Record<string, Json[]> = {};
    for (const outcome of ['FAILED', 'PENDING', 'SUCCEEDED'] as const) {
      const group = children.filter((child) => outcomeOf(child) === outcome);
      ResultFiles[outcome] = [];
      if (group.length === 0) continue;
      const Body = JSON.stringify(group.map((child) => describe(child, stay)));
      const Key = `${folder}/${outcome}_0.json`;
      await put({ Bucket, Key, Body }, call);
      ResultFiles[outcome].push({ Key, Size: Buffer.byteLength(Body) });
    }
    const Key = `${folder}/manifest.json`;
    await put(
      { Bucket, Key, Body: JSON.stringify({ DestinationBucket: Bucket, MapRunArn: mapRunArn, ResultFiles }) },
      call,
    );
    return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket, Key } };
  } catch (error) {
    call.signal.throwIfAborted();
    throw new Failure('States.ResultWriterFailed', asFailure(error).cause);
  }
}

function outcomeOf({ status }: ChildResult): 'FAILED' | 'PENDING' | 'SUCCEEDED' {
  return status === 'SUCCEEDED' || status === 'PENDING' ? status : 'FAILED';
}

function describe(child: ChildResult, stay: Stay): JsonObject {
  const common = {
    Input: asText(child.input),
    InputDetails: { Included: true },
    Name: child.name,
    StateMachineArn: stay.run.context.StateMachine.Id,
    Status: child.status,
  };
  if (child.status === 'PENDING') return common;
  return {
    ExecutionArn: child.executionArn,
    ...common,
    ...(child.output !== undefined && { Output: asText(child.output), OutputDetails: { Included: true } }),
    ...(child.error !== undefined && { Error: child.error, Cause: child.cause ?? '' }),
    RedriveCount: child.redriveCount,
    StartDate: child.startDate,
    StopDate: child.stopDate,
  };
}
