import type { ObjectStore } from '#lib/store/store.ts';

/** One file on its way: where it lies here, and under which key it will lie there. */
export interface Parcel {
  path: string;
  key: string;
  bytes: number;
  /** Changes when the file changes. */
  version: string;
}

/**
 * The files of a folder in the order of their paths. Folders of DICOM are often named after patients, so keys are
 * numbers. `keepNames` uses the paths instead, for folders without such names. Files that cannot be sent are reported
 * with the reason.
 */
export async function parcelsOf(
  folder: ObjectStore,
  keepNames: boolean,
  onBlocked: (path: string, why: string) => void,
): Promise<Parcel[]> {
  const files: Omit<Parcel, 'key'>[] = [];
  for await (const { key, bytes, version, blocked } of folder.list('', { everything: true })) {
    if (blocked) onBlocked(key, blocked.message);
    else files.push({ path: key, bytes, version });
  }
  const digits = Math.max(6, String(files.length).length);
  return files.map((file, index) => ({
    ...file,
    key: keepNames ? file.path : `files/${String(index + 1).padStart(digits, '0')}`,
  }));
}
