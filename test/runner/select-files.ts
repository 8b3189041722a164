/**
 * `e2e`: tests that start the command line on a few small patients, `*.e2e.test.ts`. `proof`: those that run whole cohorts, or a
 * cohort again after each of many faults, `*.proof.test.ts`. The others are unit tests.
 */
export type Kind = 'unit' | 'e2e' | 'proof';

/**
 * The test files to run, those that take longest first, so that no core waits for the last one.
 * @param words each file has one of them as a word of its path: `dvh` finds test/lib/dvh/goals.test.ts and
 *   test/cli/commands/dvh.test.ts. A path of a file or folder is one too. None: all files.
 * @param kind undefined: all kinds; without a word all but proofs
 * @throws Error for a word that no file has
 */
export function selectFiles(files: string[], words: string[], kind?: Kind): string[] {
  const unknown = words.find((word) => !files.some((file) => hasWord(file, word)));
  if (unknown !== undefined) throw new Error(`no test file has the word "${unknown}" in its path`);
  return files
    .filter((file) => words.length === 0 || words.some((word) => hasWord(file, word)))
    .filter((file) => (kind ? kindOf(file) === kind : words.length > 0 || kindOf(file) !== 'proof'))
    .sort((a, b) => Number(runsPrograms(b)) - Number(runsPrograms(a)) || (a < b ? -1 : 1));
}

function hasWord(file: string, word: string): boolean {
  return (
    file === word ||
    file.startsWith(`${word.replace(/\/$/, '')}/`) ||
    file.split(/[/.]/).includes(word) ||
    file.split(/[/.-]/).includes(word)
  );
}

function kindOf(file: string): Kind {
  if (file.endsWith('.proof.test.ts')) return 'proof';
  return file.endsWith('.e2e.test.ts') ? 'e2e' : 'unit';
}

/** Whether a test file starts programs of its own: it has a process to itself, and no mutant is tried on it. */
export function runsPrograms(file: string): boolean {
  return kindOf(file) !== 'unit';
}
