import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { reasonToInstall } from '../../cli/ensure-install.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Stands in for `npm ci`: it brings a `node` that says with what it was started. */
const INSTALLS_A_NODE = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.bin/node', '#!/bin/sh\\necho installed node: "$@"\\n', { mode: 0o755 });
`;
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-npm-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('npm run rtpipeline prints only the output of the command and resolves paths from where it is called', () => {
  writeFileSync(join(folder, 'own.yaml'), 'workers: 3\n');
  const args = ['--prefix', ROOT, 'run', 'rtpipeline', '--', 'config', '--yaml', '--config', 'own.yaml'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', env: outsideOfNpm() });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.match(stdout, /^workers: 3\n/);
});

for (const script of ['rtpipeline', 'demo', 'test', 'prepack'])
  test(`npm run ${script} on a bare clone starts the Node that it has just installed`, () => {
    const root = mkdtempSync(join(folder, 'bare-'));
    cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
    cpSync(join(ROOT, '.npmrc'), join(root, '.npmrc'));
    mkdirSync(join(root, 'cli'));
    writeFileSync(join(root, 'cli/ensure-install.mjs'), INSTALLS_A_NODE);
    const { status, stdout } = spawnSync('npm', ['run', script], { cwd: root, encoding: 'utf8', env: outsideOfNpm() });
    assert.equal(status, 0);
    assert.match(stdout, /^installed node: [a-z/]+\.ts/);
  });

const STATES = [
  ['nothing is installed', {}, { a: '1.0.0' }, /No packages are installed/],
  ['another version is installed', { a: '1.0.0' }, { a: '1.1.0' }, /^a is not installed as 1\.1\.0$/],
  ['a package is not installed', { a: '1.0.0' }, { a: '1.0.0', b: '2.0.0' }, /^b is not installed as 2\.0\.0$/],
  ['the same is installed', { a: '1.0.0' }, { a: '1.0.0' }, undefined],
] as const;
for (const [title, there, wanted, reason] of STATES)
  test(`${title}: ${reason ? 'installs, and says why' : 'installs nothing, whatever the times of the files'}`, () => {
    const root = mkdtempSync(join(folder, 'clone-'));
    mkdirSync(join(root, 'node_modules'));
    if (Object.keys(there).length > 0) writeLock(join(root, 'node_modules/.package-lock.json'), there);
    writeLock(join(root, 'package-lock.json'), wanted);
    if (reason) assert.match(reasonToInstall(root) ?? '', reason);
    else assert.equal(reasonToInstall(root), undefined);
  });

function writeLock(file: string, versions: Record<string, string>): void {
  const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]);
  writeFileSync(file, JSON.stringify({ packages: Object.fromEntries([['', {}], ...packages]) }));
}

/** Without the settings and the programs that npm hands on to this test when it starts it. */
function outsideOfNpm(): NodeJS.ProcessEnv {
  const outside = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name));
  const path = (process.env.PATH ?? '').split(':').filter((part) => !part.includes('node_modules'));
  return { ...Object.fromEntries(outside), PATH: path.join(':') };
}
