import { createHash } from 'node:crypto';
import type { ObjectStore } from '../store/store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON with sorted keys, so that equal values have equal bytes. NaN and infinities become null. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(sorted(value), undefined, indent);
}

export function sha256(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

export async function readJson<T>(store: ObjectStore, key: string): Promise<T> {
  return parseJson<T>(await store.get(key));
}

/** As `readJson`, undefined when the key is absent. */
export async function readJsonIfAny<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  return (await store.head(key)) ? readJson<T>(store, key) : undefined;
}

/** As `readJsonIfAny`, undefined also for half a file, which is then made again. */
export function readJsonIfWhole<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  return readJsonIfAny<T>(store, key).catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  });
}

export async function writeJson(store: ObjectStore, key: string, value: unknown): Promise<void> {
  await store.put(key, jsonLine(value));
}

export async function readJsonLines<T>(store: ObjectStore, key: string): Promise<T[]> {
  return [...parseJsonLines<T>(await store.get(key))];
}

/** Line by line, so that a long file is never held as one text beside its values. */
export function* parseJsonLines<T>(body: Uint8Array): Generator<T> {
  for (const line of linesOf(body)) yield parseJson<T>(line);
}

/** The lines of a text that are not empty, each with its newline, as parts of the same memory. */
export function* linesOf(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(10, start);
    const end = newline < 0 ? body.length : newline + 1;
    if (newline !== start) yield body.subarray(start, end);
    start = end;
  }
}

export function parseJson<T>(bytes: Uint8Array): T {
  return JSON.parse(decoder.decode(bytes)) as T;
}

export function jsonLine(value: unknown): Uint8Array {
  return encoder.encode(`${stableJson(value)}\n`);
}

export async function writeJsonLines(store: ObjectStore, key: string, rows: unknown[]): Promise<void> {
  await store.put(key, Buffer.concat(rows.map(jsonLine)));
}

/** A copy whose keys are sorted at every level: a replacer, called for each value, takes longer than the text itself. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const meant = 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
  if (meant !== value) return sorted(meant);
  if (Array.isArray(value)) return value.map(sorted);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) put(copy, key, sorted((value as Record<string, unknown>)[key]));
  return copy;
}

/** An own key also where it is `__proto__`. */
function put(into: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(into, key, { value, enumerable: true });
  else into[key] = value;
}
