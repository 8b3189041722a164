import { createHash } from 'node:crypto';
import type { ObjectStore } from '../store/store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON with sorted keys, so that equal values have equal bytes. NaN and infinities become null. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, inner) => (isPlain(inner) ? sorted(inner) : inner), indent);
}

export function sha256(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

export async function readJson<T>(store: ObjectStore, key: string): Promise<T> {
  return JSON.parse(decoder.decode(await store.get(key)));
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
  await store.put(key, encoder.encode(`${stableJson(value)}\n`));
}

export async function readJsonLines<T>(store: ObjectStore, key: string): Promise<T[]> {
  return [...parseJsonLines<T>(await store.get(key))];
}

/** Line by line, so that a long file is never held as one text beside its values. */
export function* parseJsonLines<T>(body: Uint8Array): Generator<T> {
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(10, start);
    const end = newline < 0 ? body.length : newline;
    if (end > start) yield JSON.parse(decoder.decode(body.subarray(start, end))) as T;
    start = end + 1;
  }
}

export async function writeJsonLines(store: ObjectStore, key: string, rows: unknown[]): Promise<void> {
  await store.put(key, Buffer.concat(rows.map((row) => encoder.encode(`${stableJson(row)}\n`))));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
