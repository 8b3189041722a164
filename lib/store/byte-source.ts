import { StoreMissing } from '../errors.ts';
import type { ObjectStore } from './store.ts';

/** An object that a reader takes range by range. @throws StoreMissing */
export async function byteSource(store: ObjectStore, key: string) {
  const info = await store.head(key);
  if (!info) throw new StoreMissing(key);
  const byteLength = info.bytes;
  return {
    byteLength,
    async slice(start: number, end = byteLength): Promise<ArrayBuffer> {
      return (await store.getRange(key, start, end)).slice().buffer;
    },
  };
}
