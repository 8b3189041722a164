import type { ItemBatcher } from './definition.ts';
import type { Json, JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { evaluateField, evaluateNumber, type Stay } from './stay.ts';

/** The input of one child execution and how many items stand behind it. */
export interface Batch {
  input: Json;
  items: number;
}

/** Groups the items in their order: `{"BatchInput": ..., "Items": [...]}`, each within the count and the bytes allowed. */
export async function batchItems(
  batcher: ItemBatcher | undefined,
  items: Json[],
  stay: Stay,
  states: JsonObject,
): Promise<Batch[]> {
  if (!batcher) return items.map((input) => ({ input, items: 1 }));
  const number = (value: Json | undefined, field: string) =>
    evaluateNumber(value ?? 0, `ItemBatcher.${field}`, stay, states);
  const mostItems = (await number(batcher.MaxItemsPerBatch, 'MaxItemsPerBatch')) || items.length;
  const mostBytes = (await number(batcher.MaxInputBytesPerBatch, 'MaxInputBytesPerBatch')) || LIMITS.payloadBytes;
  const shared: JsonObject =
    batcher.BatchInput === undefined
      ? {}
      : { BatchInput: await evaluateField(batcher.BatchInput, 'ItemBatcher.BatchInput', stay, states) };
  const emptyBytes = bytesOf({ ...shared, Items: [] });
  const batches: Json[][] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item) + 1;
    const current = batches.at(-1);
    if (current && current.length < mostItems && bytes + more <= mostBytes) {
      current.push(item);
      bytes += more;
    } else {
      batches.push([item]);
      bytes = emptyBytes + more;
    }
  }
  return batches.map((Items) => ({ input: { ...shared, Items }, items: Items.length }));
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
