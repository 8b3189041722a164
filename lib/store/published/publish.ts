import type { ObjectStore } from '../store.ts';
import { type Manifest, partKey, sha256Of, treeKey } from './manifest.ts';

/** What one request carries, and one job holds in memory while it fetches. */
export const PART_BYTES = 64 * 2 ** 20;

/**
 * Stores the files of a folder in parts named by their content; existing parts are not sent again. The list is written
 * last, so that it never names a missing part. Files whose names start with a dot are left out.
 * @returns the URI that pins the content
 */
export async function publishFolder(
  folder: ObjectStore,
  store: ObjectStore,
  onPart: (bytes: number) => void = () => {},
): Promise<string> {
  const files: Manifest['files'] = [];
  for await (const { key: path, bytes } of folder.list('')) {
    if (path.split('/').some((name) => name.startsWith('.'))) continue;
    const parts: Manifest['files'][number]['parts'] = [];
    for (let start = 0; start < bytes; start += PART_BYTES) {
      const body = await folder.getRange(path, start, Math.min(bytes, start + PART_BYTES));
      const sha256 = sha256Of(body);
      if (!(await store.head(partKey(sha256)))) await store.put(partKey(sha256), body);
      parts.push({ sha256, bytes: body.length });
      onPart(body.length);
    }
    files.push({ path, parts });
  }
  const list = new TextEncoder().encode(JSON.stringify({ files } satisfies Manifest));
  const key = treeKey(sha256Of(list));
  await store.put(key, list);
  return `${store.uri}/${key}`;
}
