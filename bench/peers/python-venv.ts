import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The interpreter of a virtual environment with these packages, made on the first call under .cache/peers. */
export async function pythonWith(name: string, packages: string[]): Promise<string> {
  const folder = fileURLToPath(new URL(`../../.cache/peers/${name}`, import.meta.url));
  const python = `${folder}/bin/python`;
  const done = `${folder}/installed`;
  if (existsSync(done)) return python;
  await execa('python3', ['-m', 'venv', folder]);
  await execa(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await execa('touch', [done]);
  return python;
}
