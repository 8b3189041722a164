import { parseCsv } from './csv.ts';
import type { ItemReader } from './definition.ts';
import { asFailure, Failure } from './failure.ts';
import type { Call } from './integration.ts';
import type { Json, JsonObject } from './json.ts';
import { evaluateField, evaluateNumber, type Stay } from './stay.ts';

/** The items of a distributed Map from a stored file. @throws Failure States.ItemReaderFailed */
export async function readItems(reader: ItemReader, stay: Stay, states: JsonObject, call: Call): Promise<Json[]> {
  const args = (await evaluateField(reader.Arguments, 'ItemReader.Arguments', stay, states)) as JsonObject;
  const most = await evaluateNumber(reader.ReaderConfig?.MaxItems ?? 0, 'ReaderConfig.MaxItems', stay, states);
  try {
    const items = await readObject(reader, args, stay, call);
    return most > 0 ? items.slice(0, most) : items;
  } catch (error) {
    call.signal.throwIfAborted();
    throw new Failure('States.ItemReaderFailed', asFailure(error).cause);
  }
}

async function readObject(reader: ItemReader, args: JsonObject, stay: Stay, call: Call): Promise<Json[]> {
  const answer = (await stay.run.integrations['s3:getObject']!(args, call)) as { Body: string };
  const format = reader.ReaderConfig?.InputType ?? formatOf(String(args.Key));
  if (format === 'CSV') return parseCsv(answer.Body, reader.ReaderConfig);
  if (format === 'JSONL') {
    return answer.Body.split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }
  const value: unknown = JSON.parse(answer.Body);
  if (!Array.isArray(value)) throw new Failure('States.ItemReaderFailed', `${args.Key} holds no JSON array`);
  return value;
}

function formatOf(key: string): string {
  return key.split('.').at(-1)?.toUpperCase() ?? 'JSON';
}
