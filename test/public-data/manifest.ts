import { readFileSync } from 'node:fs';

/** A file of public sample data: where it lies in a public git repository, and the digest of its bytes. */
export interface PublicFile {
  /** Below the folder of the data. */
  path: string;
  /** owner/name */
  repository: string;
  commit: string;
  /** Path in the repository at that commit. */
  source: string;
  sha256: string;
}

/** The rows of files.csv. Where they come from and under which licence: test/public-data/README.md. */
export function publicFiles(): PublicFile[] {
  const [, ...lines] = readFileSync(new URL('./files.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [path, repository, commit, source, sha256] = line.split(',');
    return { path, repository, commit, source, sha256 };
  });
}
