import type { Definition } from './definition.ts';
import { Failure } from './failure.ts';
import type { Integration } from './integration.ts';
import { isObject, type Json } from './json.ts';
import { type RunOptions, runStateMachine } from './run.ts';
import type { Execution } from './stay.ts';

/**
 * `states:startExecution.sync:2` among machines known here: the started execution runs in this engine, below the one
 * that started it. `options` is asked at the call, as the integrations of both machines usually hold this one.
 */
export function startExecution(
  machines: Record<string, Definition>,
  options: () => Omit<RunOptions, 'name' | 'path' | 'signal' | 'machineArn'>,
): Integration {
  return async ({ StateMachineArn, Input }, { execution, state, eventId, signal, submitted }) => {
    const machine = machines[String(StateMachineArn)];
    if (!machine) {
      throw new Failure('StepFunctions.StateMachineDoesNotExistException', `there is no machine ${StateMachineArn}`);
    }
    const name = `${state}-${eventId}`;
    submitted({ Name: name });
    const ended = await runStateMachine(machine, Input ?? {}, {
      ...options(),
      name,
      path: `${execution}/${name}`,
      signal,
      machineArn: `arn:aws:states:local:000000000000:stateMachine:${StateMachineArn}`,
    });
    signal.throwIfAborted();
    const described = describe(ended, String(StateMachineArn));
    if (ended.status !== 'SUCCEEDED') throw new Failure('States.TaskFailed', JSON.stringify(described));
    return described;
  };
}

/** As DescribeExecution tells it, with JSON values in place of their text, which is what `:2` means. */
function describe(ended: Execution, StateMachineArn: string): Record<string, Json> {
  return {
    ExecutionArn: ended.executionArn,
    Name: ended.name,
    StateMachineArn,
    Status: ended.status,
    Input: isObject(ended.input) ? ended.input : {},
    StartDate: ended.startDate,
    StopDate: ended.stopDate,
    ...(ended.output !== undefined && { Output: ended.output }),
    ...(ended.error !== undefined && { Error: ended.error, Cause: ended.cause ?? '' }),
  };
}
