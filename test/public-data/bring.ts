import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ExecaError, execa } from 'execa';
import type { PublicFile } from './manifest.ts';

/**
 * Brings the files that `folder` lacks, each checked by its SHA-256.
 * @param mirror git URL with {owner} and {name}
 * @returns a line for every repository that failed
 */
export async function bringFiles(files: PublicFile[], mirror: string, folder: string): Promise<string[]> {
  const failed: string[] = [];
  const absent = files.filter((file) => !isThere(file, folder));
  for (const [origin, wanted] of Map.groupBy(absent, ({ repository, commit }) => `${repository} ${commit}`)) {
    await bringCommit(wanted, mirror, folder).catch((error: ExecaError) =>
      failed.push(`${origin}: ${causeOf(String(error.stderr || error.message))}`),
    );
  }
  return failed;
}

/** The line of git that tells the error; it may warn before. */
function causeOf(message: string): string {
  const lines = message.split('\n');
  return lines.find((line) => /^(fatal|error):/.test(line)) ?? lines[0];
}

/** Whether the file lies in the folder, byte for byte. */
export function isThere({ path, sha256 }: PublicFile, folder: string): boolean {
  const full = join(folder, path);
  return existsSync(full) && digestOf(readFileSync(full)) === sha256;
}

/** Files of one commit: git sends that commit alone, and of its files only these. */
async function bringCommit(files: PublicFile[], mirror: string, folder: string): Promise<void> {
  const clone = mkdtempSync(join(tmpdir(), 'rtpipeline-public-data-'));
  const git = (args: string[], input = '') => execa('git', ['-C', clone, ...args], { input });
  try {
    const { repository, commit } = files[0];
    const [owner, name] = repository.split('/');
    await git(['init', '--quiet']);
    await git(['remote', 'add', 'origin', mirror.replace('{owner}', owner).replace('{name}', name)]);
    await git(['fetch', '--quiet', '--depth', '1', '--filter=blob:none', 'origin', commit]);
    const paths = files.map(({ source }) => `/${source}`).join('\n');
    await git(['sparse-checkout', 'set', '--no-cone', '--stdin'], paths);
    await git(['checkout', '--quiet', commit]);
    for (const file of files) keep(file, readFileSync(join(clone, file.source)), folder);
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

function keep(file: PublicFile, bytes: Uint8Array, folder: string): void {
  if (digestOf(bytes) !== file.sha256) throw new Error(`${file.source} has another SHA-256 than files.csv says`);
  const path = join(folder, file.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
