/** Tests that start the command line, deploy or run whole cohorts are called `*.e2e.test.ts`; the others are unit tests. */
export type Kind = 'unit' | 'e2e' | 'all';

/**
 * The test files to run, those that take longest first, so that no core waits for the last one.
 * @param words each file has one of them as a word of its path: `dvh` finds test/lib/dvh/goals.test.ts and
 *   test/cli/commands/dvh.test.ts. A path of a file or folder is one too. None: all files.
 * @throws Error for a word that no file has
 */
export function selectFiles(files: string[], words: string[], kind: Kind): string[] {
  const unknown = words.find((word) => !files.some((file) => hasWord(file, word)));
  if (unknown !== undefined) throw new Error(`no test file has the word "${unknown}" in its path`);
  return files
    .filter((file) => words.length === 0 || words.some((word) => hasWord(file, word)))
    .filter((file) => kind === 'all' || isEndToEnd(file) === (kind === 'e2e'))
    .sort((a, b) => Number(isEndToEnd(b)) - Number(isEndToEnd(a)) || (a < b ? -1 : 1));
}

function hasWord(file: string, word: string): boolean {
  return (
    file === word ||
    file.startsWith(`${word.replace(/\/$/, '')}/`) ||
    file.split(/[/.]/).includes(word) ||
    file.split(/[/.-]/).includes(word)
  );
}

export function isEndToEnd(file: string): boolean {
  return file.endsWith('.e2e.test.ts');
}
