import type { MapState } from './definition.ts';
import { runDistributed } from './distributed-map.ts';
import { asFailure } from './failure.ts';
import { fanOut } from './fan-out.ts';
import { concurrencyOf, itemsOf, selectItem } from './items.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS, withinPayload } from './limits.ts';
import { withRetryAndCatch } from './retry.ts';
import type { Runner, Stay } from './stay.ts';

/** Runs the processor for every item, within this execution or as executions of their own. */
export const runMap: Runner<MapState> = (state, stay) =>
  withRetryAndCatch(state, stay, (states, retryCount) =>
    state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED'
      ? runDistributed(state, stay, states, retryCount)
      : runInline(state, stay, states, retryCount),
  );

async function runInline(state: MapState, stay: Stay, states: JsonObject, retryCount: number): Promise<Json> {
  const { run, scope } = stay;
  const recorded = retryCount === 0 ? stay.recorded : undefined;
  const items = await itemsOf(state, stay, states);
  const limit = await concurrencyOf(state, stay, states, LIMITS.inlineConcurrency);
  const started =
    recorded?.startedEventId ?? run.history.add('MapStateStarted', scope.lastEventId, { length: items.length });
  try {
    const outputs = await fanOut(items.length, limit, scope.signal, (index, signal) =>
      iterate(state, stay, states, { index, value: items[index], started, signal, recorded }),
    );
    scope.lastEventId = run.history.add('MapStateSucceeded', started);
    return withinPayload(outputs, 'result');
  } catch (error) {
    scope.signal.throwIfAborted();
    const { error: name, cause } = asFailure(error);
    scope.lastEventId = run.history.add('MapStateFailed', started, { error: name, cause });
    throw error;
  }
}

interface Iteration {
  index: number;
  value: Json;
  started: number;
  signal: AbortSignal;
  recorded: Stay['recorded'];
}

async function iterate(
  state: MapState,
  stay: Stay,
  states: JsonObject,
  { index, value, started, signal, recorded }: Iteration,
): Promise<Json> {
  const { run, scope } = stay;
  const thread = recorded?.threads.get(String(index));
  const details = { name: stay.name, index };
  const inner = {
    signal,
    variables: scope.variables,
    lastEventId: thread?.lastEventId ?? run.history.add('MapIterationStarted', started, details),
    item: { Item: { Index: index, Value: value } },
    recorded: thread,
  };
  try {
    const input = await selectItem(state, stay, states, index, value);
    const output = await run.walk(state.ItemProcessor, input, inner);
    run.history.add('MapIterationSucceeded', inner.lastEventId, details);
    return output;
  } catch (error) {
    run.history.add(signal.aborted ? 'MapIterationAborted' : 'MapIterationFailed', inner.lastEventId, details);
    throw error;
  }
}
