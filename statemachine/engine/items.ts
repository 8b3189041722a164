import type { MapState } from './definition.ts';
import { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import { evaluateField, evaluateNumber, type Stay } from './stay.ts';

/** `Items`, or the state's input. */
export async function itemsOf(state: MapState, stay: Stay, states: JsonObject): Promise<Json[]> {
  const items = state.Items === undefined ? stay.input : await evaluateField(state.Items, 'Items', stay, states);
  if (Array.isArray(items)) return items;
  throw new Failure('States.QueryEvaluationError', `the items of '${stay.name}' are no array`);
}

export async function concurrencyOf(state: MapState, stay: Stay, states: JsonObject, most: number): Promise<number> {
  const wanted = await evaluateNumber(state.MaxConcurrency ?? 0, 'MaxConcurrency', stay, states);
  return wanted === 0 ? most : Math.min(wanted, most);
}

/** The input of one iteration: the item, or what `ItemSelector` makes of it. */
export async function selectItem(
  state: MapState,
  stay: Stay,
  states: JsonObject,
  index: number,
  value: Json,
): Promise<Json> {
  if (state.ItemSelector === undefined) return value;
  const context = { ...(states.context as JsonObject), Map: { Item: { Index: index, Value: value } } };
  return evaluateField(state.ItemSelector, 'ItemSelector', stay, { ...states, context });
}
