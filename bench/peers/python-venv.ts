import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/**
 * The interpreter of a virtual environment with these packages, made under .cache/peers when they are others than before, by Python
 * `version`, when one is given, as `python3.12` on the path or found by pyenv.
 */
export async function pythonWith(name: string, packages: string[], version?: string): Promise<string> {
  const folder = fileURLToPath(new URL(`../../.cache/peers/${name}`, import.meta.url));
  const python = `${folder}/bin/python`;
  const done = `${folder}/installed`;
  const wanted = packages.join('\n');
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return python;
  await execa(version === undefined ? 'python3' : await interpreterOf(version), ['-m', 'venv', folder]);
  await execa(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  writeFileSync(done, wanted);
  return python;
}

async function interpreterOf(version: string): Promise<string> {
  const onPath = `python${version}`;
  const found = await execa(onPath, ['--version'], { reject: false });
  if (found.exitCode === 0) return onPath;
  const { stdout } = await execa('pyenv', ['prefix', version]);
  return `${stdout.trim()}/bin/${onPath}`;
}
