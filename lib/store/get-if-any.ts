import { StoreMissing } from '../errors.ts';
import type { ObjectStore } from './store.ts';

/** The object, or undefined when there is none. A store that fails is an error: it does not say that nothing is there. */
export function getIfAny(store: ObjectStore, key: string): Promise<Uint8Array | undefined> {
  return store.get(key).catch((error: unknown) => {
    if (!(error instanceof StoreMissing)) throw error;
    return undefined;
  });
}
