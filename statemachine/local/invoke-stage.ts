import type { StageContext } from '#lib/course-store/context.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import type { StageLoader } from '#lib/stages/stage.ts';
import { Failure } from '../engine/failure.ts';
import type { Call, Integration } from '../engine/integration.ts';
import type { Json, JsonObject } from '../engine/json.ts';
import { bindingOf } from './arns.ts';

/** `lambda:invoke` on one machine: the stage runs in this process. Errors keep their names, as in Lambda. */
export function invokeStage(loadStage: StageLoader, context: (call: Call) => StageContext): Integration {
  return async ({ FunctionName, Payload }, call) => {
    const { stage: name } = bindingOf(FunctionName, 'Lambda');
    const stage = await loadStage(name);
    if (!stage) throw new Failure('Lambda.ResourceNotFoundException', `there is no stage ${name}`);
    try {
      const input = stage.input.safeParse((Payload as JsonObject).input);
      if (!input.success) throw new BadInput(`not the input of ${name}: ${input.error.message}`);
      const output = await stage.run(input.data, context(call));
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: asJson(output) };
    } catch (error) {
      call.signal.throwIfAborted();
      throw functionError(error);
    }
  };
}

function functionError(error: unknown): Failure {
  const errorType = error instanceof Error ? error.name : 'Error';
  const trace = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 8) : [];
  return new Failure(errorType, JSON.stringify({ errorType, errorMessage: describeError(error), trace }));
}

function asJson(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
