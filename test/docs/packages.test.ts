import assert from 'node:assert/strict';
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

test('an audit without an answer does not pass', () => {
  assert.equal(readAudit('{"vulnerabilities": {}}').exitCode, 0);
  const bad = readAudit('{"vulnerabilities": {"a": {"severity": "high", "range": "<2"}}}');
  assert.deepEqual([bad.exitCode, bad.lines], [1, ['high: a <2']]);
  for (const text of ['', '{"message": "405 Method Not Allowed"}'])
    assert.deepEqual([readAudit(text).exitCode, /NOT AUDITED/.test(readAudit(text).lines[0])], [69, true]);
});
