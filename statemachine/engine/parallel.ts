import type { ParallelState } from './definition.ts';
import { asFailure } from './failure.ts';
import { fanOut } from './fan-out.ts';
import type { Json, JsonObject } from './json.ts';
import { withinPayload } from './limits.ts';
import { withRetryAndCatch } from './retry.ts';
import { evaluateField, type Runner, type Stay } from './stay.ts';

/** Runs all branches side by side on the same input; the result lists their outputs. */
export const runParallel: Runner<ParallelState> = (state, stay) =>
  withRetryAndCatch(state, stay, (states, retryCount) => attempt(state, stay, states, retryCount));

async function attempt(state: ParallelState, stay: Stay, states: JsonObject, retryCount: number): Promise<Json> {
  const { run, scope } = stay;
  const recorded = retryCount === 0 ? stay.recorded : undefined;
  const input =
    state.Arguments === undefined ? stay.input : await evaluateField(state.Arguments, 'Arguments', stay, states);
  const started = recorded?.startedEventId ?? run.history.add('ParallelStateStarted', scope.lastEventId);
  try {
    const outputs = await fanOut(state.Branches.length, Number.POSITIVE_INFINITY, scope.signal, (index, signal) => {
      const branch = state.Branches[index];
      return run.walk(branch, input, {
        signal,
        variables: scope.variables,
        lastEventId: started,
        item: scope.item,
        recorded: recorded?.threads.get(branch.StartAt),
      });
    });
    scope.lastEventId = run.history.add('ParallelStateSucceeded', started);
    return withinPayload(outputs, 'result');
  } catch (error) {
    scope.signal.throwIfAborted();
    const { error: name, cause } = asFailure(error);
    scope.lastEventId = run.history.add('ParallelStateFailed', started, { error: name, cause });
    throw error;
  }
}
