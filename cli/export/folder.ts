import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BadInput } from '#lib/errors.ts';

/** What an export tells at its end. */
export interface ExportResult {
  lines: string[];
  /** What could not be exported, each with the reason. */
  leftOut: string[];
}

/** The folder that an export writes into. */
export interface ExportFolder {
  write(path: string, content: Uint8Array | string): Promise<void>;
  writeJson(path: string, value: unknown): Promise<void>;
}

/** @throws BadInput when the folder holds files already: an export of another run would mix with them */
export async function exportFolder(out: string): Promise<ExportFolder> {
  const inside = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BadInput(
      error.code === 'ENOTDIR' ? 'this is a file, not a folder: name a folder with --out' : error.message,
      { where: out },
    );
  });
  if (inside.length > 0) throw new BadInput('the folder is not empty: name a new one with --out', { where: out });
  const write = async (path: string, content: Uint8Array | string) => {
    const whole = join(out, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content);
  };
  return { write, writeJson: (path, value) => write(path, `${JSON.stringify(value, null, 2)}\n`) };
}

/** A name as every file system takes it. */
export function fileName(text: string): string {
  return text.replace(/[^\w+-]+/g, '_').replace(/^_+|(?<!_)_+$/g, '') || 'unnamed';
}

/** A name as BIDS takes it in an entity: letters and digits alone. */
export function entityName(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '') || 'unnamed';
}

/** The name, with a number when another one took it before. */
export function ownName(wanted: string, taken: Set<string>, separator = '_'): string {
  let name = wanted;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${wanted}${separator}${count}`;
  taken.add(name.toLowerCase());
  return name;
}
