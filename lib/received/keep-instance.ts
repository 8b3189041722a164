import { StoreConflict } from '../errors.ts';
import type { ObjectStore } from '../store/store.ts';
import { type InstanceUids, instanceKey, otherContentKey } from './instance-key.ts';

/** What became of an instance: it is new, it was there with the same bytes, or it lies beside one with other content. */
export type Kept = 'new' | 'same' | 'other';

/**
 * Keeps a DICOM file under its UIDs, whole or not at all. Nothing is lost and nothing is double: the same file a second time
 * changes nothing, and another content under the same UIDs is kept beside the first one, for `organize` to judge.
 */
export async function keepInstance(store: ObjectStore, uids: InstanceUids, file: Uint8Array): Promise<Kept> {
  const key = instanceKey(uids);
  if (await putIfAbsent(store, key, file)) return 'new';
  if (isEqual(await store.get(key), file)) return 'same';
  return (await putIfAbsent(store, otherContentKey(key, file), file)) ? 'other' : 'same';
}

async function putIfAbsent(store: ObjectStore, key: string, file: Uint8Array): Promise<boolean> {
  try {
    await store.put(key, file, { ifAbsent: true });
    return true;
  } catch (error) {
    if (error instanceof StoreConflict) return false;
    throw error;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
