// Brings node_modules in line with package-lock.json. Runs on any Node from 20 on, before the Node 24 of the packages is there.
// What the files say decides, not their times: a copied clone or a change of branch installs nothing without need.
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where npm says what it has installed, and where this file says for which lock file. */
const INSTALLED = 'node_modules/.package-lock.json';
const STAMP = 'node_modules/.lock-sha256';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) ensure(ROOT);

/** Installs where it is needed, and says so. */
function ensure(root) {
  const why = reasonToInstall(root);
  if (why) {
    process.stderr.write(
      `${why}: npm ci brings the packages of package-lock.json, and first removes node_modules ...\n`,
    );
    const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
    execSync('npm ci --no-audit --no-fund --loglevel=error', { cwd: root, env, stdio: ['ignore', 2, 2] });
    process.stderr.write('The packages are installed.\n');
  }
  if (!isStamped(root)) writeFileSync(`${root}/${STAMP}`, sha256(`${root}/package-lock.json`));
}

/** Why the packages are to be installed; undefined when they are those of the lock file. */
export function reasonToInstall(root) {
  const lock = `${root}/package-lock.json`;
  const installed = `${root}/${INSTALLED}`;
  if (!existsSync(installed)) return 'No packages are installed';
  if (isStamped(root)) return undefined;
  const there = packagesOf(installed);
  const other = Object.entries(packagesOf(lock)).find(([path, { version, optional, peer }]) => {
    const mayLack = there[path] === undefined && (optional || peer);
    return path !== '' && !mayLack && there[path]?.version !== version;
  });
  return other && `${other[0].replace(/^.*node_modules\//, '')} is not installed as ${other[1].version}`;
}

function isStamped(root) {
  const stamp = `${root}/${STAMP}`;
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sha256(`${root}/package-lock.json`);
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
