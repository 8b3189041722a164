import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileStore } from '#lib/store/file.ts';
import type { ObjectInfo } from '#lib/store/store.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rtpipeline-walk-'));
});
afterEach(() => rmSync(root, { recursive: true }));

async function listed(everything: boolean, prefix = ''): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of fileStore(root).list(prefix, { everything })) found.push(info);
  return found;
}

const whys = (found: ObjectInfo[]) => found.map(({ key, blocked }) => [key, blocked?.reason, blocked?.message]);

test('names that are not UTF-8 are listed, read and written by an escaped spelling', async () => {
  const bytes = (text: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(text, 'latin1')]);
  mkdirSync(bytes('dir-\xe9'));
  writeFileSync(bytes('dir-\xe9/\xfc\xf6.dcm'), 'deep');
  writeFileSync(bytes('\xfc.dcm'), 'flat');
  writeFileSync(join(root, '\\xfc.dcm'), 'of a name that only looks like it');
  const store = fileStore(root);
  assert.deepEqual(
    (await listed(false)).map(({ key }) => key),
    ['\\x5cxfc.dcm', '\\xfc.dcm', 'dir-\\xe9/\\xfc\\xf6.dcm'],
  );
  const text = async (key: string) => Buffer.from(await store.get(key)).toString();
  assert.equal(await text('dir-\\xe9/\\xfc\\xf6.dcm'), 'deep');
  assert.equal(await text('\\xfc.dcm'), 'flat');
  assert.equal(await text('\\x5cxfc.dcm'), 'of a name that only looks like it');
  await store.put('new-\\xe9/a', new Uint8Array(3));
  assert.equal((await store.head('new-\\xe9/a'))?.bytes, 3);
  assert.deepEqual(
    (await listed(false, 'new-\\xe9/')).map(({ key }) => key),
    ['new-\\xe9/a'],
  );
});

test('entries that are not files are reported in a full listing, and left out otherwise', async () => {
  writeFileSync(join(root, 'file'), 'x');
  writeFileSync(join(root, '.partial-of-another-program'), 'x');
  writeFileSync(join(root, '.partial-5e3ab3f2-2b73-4d6c-8c50-3d9b3f1f8a11'), 'half');
  symlinkSync('nowhere', join(root, 'dangling'));
  symlinkSync('self', join(root, 'self'));
  symlinkSync('/dev/zero', join(root, 'zero'));
  mkdirSync(join(root, 'sub'));
  symlinkSync('..', join(root, 'sub', 'up'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const server = createServer().listen(join(root, 'socket'));
  try {
    assert.deepEqual(whys(await listed(true)), [
      [
        '.partial-5e3ab3f2-2b73-4d6c-8c50-3d9b3f1f8a11',
        'not_a_file',
        'an incomplete file: the program that wrote it was stopped',
      ],
      ['.partial-of-another-program', undefined, undefined],
      ['dangling', 'not_a_file', 'a broken link'],
      ['file', undefined, undefined],
      ['pipe', 'not_a_file', 'a pipe (FIFO), not a file'],
      ['self', 'not_a_file', 'a circular link'],
      ['socket', 'not_a_file', 'a socket, not a file'],
      ['sub/up/', 'not_a_file', 'a link to a folder that contains it'],
      ['zero', 'not_a_file', 'a device, not a file'],
    ]);
    assert.deepEqual(whys(await listed(false)), [
      ['.partial-of-another-program', undefined, undefined],
      ['file', undefined, undefined],
    ]);
  } finally {
    server.close();
  }
});

test('folders full of mutual links are listed to a limit of depth', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'file'), 'x');
    for (const other of names) symlinkSync(`../${other}`, join(root, name, `to-${other}`));
  }
  const found = await listed(true);
  assert.ok(found.length < 6 ** 6, `${found.length} entries`);
  const reasons = new Set(found.map(({ blocked }) => blocked?.message));
  assert.deepEqual([...reasons].sort(), [
    'a link to a folder that contains it',
    'a link to a folder, after 4 other links',
    undefined,
  ]);
});

test('a path that the system refuses is reported, and the others are listed', async () => {
  writeFileSync(join(root, 'z'), 'x');
  const name = 'd'.repeat(250);
  const nest = 'cd "$1" && for i in {1..20}; do mkdir "$2" && cd -P "$2"; done && touch file';
  execFileSync('bash', ['-c', nest, '', root, name]);
  const found = await listed(true);
  assert.deepEqual(
    found.map(({ key, blocked }) => [key.length > 3800, blocked?.reason, blocked?.message]),
    [
      [true, 'unreadable', 'cannot be read: ENAMETOOLONG'],
      [false, undefined, undefined],
    ],
  );
});

test('listing a file or a missing folder gives nothing, and a name that is too long is an error', async () => {
  writeFileSync(join(root, 'file'), 'x');
  assert.deepEqual(await listed(true, 'file/'), []);
  assert.deepEqual(await listed(true, 'nothing/'), []);
  await assert.rejects(listed(true, `${'x'.repeat(300)}/`), { name: 'BadInput', message: /ENAMETOOLONG/ });
});
