import { BadInput, StoreMissing } from '../errors.ts';
import { compareKeys } from './order.ts';
import type { ObjectInfo, ObjectStore } from './store.ts';

/** What a manifest names: an object, or everything below a prefix. */
export interface ManifestEntry {
  bucket: string;
  /** Of the object, or the prefix. */
  path: string;
  isPrefix: boolean;
}

/**
 * The S3 URIs of a manifest, each once. The first URI of each line counts, in any form: commands of s5cmd, CSV, TSV,
 * JSON lines, bare URIs. A URI that ends with `*` or `/` means everything below it.
 * @throws BadInput without any URI, or with a wildcard in the middle
 */
export function manifestEntries(text: string): ManifestEntry[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const uris = lines.flatMap((line) => /s3:\/\/[^\s,;"'<>]+/.exec(line)?.[0] ?? []);
  if (uris.length === 0) throw new BadInput('the manifest names no s3:// URI');
  return [...new Set(uris)].map(entryOf);
}

function entryOf(uri: string): ManifestEntry {
  const [bucket, ...parts] = uri.slice('s3://'.length).split('/');
  const rest = parts.join('/');
  const path = rest.replace(/\*$/, '');
  if (path.includes('*') || path.includes('?'))
    throw new BadInput('a wildcard may be only at the end of a URI', { where: uri });
  if (bucket === '' || rest === '')
    throw new BadInput('a manifest must name objects or prefixes, not a whole bucket', { where: uri });
  return { bucket, path, isPrefix: rest !== path || path.endsWith('/') };
}

/**
 * The objects of several buckets as one store that is read and never written: keys are `bucket/key`. Nothing is copied: objects
 * are read where they lie, by range.
 * @param bucketStore the whole of a bucket
 */
export function manifestStore(
  uri: string,
  entries: ManifestEntry[],
  bucketStore: (bucket: string) => ObjectStore,
): ObjectStore {
  const refuse = () => Promise.reject(new BadInput('objects of a manifest are read-only'));
  const at = (key: string): [ObjectStore, string] => {
    const slash = key.indexOf('/');
    const [bucket, path] = [key.slice(0, slash), key.slice(slash + 1)];
    if (!entries.some((entry) => entry.bucket === bucket && isOf(entry, path)))
      throw new StoreMissing('the manifest does not list this object', { where: key });
    return [bucketStore(bucket), path];
  };
  return {
    uri,
    get: async (key) => read(key, (store, path) => store.get(path)),
    getRange: async (key, start, end) => read(key, (store, path) => store.getRange(path, start, end)),
    async head(key) {
      const [store, path] = at(key);
      const info = await store.head(path);
      return info && { ...info, key };
    },
    async *list(prefix, options) {
      for (const info of await listed(entries, bucketStore))
        if (info.key.startsWith(prefix) && (info.blocked === undefined || options?.everything)) yield info;
    },
    put: refuse,
    putPieces: refuse,
    delete: refuse,
  };

  async function read<T>(key: string, how: (store: ObjectStore, path: string) => Promise<T>): Promise<T> {
    const [store, path] = at(key);
    return how(store, path);
  }
}

function isOf({ path, isPrefix }: ManifestEntry, key: string): boolean {
  return isPrefix ? key.startsWith(path) : key === path;
}

/** Entries that overlap list an object once. An entry with nothing there is listed as what cannot be read. */
async function listed(entries: ManifestEntry[], bucketStore: (bucket: string) => ObjectStore): Promise<ObjectInfo[]> {
  const found = new Map<string, ObjectInfo>();
  for (const { bucket, path, isPrefix } of entries) {
    const before = found.size;
    const store = bucketStore(bucket);
    let any = false;
    for await (const info of isPrefix ? store.list(path) : only(store, path)) {
      any = true;
      found.set(`${bucket}/${info.key}`, { ...info, key: `${bucket}/${info.key}` });
    }
    if (!any && found.size === before) found.set(`${bucket}/${path}`, nothingAt(`${bucket}/${path}`));
  }
  return [...found.values()].sort((a, b) => compareKeys(a.key, b.key));
}

async function* only(store: ObjectStore, key: string): AsyncGenerator<ObjectInfo> {
  const info = await store.head(key);
  if (info) yield info;
}

function nothingAt(key: string): ObjectInfo {
  const blocked = { reason: 'not_received' as const, message: 'the manifest lists it, but it does not exist' };
  return { key, bytes: 0, version: '', blocked };
}
