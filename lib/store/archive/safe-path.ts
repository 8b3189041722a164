import { isPartialName } from '../partial.ts';

/** This entry is not unpacked; the others are. */
export class Refused extends Error {}

/** What file systems and S3 allow: bytes of a name, bytes of a whole key, folders in folders. */
const NAME_BYTES = 255;
const PATH_BYTES = 900;
const FOLDERS = 64;

/**
 * The name of an entry as a path below the target; backslashes are separators, as Windows writes them.
 * @throws Refused when it leads out of the folder or is a name that no store can keep
 */
export function safePath(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  if (/^(\/|[a-z]:)/i.test(name.replaceAll('\\', '/'))) throw new Refused('an absolute path');
  if (parts.includes('..')) throw new Refused('the path leaves the folder');
  const kept = parts.filter((part) => part !== '' && part !== '.');
  const path = kept.join('/');
  if (path === '' || hasControlCharacter(path)) throw new Refused('an impossible name');
  if (kept.some(isPartialName)) throw new Refused('an incomplete file: the program that wrote it was stopped');
  if (kept.some((part) => Buffer.byteLength(part) > NAME_BYTES))
    throw new Refused(`a name of more than ${NAME_BYTES} bytes`);
  if (Buffer.byteLength(path) > PATH_BYTES) throw new Refused(`a path of more than ${PATH_BYTES} bytes`);
  if (kept.length > FOLDERS) throw new Refused(`more than ${FOLDERS} nested folders`);
  return path;
}

/** One name, one file: not a second time, not below a file, not in the place of a folder. @throws Refused */
export function claim(path: string, taken: Map<string, 'file' | 'folder'>): void {
  if (taken.has(path)) throw new Refused(`a second entry with this name; the first is a ${taken.get(path)}`);
  const parts = path.split('/');
  const folders = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
  if (folders.some((folder) => taken.get(folder) === 'file')) throw new Refused('a file has the name of its folder');
  for (const folder of folders) taken.set(folder, 'folder');
  taken.set(path, 'file');
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\x7f');
}
