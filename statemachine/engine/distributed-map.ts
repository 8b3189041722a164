import type { MapState } from './definition.ts';
import { asFailure, Failure } from './failure.ts';
import { fanOut } from './fan-out.ts';
import type { Call } from './integration.ts';
import { readItems } from './item-reader.ts';
import { concurrencyOf, itemsOf, selectItem } from './items.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS, withinPayload } from './limits.ts';
import type { Visit } from './replay.ts';
import { type ChildResult, writeResults } from './result-writer.ts';
import { type Execution, evaluateNumber, type Stay } from './stay.ts';

/**
 * One Map Run: an execution of its own for every item. Children see none of the outer variables;
 * failed ones are tolerated up to the count or the percentage of items that the state allows.
 * @throws Failure States.ExceedToleratedFailureThreshold, after the results were written
 */
export async function runDistributed(
  state: MapState,
  stay: Stay,
  states: JsonObject,
  retryCount: number,
): Promise<Json> {
  const { run, scope } = stay;
  const inputs = await prepare(state, stay, states);
  const limit = await concurrencyOf(state, stay, states, LIMITS.distributedConcurrency);
  const tolerated = await toleratedItems(state, stay, states, inputs.length);
  const { mapRunArn, eventId } = startMapRun(state, stay, inputs.length, retryCount === 0 ? stay.recorded : undefined);
  const name = (index: number) => `${labelOf(state, stay)}-${eventId}-${index}`;
  const children: ChildResult[] = inputs.map((input, index) => ({ name: name(index), input, status: 'PENDING' }));
  let failedItems = 0;
  let failure: Failure | undefined;
  try {
    await fanOut(inputs.length, limit, scope.signal, async (index, signal) => {
      const branch = state.ItemProcessor;
      const child = await run.startChild({ name: name(index), branch, input: inputs[index], signal });
      children[index] = child;
      if (child.status === 'SUCCEEDED') return;
      failedItems += 1;
      if (failedItems > tolerated) throw thresholdExceeded(failedItems, inputs.length, child);
    });
  } catch (error) {
    scope.signal.throwIfAborted();
    failure = asFailure(error);
  }
  return conclude(state, stay, states, { children, mapRunArn, eventId, failure });
}

/** The inputs of the children, in their order. */
async function prepare(state: MapState, stay: Stay, states: JsonObject): Promise<Json[]> {
  const items = state.ItemReader
    ? await readItems(state.ItemReader, stay, states, callOf(stay))
    : await itemsOf(state, stay, states);
  const selected: Json[] = [];
  for (const [index, item] of items.entries()) {
    selected.push(await selectItem(state, stay, states, index, item));
  }
  for (const input of selected) withinPayload(input, 'input of a child execution');
  return selected;
}

/** How many items may fail. Neither field: none may. Both: whichever is reached first. */
async function toleratedItems(state: MapState, stay: Stay, states: JsonObject, itemCount: number): Promise<number> {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = state;
  if (count === undefined && percentage === undefined) return 0;
  const number = (value: Json, field: string) => evaluateNumber(value, field, stay, states);
  const byCount = count === undefined ? itemCount : await number(count, 'ToleratedFailureCount');
  if (percentage === undefined) return byCount;
  return Math.min(byCount, ((await number(percentage, 'ToleratedFailurePercentage')) / 100) * itemCount);
}

/** A new Map Run, or the interrupted one of an earlier attempt. */
function startMapRun(
  state: MapState,
  { run, scope, name, ...stay }: Stay,
  length: number,
  recorded: Visit | undefined,
): { mapRunArn: string; eventId: number } {
  if (recorded?.mapRun) {
    const { arn, eventId } = recorded.mapRun;
    scope.lastEventId = run.history.add('MapRunRedriven', recorded.lastEventId, { mapRunArn: arn });
    return { mapRunArn: arn, eventId };
  }
  const machine = String(run.context.StateMachine.Id).replace(':stateMachine:', ':mapRun:');
  const mapRunArn = `${machine}/${labelOf(state, { name, ...stay })}:${run.uuid()}`;
  const started = run.history.add('MapStateStarted', scope.lastEventId, { length });
  scope.lastEventId = run.history.add('MapRunStarted', started, { mapRunArn });
  return { mapRunArn, eventId: scope.lastEventId };
}

function labelOf(state: MapState, { name }: { name: string }): string {
  return state.Label ?? name.replace(/[^\w-]/g, '').slice(0, 40);
}

function thresholdExceeded(failedItems: number, itemCount: number, last: Execution): Failure {
  return new Failure(
    'States.ExceedToleratedFailureThreshold',
    `The specified tolerated failure threshold was exceeded: ${failedItems} of ${itemCount} items failed, ` +
      `the last with ${last.error ?? last.status}: ${last.cause ?? ''}`,
  );
}

interface MapRun {
  children: ChildResult[];
  mapRunArn: string;
  eventId: number;
  failure: Failure | undefined;
}

async function conclude(
  state: MapState,
  stay: Stay,
  states: JsonObject,
  { children, mapRunArn, failure }: MapRun,
): Promise<Json> {
  const { run, scope } = stay;
  try {
    const result = state.ResultWriter
      ? await writeResults(state.ResultWriter, { children, mapRunArn }, stay, states, callOf(stay))
      : children.flatMap((child) => (child.status === 'SUCCEEDED' ? [child.output ?? null] : []));
    if (failure) throw failure;
    withinPayload(result, 'result');
    scope.lastEventId = run.history.add('MapRunSucceeded', scope.lastEventId);
    scope.lastEventId = run.history.add('MapStateSucceeded', scope.lastEventId);
    return result;
  } catch (error) {
    scope.signal.throwIfAborted();
    const { error: name, cause } = asFailure(error);
    scope.lastEventId = run.history.add('MapRunFailed', scope.lastEventId, { error: name, cause });
    scope.lastEventId = run.history.add('MapStateFailed', scope.lastEventId, { error: name, cause });
    throw error;
  }
}

function callOf({ run, scope, name }: Stay): Call {
  return {
    signal: scope.signal,
    execution: run.path,
    state: name,
    eventId: scope.lastEventId,
    submitted: () => {},
  };
}
