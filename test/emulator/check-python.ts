import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonWith } from './python.ts';

/** `npm run check:python`: lint, format, types and tests of the Python here, with tools of a virtual environment. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = fileURLToPath(new URL('./ministack', import.meta.url));
const FOLDER = join(ROOT, '.cache', 'check-python');
const REQUIREMENTS = ['requirements.txt', 'requirements-check.txt'].map((name) => join(PACKAGE, name));

const python = pythonWith(FOLDER, REQUIREMENTS);
run(['-m', 'ruff', 'check', '.'], ROOT);
run(['-m', 'ruff', 'format', '--check', '.'], ROOT);
run(['-m', 'mypy', '--ignore-missing-imports', '--cache-dir', join(FOLDER, 'mypy'), '.'], PACKAGE);
run(['-m', 'unittest', 'discover', '--start-directory', 'tests'], PACKAGE);

function run(args: string[], cwd: string): void {
  execFileSync(python, args, { cwd, stdio: 'inherit' });
}
