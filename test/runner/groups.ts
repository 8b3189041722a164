import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runsPrograms } from './select-files.ts';

/** Neighbours load the same code, which takes longer than most of them run; so many share a process. */
const MOST = 12;

/** What a test does to the whole process, or to every test in it: hooks outside of a suite, the environment, mocks. */
const OF_THE_PROCESS =
  /\bprocess\.(env|chdir|on|exitCode)\b|^(before|beforeEach|afterEach)\(|\b(mock|snapshot)\b|local-aws/m;

/** Test files in groups that share a process each. Those that run whole programs, or change their process, have their own. */
export function groupsOf(files: string[], textOf = (file: string) => readFileSync(file, 'utf8')): string[][] {
  const alone: string[][] = [];
  const shared: string[][] = [];
  for (const file of files) {
    if (runsPrograms(file) || OF_THE_PROCESS.test(textOf(file))) alone.push([file]);
    else if (shared.length > 0 && shared[shared.length - 1].length < MOST) shared[shared.length - 1].push(file);
    else shared.push([file]);
  }
  return [...alone, ...shared];
}

/** One file to run for each group, written to the folder, that imports its members; a group of one is that file itself. */
export function groupFiles(groups: string[][], folder: string): string[] {
  return groups.map((group, index) => {
    if (group.length === 1) return group[0];
    const path = join(folder, `group-${index + 1}.test.mjs`);
    // All are loaded before the first test begins: between two imports a test would run before the rest of its file.
    writeFileSync(path, group.map((file) => `import '${pathToFileURL(resolve(file)).href}';\n`).join(''));
    return path;
  });
}
