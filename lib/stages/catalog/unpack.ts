import type { StageContext } from '../../course-store/context.ts';
import { readJsonIfWhole, sha256, writeJson } from '../../course-store/json.ts';
import { BadInput, describeError } from '../../errors.ts';
import { ArchiveNotGiven, storedArchive, unpackArchive } from '../../store/archive/unpack.ts';
import { runKeys, UNPACKED_ROOT } from '../../store/keys.ts';
import type { ObjectInfo, ObjectStore } from '../../store/store.ts';
import type { CatalogLine } from './line.ts';

/** `private/archives/<archive>.json`, written when an archive is unpacked whole. */
interface UnpackedArchive {
  archive: ObjectInfo;
  /** Why nothing of it could be unpacked; '' when it could. */
  failure: string;
  /** The disk did not give it: the next run tries again. */
  again?: true;
  /** Archives within: what they hold is listed on its own. */
  archives?: string[];
  /** Entries that are not safe to unpack, and why. */
  refusals: { entry: string; reason: string }[];
}

/**
 * Unpacks an archive of the upload into its own folder in the store, once.
 * @returns the name of the folder
 */
export async function unpackUpload(context: StageContext, archive: ObjectInfo): Promise<string> {
  const { input, store, signal } = context;
  const folder = sha256(`${archive.key} ${archive.version}`).slice(0, 12);
  const earlier = await readJsonIfWhole<UnpackedArchive>(store, runKeys.unpacked(folder));
  if (earlier && !earlier.again) return folder;
  const prefix = `${UNPACKED_ROOT}${folder}/`;
  const done: UnpackedArchive = { archive, failure: '', refusals: [] };
  try {
    const source = await storedArchive(input, archive.key);
    const unpacked = await unpackArchive(source, store, { prefix, name: archive.key, signal });
    done.archives = unpacked.archives;
    done.refusals = unpacked.refusals;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const isNotGiven = error instanceof ArchiveNotGiven;
    done.failure = isNotGiven ? `${describeError(error)}; the next run tries again` : error.message;
    if (isNotGiven) done.again = true;
    for await (const { key } of store.list(prefix)) await store.delete(key);
  }
  await writeJson(store, runKeys.unpacked(folder), done);
  return folder;
}

/** The archives unpacked into these folders, with what became of them, and every refused entry, as lines of the catalog. */
export async function archiveLines(store: ObjectStore, folders: string[]): Promise<CatalogLine[]> {
  const lines: CatalogLine[] = [];
  for (const folder of folders) {
    const unpacked = await readJsonIfWhole<UnpackedArchive>(store, runKeys.unpacked(folder));
    if (!unpacked) continue;
    const { archive, failure, again, archives = [], refusals } = unpacked;
    const listed = 'an archive: its files are listed separately';
    const reason = again ? 'unreadable' : 'archive';
    lines.push({ rejected: { ...archive, reason, message: failure || listed, ...(again && { again }) } });
    for (const entry of archives)
      lines.push({ rejected: { ...archive, key: `${archive.key}!${entry}`, reason: 'archive', message: listed } });
    const keyOf = numbered(new Set([archive.key, ...archives.map((entry) => `${archive.key}!${entry}`)]));
    for (const { entry, reason } of refusals) {
      const rejected = {
        ...archive,
        key: keyOf(`${archive.key}!${entry}`),
        reason: 'refused' as const,
        message: reason,
      };
      lines.push({ rejected });
    }
  }
  return lines;
}

/** Entries of one name are lines of their own: the second one of `a` is `a (2)`. */
function numbered(taken: Set<string>): (key: string) => string {
  return (key) => {
    let free = key;
    for (let n = 2; taken.has(free); n++) free = `${key} (${n})`;
    taken.add(free);
    return free;
  };
}
