import type { Catcher, FallibleState, Retrier } from './definition.ts';
import { answers, asFailure, type Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { leave, type Stay, type Step, statesOf } from './stay.ts';

/**
 * Does the work of a Task, Parallel or Map, again where `Retry` says so, and leaves by `Catch` if it fails in the end.
 * @throws Failure that nothing answers
 */
export async function withRetryAndCatch(
  state: FallibleState,
  stay: Stay,
  work: (states: JsonObject, retryCount: number) => Promise<Json>,
): Promise<Step> {
  const used = new Map<Retrier, number>();
  for (let retryCount = 0; ; retryCount++) {
    const states = statesOf(stay, {}, retryCount);
    try {
      const result = await work(states, retryCount);
      return await leave(state, stay, { ...states, result }, result);
    } catch (error) {
      stay.scope.signal.throwIfAborted();
      const failure = asFailure(error);
      const delayMs = nextDelayMs(state.Retry ?? [], used, failure.error, stay.run.random);
      if (delayMs === undefined) return leaveByCatch(state.Catch ?? [], failure, stay, states);
      await stay.run.clock.sleep(delayMs, stay.scope.signal);
    }
  }
}

/** The pause before the next attempt by the first retrier that answers; undefined if its attempts are used up. */
function nextDelayMs(
  retriers: Retrier[],
  used: Map<Retrier, number>,
  error: string,
  random: () => number,
): number | undefined {
  const retrier = retriers.find((candidate) => answers(candidate.ErrorEquals, error));
  if (!retrier) return undefined;
  const attempts = used.get(retrier) ?? 0;
  if (attempts >= retrier.MaxAttempts) return undefined;
  used.set(retrier, attempts + 1);
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
  const delayMs = 1000 * Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempts);
  return JitterStrategy === 'FULL' ? delayMs * random() : delayMs;
}

async function leaveByCatch(catchers: Catcher[], failure: Failure, stay: Stay, states: JsonObject): Promise<Step> {
  const catcher = catchers.find((candidate) => answers(candidate.ErrorEquals, failure.error));
  if (!catcher) throw failure;
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  return leave(catcher, stay, { ...states, errorOutput }, errorOutput);
}
