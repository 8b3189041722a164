// Runs on any Node from 20 on, before the pinned Node 24 exists: brings node_modules in line with the lock file.
import { execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const installed = 'node_modules/.package-lock.json';
const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs - 1000;
if (!current) {
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  execSync('npm ci --no-audit --no-fund --loglevel=error', { stdio: ['ignore', 2, 2] });
}
