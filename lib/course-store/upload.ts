import { UNPACKED_ROOT } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { StageContext } from './context.ts';

/** Marks keys of objects that were unpacked from an archive of the upload; they lie in the output store. */
export const UNPACKED = 'unpacked:';

/**
 * The upload as one read-only store: the objects sent, and under the prefix `UNPACKED` those from archives among them.
 */
export function openUpload({ input, store }: Pick<StageContext, 'input' | 'store'>): ObjectStore {
  const at = (key: string): [ObjectStore, string] =>
    key.startsWith(UNPACKED) ? [store, UNPACKED_ROOT + key.slice(UNPACKED.length)] : [input, key];
  const refuse = () => Promise.reject(new Error('the upload is read only'));

  return {
    uri: input.uri,
    get: (key) => at(key)[0].get(at(key)[1]),
    getRange: (key, start, end) => at(key)[0].getRange(at(key)[1], start, end),
    async head(key) {
      const info = await at(key)[0].head(at(key)[1]);
      return info && { ...info, key };
    },
    async *list(prefix, options) {
      if (!prefix.startsWith(UNPACKED)) return yield* input.list(prefix, options);
      for await (const info of store.list(UNPACKED_ROOT + prefix.slice(UNPACKED.length)))
        yield { ...info, key: UNPACKED + info.key.slice(UNPACKED_ROOT.length) };
    },
    put: refuse,
    delete: refuse,
  };
}
