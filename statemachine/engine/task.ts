import type { TaskState } from './definition.ts';
import { asFailure, Failure } from './failure.ts';
import { asText } from './history.ts';
import { type Call, type Integration, resourceName } from './integration.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { LIMITS, withinPayload } from './limits.ts';
import { withRetryAndCatch } from './retry.ts';
import { evaluateField, evaluateNumber, type Runner, type Stay } from './stay.ts';

/** Calls the integration that the resource names; its answer is `$states.result`. */
export const runTask: Runner<TaskState> = (state, stay) =>
  withRetryAndCatch(state, stay, (states) => attempt(state, stay, states));

async function attempt(state: TaskState, stay: Stay, states: JsonObject): Promise<Json> {
  const args = await evaluateField(state.Arguments ?? {}, 'Arguments', stay, states);
  if (!isObject(args)) throw new Failure('States.QueryEvaluationError', `'Arguments' must be an object`);
  withinPayload(args, 'arguments');
  const timeoutSeconds =
    state.TimeoutSeconds === undefined
      ? undefined
      : await evaluateNumber(state.TimeoutSeconds, 'TimeoutSeconds', stay, states);
  const name = resourceName(state.Resource)!;
  const [resourceType, resource] = splitResource(name);
  const note = (type: string, details: Record<string, unknown>) => {
    stay.scope.lastEventId = stay.run.history.add(type, stay.scope.lastEventId, { resourceType, resource, ...details });
  };
  note('TaskScheduled', {
    region: '',
    parameters: asText(args),
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
  });
  try {
    const result = await call(stay.run.integrations[name]!, args, stay, timeoutSeconds, note);
    withinPayload(result, 'result');
    note('TaskSucceeded', { output: asText(result), outputDetails: { truncated: false } });
    return result;
  } catch (thrown) {
    stay.scope.signal.throwIfAborted();
    const failure = asFailure(thrown);
    const type = failure.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed';
    note(type, { error: failure.error, cause: failure.cause.slice(0, LIMITS.causeLength) });
    throw failure;
  }
}

/** The integration's answer, or the failure of the deadline; the work behind the call hears of it by its signal. */
async function call(
  integration: Integration,
  args: JsonObject,
  { run, scope, name }: Stay,
  timeoutSeconds: number | undefined,
  note: (type: string, details: Record<string, unknown>) => void,
): Promise<Json> {
  const deadline = new AbortController();
  const signal = AbortSignal.any([scope.signal, deadline.signal]);
  const stopTimer =
    timeoutSeconds === undefined
      ? () => {}
      : run.clock.timer(timeoutSeconds * 1000, () =>
          deadline.abort(new Failure('States.Timeout', `'${name}' took longer than ${timeoutSeconds} s`)),
        );
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const context: Call = {
    signal,
    execution: run.path,
    state: name,
    eventId: scope.lastEventId,
    submitted: (output) => note('TaskSubmitted', { output: asText(output), outputDetails: { truncated: false } }),
  };
  note('TaskStarted', {});
  try {
    return await Promise.race([integration(args, context), aborted.promise]);
  } finally {
    stopTimer();
    signal.removeEventListener('abort', onAbort);
  }
}

/** `batch:submitJob.sync` -> `batch`, `submitJob.sync`; `aws-sdk:s3:putObject` -> `aws-sdk:s3`, `putObject` */
function splitResource(name: string): [string, string] {
  const parts = name.replace(/:(\d+)$/, '.$1').split(':');
  const action = parts.pop()!.replace(/\.(\d+)$/, ':$1');
  return [parts.join(':'), action];
}
