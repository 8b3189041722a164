import type { ObjectStore } from '../store/store.ts';
import { sha256 } from './json.ts';

/** Objects that a stage wrote, by key. */
export type Outputs = { key: string; bytes: number; sha256: string }[];

/**
 * The store, remembering what is written through it and not deleted again: the outputs that a status file lists. `keep` counts among them what
 * an earlier run wrote and this one found right.
 */
export function recordingStore(store: ObjectStore): {
  store: ObjectStore;
  keep(key: string, body: Uint8Array): void;
  outputs(): Outputs;
} {
  const written = new Map<string, Outputs[number]>();
  const keep = (key: string, body: Uint8Array) => {
    written.set(key, { key, bytes: body.length, sha256: sha256(body) });
  };
  return {
    store: {
      ...store,
      async put(key, body, options) {
        await store.put(key, body, options);
        keep(key, body);
      },
      async delete(key) {
        await store.delete(key);
        written.delete(key);
      },
    },
    keep,
    outputs: () => [...written.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}
