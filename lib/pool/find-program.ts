import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** Full path of a program on the search path, or of a path that is given; undefined when it is not there. */
export async function findProgram(name: string, searchPath = process.env.PATH ?? ''): Promise<string | undefined> {
  const candidates = name.includes('/')
    ? [resolve(name)]
    : searchPath
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name));
  for (const path of candidates) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
