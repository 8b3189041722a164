import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The interpreter of the virtual environment in `folder`, with what the files of requirements pin, by hash. It is made once, and
 * again when one of the files changes.
 */
export function pythonWith(folder: string, requirements: string[]): string {
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'requirements.sha256');
  const texts = requirements.map((file) => readFileSync(file, 'utf8'));
  const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return python;
  mkdirSync(folder, { recursive: true });
  const show = { stdio: 'inherit' } as const;
  const files = requirements.flatMap((file) => ['-r', file]);
  execFileSync('python3', ['-m', 'venv', '--clear', folder], show);
  execFileSync(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', ...files],
    show,
  );
  writeFileSync(stamp, digest);
  return python;
}
