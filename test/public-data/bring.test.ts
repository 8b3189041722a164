import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execaSync } from 'execa';
import { bringFiles } from './bring.ts';
import { type PublicFile, publicFiles } from './manifest.ts';

const work = mkdtempSync(join(tmpdir(), 'rtpipeline-mirror-'));
after(() => rmSync(work, { recursive: true, force: true }));

test('every listed file has one place, one commit and one digest', () => {
  const files = publicFiles();
  assert.ok(files.length > 400);
  assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
  for (const { path, repository, commit, source, sha256 } of files) {
    assert.match(commit, /^[0-9a-f]{40}$/, path);
    assert.match(sha256, /^[0-9a-f]{64}$/, path);
    assert.match(repository, /^[\w.-]+\/[\w.-]+$/, path);
    assert.ok(source !== '' && !path.includes('..'), path);
  }
});

test('files come from any mirror at their commit, and files with other bytes are refused', async () => {
  const commit = makeMirror('someone', 'images', { 'a/image.dcm': 'first', 'b.dcm': 'second' });
  const image = fileOf('image.dcm', 'a/image.dcm', 'first', commit);
  const changed = fileOf('b.dcm', 'b.dcm', 'not the second', commit);
  const mirror = `file://${work}/{owner}+{name}`;
  assert.deepEqual(await bringFiles([image], mirror, join(work, 'data')), []);
  assert.equal(readFileSync(join(work, 'data', 'image.dcm'), 'utf8'), 'first');
  const [failure] = await bringFiles([image, changed], mirror, join(work, 'data'));
  assert.match(failure, /someone\/images .*b\.dcm has another SHA-256/);
  const [absent] = await bringFiles([{ ...changed, repository: 'no/body' }], mirror, join(work, 'data'));
  assert.match(absent, /^no\/body /);
});

test('the reported cause is an error of git and not a warning before it', async () => {
  makeMirror('old', 'server', { 'a/b.dcm': 'first' });
  execaSync('git', ['-C', join(work, 'old+server'), 'config', 'uploadpack.allowFilter', 'false']);
  const absent = { ...fileOf('b.dcm', 'a/b.dcm', 'first', 'f'.repeat(40)), repository: 'old/server' };
  const [failure] = await bringFiles([absent], `file://${work}/{owner}+{name}`, join(work, 'other'));
  assert.match(failure, /^old\/server f{40}: (fatal|error): .*not our ref/);
});

function makeMirror(owner: string, name: string, contents: Record<string, string>): string {
  const folder = join(work, `${owner}+${name}`);
  mkdirSync(join(folder, 'a'), { recursive: true });
  const git = (...args: string[]) =>
    execaSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-C', folder, ...args]).stdout;
  git('init', '--quiet');
  git('config', 'uploadpack.allowFilter', 'true');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  for (const [path, text] of Object.entries(contents)) writeFileSync(join(folder, path), text);
  git('add', '.');
  git('commit', '--quiet', '-m', 'images');
  return git('rev-parse', 'HEAD');
}

function fileOf(path: string, source: string, text: string, commit: string): PublicFile {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path, repository: 'someone/images', commit, source, sha256 };
}
