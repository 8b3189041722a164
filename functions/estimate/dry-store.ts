import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** The store as it would be after what is put: that is kept here, and nothing is written. */
export function dryStore(store: ObjectStore): ObjectStore {
  const written = memoryStore(store.uri);
  const placeOf = async (key: string) => ((await written.head(key)) ? written : store);
  return {
    uri: store.uri,
    get: async (key) => (await placeOf(key)).get(key),
    getRange: async (key, start, end) => (await placeOf(key)).getRange(key, start, end),
    head: async (key) => (await placeOf(key)).head(key),
    put: written.put,
    putPieces: written.putPieces,
    list: refuse,
    delete: refuse,
  };
}

function refuse(): never {
  throw new Error('a dry store lists and deletes nothing');
}
