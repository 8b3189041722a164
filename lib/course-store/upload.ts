import { PipelineError, StoreMissing, Transient } from '../errors.ts';
import { isSealed, type PathSeal, pathSeal } from '../sealed-path.ts';
import { runKeys, UNPACKED_ROOT } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { StageContext } from './context.ts';
import { readJson } from './json.ts';

/** Marks keys of objects that were unpacked from an archive of the upload; they lie in the output store. */
export const UNPACKED = 'unpacked:';

/** Where the upload lies, and the output store for what was unpacked of it. */
export type UploadPlace = Pick<StageContext, 'input' | 'store'>;

/**
 * The upload as one read-only store: the objects sent, and under the prefix `UNPACKED` those from archives among them. A key
 * may be sealed, as courses hold it where they hold pseudonyms: then no error names the file.
 */
export function openUpload({ input, store }: UploadPlace): ObjectStore {
  let seal: Promise<PathSeal> | undefined;
  const at = (key: string): [ObjectStore, string] =>
    key.startsWith(UNPACKED) ? [store, UNPACKED_ROOT + key.slice(UNPACKED.length)] : [input, key];
  const read = async <T>(key: string, how: (from: ObjectStore, key: string) => Promise<T>): Promise<T> => {
    if (!isSealed(key)) return how(...at(key));
    seal ??= readSeal(store);
    const path = (await seal).open(key);
    return how(...at(path)).catch(unnamed(key));
  };
  const refuse = () => Promise.reject(new Error('the upload is read only'));

  return {
    uri: input.uri,
    get: (key) => read(key, (from, path) => from.get(path)),
    getRange: (key, start, end) => read(key, (from, path) => from.getRange(path, start, end)),
    async head(key) {
      const info = await read(key, (from, path) => from.head(path));
      return info && { ...info, key };
    },
    async *list(prefix, options) {
      if (!prefix.startsWith(UNPACKED)) return yield* input.list(prefix, options);
      for await (const info of store.list(UNPACKED_ROOT + prefix.slice(UNPACKED.length)))
        yield { ...info, key: UNPACKED + info.key.slice(UNPACKED_ROOT.length) };
    },
    put: refuse,
    putPieces: refuse,
    delete: refuse,
  };
}

async function readSeal(store: ObjectStore): Promise<PathSeal> {
  const { organize } = await readJson<{ organize?: { course_salt?: string | null } }>(store, runKeys.config);
  return pathSeal(organize?.course_salt ?? '');
}

/** What the system says of a file names it. */
function unnamed(where: string) {
  return (error: unknown): never => {
    if (error instanceof StoreMissing) throw new StoreMissing('no such object', { where });
    if (error instanceof Transient) throw new Transient('the store of the upload does not answer', { where });
    const why = (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : 'unknown');
    throw new PipelineError(`the file cannot be read: ${why}`, { where });
  };
}
