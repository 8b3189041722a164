import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { test } from 'node:test';
import { readAudit } from '../../bench/packages/audit.ts';
import { licencesPage } from '../../bench/packages/licences.ts';
import { lockedPackages } from '../../bench/packages/lock-file.ts';

const packages = lockedPackages('package-lock.json');

test('docs/licences.md is up to date: npm run docs:licences', () => {
  assert.equal(readFileSync('docs/licences.md', 'utf8'), licencesPage(packages));
});

/** Each lets anyone use, change and pass on the code with its notice. */
const FREE = [
  ...['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense'],
  ...['(MIT AND Zlib)', '(MIT OR CC0-1.0)', '(MIT OR GPL-3.0-or-later)', 'MIT OR Apache-2.0'],
];

test('the licences of all shipped parts allow redistribution', () => {
  const others = packages.filter(({ isDev, licence }) => !isDev && !FREE.includes(licence));
  assert.deepEqual(
    others.map(({ name, licence }) => `${name}: ${licence}`),
    [],
  );
});

test('only reviewed packages run a script during installation', () => {
  const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
  // core-js-pure prints a line; esbuild and node fetch their program, whose version the lock file pins; the script of
  // onnxruntime-node fetches CUDA libraries and is switched off.
  assert.deepEqual(scripted, ['core-js-pure', 'esbuild', 'node', 'onnxruntime-node']);
  const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.equal(allowScripts['onnxruntime-node'], false);
});

test('every package has a checksum, or lies within one that has', () => {
  const open = packages.filter(({ integrity, isBundled }) => !isBundled && !/^sha512-/.test(integrity));
  assert.deepEqual(
    open.map(({ name }) => name),
    [],
  );
});

test('installed Python packages are pinned by hash', () => {
  const emulator = ['requirements', 'requirements-check'].map((name) => `test/emulator/ministack/${name}.txt`);
  for (const file of [...emulator, 'containers/segmentation/requirements.txt']) {
    const text = readFileSync(file, 'utf8');
    const pinned = text.split(/\n(?=[a-z])/i).filter((block) => /^[a-z]/i.test(block));
    assert.ok(pinned.length > 2);
    for (const block of pinned)
      assert.match(block, /^\S+==\S+[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}/, block.slice(0, 40));
  }
});

test('images install packages from the lock file, without their scripts', async () => {
  for await (const file of glob('containers/*/Dockerfile')) {
    const text = readFileSync(file, 'utf8');
    for (const [line] of text.matchAll(/npm (ci|install)[^\n]*/g))
      assert.match(line, /^npm ci .*--ignore-scripts/, file);
    for (const [line] of text.matchAll(/pip install[^\n]*/g)) assert.match(line, /--no-deps --require-hashes/, file);
    const bases = [...text.matchAll(/^ARG (\w+)=\S+\/\S+:\S+$/gm)].map(([, name]) => `\\$\\{${name}\\}`);
    const refusal = new RegExp(`RUN case "\\$\\{RELEASE\\}:${bases.join(' ')}" in`);
    assert.match(text, refusal, `${file}: a release is built from bases by digest`);
    for (const [, image] of text.matchAll(/^ARG \w+=(\S+\/\S+:\S+)$/gm)) assert.doesNotMatch(image, /:latest$/, file);
  }
});

test('a release from a base that is named by tag is refused', async () => {
  const digest = `@sha256:${'0'.repeat(64)}`;
  for await (const file of glob('containers/*/Dockerfile')) {
    const [, check] = /^RUN (case [\s\S]*?esac)$/m.exec(readFileSync(file, 'utf8')) ?? assert.fail(file);
    const exitCode = (RELEASE: string, BASE: string, NODE: string) =>
      spawnSync('sh', ['-c', check], { env: { ...process.env, RELEASE, BASE, NODE } }).status;
    assert.equal(exitCode('', 'a:1', 'b:1'), 0);
    assert.equal(exitCode('1', `a${digest}`, `b${digest}`), 0);
    assert.equal(exitCode('1', 'a:1', `b${digest}`), 1);
    if (check.includes('NODE')) assert.equal(exitCode('1', `a${digest}`, 'b:1'), 1);
  }
});

test('what has a known advisory is locked in a version that fixes it', () => {
  const [, table] = /## Advisories\n([\s\S]*?)\n- /.exec(readFileSync('docs/dependencies.md', 'utf8')) ?? [];
  const rows = [...(table ?? '').matchAll(/^\| `([^`]+)`.*\| ([\d., ]+) \|$/gm)];
  assert.ok(rows.length > 10);
  for (const [, name, versions] of rows) {
    const locked = packages.filter((one) => one.name === name);
    assert.ok(locked.length > 0, name);
    for (const { version } of locked) assert.ok(isFixed(version, versions.split(', ')), `${name} ${version}`);
  }
});

/** Not older than the fix of its own line of releases, or than the newest fix. */
function isFixed(version: string, fixes: string[]): boolean {
  const [own, ...all] = [version, ...fixes].map((text) => text.split('.').map(Number));
  const line = all.filter((fix) => fix[0] === own[0] && (own[0] > 0 || fix[1] === own[1]));
  const compare = (a: number[], b: number[]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  const [fix] = line.length > 0 ? line : all.toSorted(compare).slice(-1);
  return compare(own, fix) >= 0;
}

test('an audit without an answer does not pass', () => {
  assert.equal(readAudit('{"vulnerabilities": {}}').exitCode, 0);
  const bad = readAudit('{"vulnerabilities": {"a": {"severity": "high", "range": "<2"}}}');
  assert.deepEqual([bad.exitCode, bad.lines], [1, ['high: a <2']]);
  for (const text of ['', '{"message": "405 Method Not Allowed"}'])
    assert.deepEqual([readAudit(text).exitCode, /NOT AUDITED/.test(readAudit(text).lines[0])], [69, true]);
});
