import { DamagedResult } from '../errors.ts';
import type { ObjectStore } from '../store/store.ts';
import { sha256 } from './json.ts';

/**
 * The store, giving a result of an earlier stage only if it is what that stage wrote: a flipped bit is an error here and
 * not a wrong number further on. What is written anew through it is no longer checked.
 * @param written SHA-256 by key
 */
export function verifyingStore(store: ObjectStore, written: ReadonlyMap<string, string>): ObjectStore {
  const expected = new Map(written);
  return {
    ...store,
    async get(key) {
      const body = await store.get(key);
      const digest = expected.get(key);
      if (digest !== undefined && sha256(body) !== digest)
        throw new DamagedResult(
          'the file has changed since it was written: run again, and rtpipeline computes it again',
          {
            where: key,
          },
        );
      return body;
    },
    async put(key, body, options) {
      expected.delete(key);
      await store.put(key, body, options);
    },
  };
}
