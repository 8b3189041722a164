import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeDigest, codeDigestText, codeHasChanged, digestOfFiles } from '#lib/code-digest.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function copyOfCode(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-code-'));
  for (const name of ['lib', 'statemachine', 'containers', 'package-lock.json'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return folder;
}

test('a copy of the code has the digest of the original, wherever it lies', () => {
  const copy = copyOfCode();
  assert.equal(digestOfFiles(copy), codeDigestText());
  assert.match(codeDigestText(), /^[0-9a-f]{16} [0-9a-f]{16}$/);
  assert.equal(codeHasChanged(), false);
  rmSync(copy, { recursive: true });
});

test('any change of code changes the digest, a change of a docs page does not', () => {
  const copy = copyOfCode();
  const { all, images } = codeDigest();
  const after = (path: string) => {
    appendFileSync(join(copy, path), '\n');
    const [allNow, imagesNow] = digestOfFiles(copy).split(' ');
    return [allNow !== all, imagesNow !== images];
  };
  assert.deepEqual(after('statemachine/README.md'), [false, false]);
  assert.deepEqual(after('lib/dvh/compute-dvh.ts'), [true, false], 'label maps do not follow from it');
  rmSync(join(copy, 'lib/dvh/compute-dvh.ts'));
  assert.notEqual(digestOfFiles(copy).split(' ')[0], all);
  assert.deepEqual(after('lib/segmentation/even-image.ts'), [true, true]);
  writeFileSync(join(copy, 'package-lock.json'), '{}');
  assert.deepEqual(after('package-lock.json'), [true, true]);
  rmSync(copy, { recursive: true });
});

test('an image carries the digest of the clone it was built from', () => {
  const image = mkdtempSync(join(tmpdir(), 'rtpipeline-image-'));
  for (const name of ['lib/code-digest.ts', 'package.json'])
    cpSync(join(ROOT, name), join(image, name), { recursive: true });
  const told = () => spawnSync(process.execPath, ['lib/code-digest.ts'], { cwd: image, encoding: 'utf8' });
  assert.match(told().stderr, /cannot find out which code runs/);
  writeFileSync(join(image, 'code-digest'), `${codeDigestText()}\n`);
  assert.equal(told().stdout, `${codeDigestText()}\n`);
  for (const name of ['analysis', 'segmentation']) {
    const lines = readFileSync(join(ROOT, `containers/${name}/Dockerfile`), 'utf8').split('\n');
    assert.ok(lines.includes('RUN node lib/code-digest.ts > code-digest'), name);
    assert.ok(lines.includes('COPY --from=code /app/code-digest ./'), name);
  }
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  for (const name of ['lib', 'statemachine', 'containers', 'package-lock.json'])
    assert.ok(ignored.includes(`!${name}`));
  rmSync(image, { recursive: true });
});
