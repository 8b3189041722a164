import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import tar, { type Header } from 'tar-stream';
import { BadInput, Transient } from '#lib/errors.ts';
import type { RangeSource } from '#lib/store/archive/entry.ts';
import { archiveKind } from '#lib/store/archive/kind.ts';
import { unpackArchive } from '#lib/store/archive/unpack.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';

describe('archives are recognised by content', () => {
  const cases = [
    { name: 'a ZIP archive', head: zip([{ name: 'a', body: 'x' }]), kind: 'zip' },
    { name: 'an empty ZIP archive', head: zip([]), kind: 'zip' },
    { name: 'a gzipped file', head: gzipSync('x'), kind: 'gzip' },
    { name: 'a text', head: Buffer.from('PK is the mark of Phil Katz'.repeat(40)), kind: undefined },
    { name: 'zeros', head: Buffer.alloc(512), kind: undefined },
    { name: 'nothing', head: Buffer.alloc(0), kind: undefined },
  ];
  for (const { name, head, kind } of cases)
    test(`${name} is recognised as ${kind ?? 'none'}`, () => assert.equal(archiveKind(head), kind));

  test('a tar archive is recognised by the checksum of its first header', async () => {
    const archive = await tarOf([{ name: 'a' }, 'x']);
    assert.equal(archiveKind(archive), 'tar');
    archive[0] += 1;
    assert.equal(archiveKind(archive), undefined);
  });
});

describe('unpacking', () => {
  test('ZIP files are written below the prefix, with implied folders', async () => {
    const archive = zip([
      { name: 'patient/' },
      { name: 'patient/a.dcm', body: 'one' },
      { name: 'b', body: 'two', method: 0 },
    ]);
    const { objects, result } = await unpack(archive, { prefix: 'in/' });
    assert.deepEqual(objects, { 'in/b': 'two', 'in/patient/a.dcm': 'one' });
    assert.deepEqual(result, { files: 2, bytes: 6, archives: [], refusals: [] });
  });

  for (const gzip of [false, true])
    test(`files of a ${gzip ? 'gzipped ' : ''}tar archive are written below the prefix`, async () => {
      const archive = await tarOf(
        [{ name: 'd', type: 'directory' }, ''],
        [{ name: './d/a' }, 'one'],
        [{ name: 'b' }, 'two'],
      );
      const { objects } = await unpack(gzip ? gzipSync(archive) : archive, { prefix: 'in/' });
      assert.deepEqual(objects, { 'in/b': 'two', 'in/d/a': 'one' });
    });

  test('files of nested archives go into folders named after the archives', async () => {
    const tgz = gzipSync(await tarOf([{ name: 'ü/10' }, 'ten']));
    const archive = zip([
      { name: 'RP', body: 'plan' },
      { name: 'in/inner.zip', body: zip([{ name: 'IMG0', body: 'zero' }]) },
      { name: 'inner.tgz', body: tgz },
    ]);
    const { objects, result } = await unpack(archive);
    assert.deepEqual(objects, { RP: 'plan', 'in/inner.zip/IMG0': 'zero', 'inner.tgz/ü/10': 'ten' });
    assert.deepEqual(result, { files: 3, bytes: 11, archives: ['in/inner.zip', 'inner.tgz'], refusals: [] });
  });

  test('nested archives are opened to a limit of depth, and the deeper one is refused', async () => {
    let archive: Uint8Array = zip([{ name: 'file', body: 'x' }]);
    for (let depth = 1; depth < 4; depth++) archive = zip([{ name: `${depth}.zip`, body: archive }]);
    assert.deepEqual((await unpack(archive)).objects, { '3.zip/2.zip/1.zip/file': 'x' });
    const { objects, result } = await unpack(
      zip([
        { name: '4.zip', body: archive },
        { name: 'good', body: 'y' },
      ]),
    );
    assert.deepEqual(objects, { good: 'y' });
    assert.deepEqual(result.refusals[0].entry, '4.zip/3.zip/2.zip/1.zip');
    assert.match(result.refusals[0].reason, /more than 4 deep/);
  });

  test('a gzipped file that is not a tar archive is unpacked as that file', async () => {
    const { objects } = await unpack(gzipSync('slice'), { name: 'ct/slice.dcm.gz' });
    assert.deepEqual(objects, { 'slice.dcm': 'slice' });
    const { objects: within } = await unpack(zip([{ name: 'a/b.dcm.gz', body: gzipSync('x') }]));
    assert.deepEqual(within, { 'a/b.dcm.gz/b.dcm': 'x' });
  });

  test('a truncated gzipped file is refused with the reason', async () => {
    const { objects, result } = await unpack(gzipSync('x'.repeat(5000)).subarray(0, -12), { name: 'a.gz' });
    assert.deepEqual(Object.keys(objects), []);
    assert.equal(result.refusals[0].entry, 'a');
    assert.match(result.refusals[0].reason, /unexpected end of file/);
  });

  test('names in UTF-8 and with backslashes are read', async () => {
    const { objects } = await unpack(zip([{ name: 'ü\\b', body: 'x' }]));
    assert.deepEqual(objects, { 'ü/b': 'x' });
  });
});

describe('refused entries, while the others are unpacked', () => {
  const good = { name: 'good', body: 'x' };
  const zips: { what: string; entry: ZipEntry; reason: RegExp }[] = [
    { what: 'a path upwards', entry: { name: '../up', body: 'x' }, reason: /leaves the folder/ },
    {
      what: 'a path upwards with backslashes',
      entry: { name: 'a\\..\\..\\up', body: 'x' },
      reason: /leaves the folder/,
    },
    { what: 'an absolute path', entry: { name: '/etc/passwd', body: 'x' }, reason: /absolute/ },
    { what: 'a drive', entry: { name: 'C:\\x', body: 'x' }, reason: /absolute/ },
    { what: 'a control character', entry: { name: 'a\nb', body: 'x' }, reason: /impossible name/ },
    { what: 'a symbolic link', entry: { name: 'l', body: '/etc/passwd', mode: 0o120777 }, reason: /link/ },
    { what: 'a device', entry: { name: 'd', body: '', mode: 0o020644 }, reason: /neither a file/ },
    { what: 'an encrypted file', entry: { name: 'e', body: 'x', flags: 1 }, reason: /encrypted/ },
    { what: 'an unknown method', entry: { name: 'm', body: 'x', method: 99 }, reason: /method 99/ },
    { what: 'a wrong checksum', entry: { name: 'c', body: 'x', checksum: 1 }, reason: /checksum/ },
    {
      what: 'broken deflate data',
      entry: { name: 'z', body: 'x', raw: Buffer.from('ffff', 'hex') },
      reason: /invalid/,
    },
    { what: 'a broken archive within', entry: { name: 'n.zip', body: zip([good]).subarray(0, -30) }, reason: /broken/ },
    { what: 'a name of 300 characters', entry: { name: 'n'.repeat(300), body: 'x' }, reason: /more than 255 bytes/ },
    { what: 'a path 2,500 folders deep', entry: { name: 'd/'.repeat(2500).concat('x'), body: 'x' }, reason: /bytes/ },
    {
      what: 'a path 100 folders deep',
      entry: { name: 'd/'.repeat(100).concat('x'), body: 'x' },
      reason: /64 nested folders/,
    },
    { what: 'a second entry of a name', entry: { name: './good', body: 'y' }, reason: /second entry/ },
    { what: 'a file below a file', entry: { name: 'good/x', body: 'y' }, reason: /name of its folder/ },
  ];
  for (const { what, entry, reason } of zips)
    test(`${what} in a ZIP archive`, async () => {
      const { objects, result } = await unpack(zip([good, entry]));
      assert.deepEqual(objects, { good: 'x' });
      assert.equal(result.refusals.length, 1);
      assert.equal(result.refusals[0].entry, entry.name.replaceAll('\\', '/'));
      assert.match(result.refusals[0].reason, reason);
    });

  const tars: { what: string; header: Partial<Header> & { name: string }; reason: RegExp }[] = [
    { what: 'a symbolic link', header: { name: 'l', type: 'symlink', linkname: '/etc/passwd' }, reason: /link/ },
    { what: 'a hard link', header: { name: 'l', type: 'link', linkname: 'good' }, reason: /link/ },
    { what: 'a device', header: { name: 'd', type: 'character-device' }, reason: /neither a file/ },
    { what: 'a path upwards', header: { name: 'a/../../up' }, reason: /leaves the folder/ },
  ];
  for (const { what, header, reason } of tars)
    test(`${what} in a tar archive`, async () => {
      const { objects, result } = await unpack(await tarOf([header, ''], [{ name: 'good' }, 'x']));
      assert.deepEqual(objects, { good: 'x' });
      assert.match(result.refusals[0].reason, reason);
    });

  test('a file above the size limit', async () => {
    const { objects, result } = await unpack(zip([good, { name: 'big', body: 'x'.repeat(100) }]), {
      limits: { entryBytes: 99 },
    });
    assert.deepEqual(objects, { good: 'x' });
    assert.match(result.refusals[0].reason, /larger than 99/);
  });
});

describe('errors that end the unpacking', () => {
  const zeros = Buffer.alloc(1 << 20);
  const bad: { what: string; archive: () => Uint8Array; limits?: object; message: RegExp }[] = [
    {
      what: 'more bytes than allowed',
      archive: () => zip([{ name: 'a', body: zeros }]),
      limits: { totalBytes: 1000 },
      message: /more than 1000 bytes.*\(a\)/,
    },
    {
      what: 'a bomb by ratio',
      archive: () => zip([{ name: 'a', body: zeros }]),
      limits: { freeBytes: 1000, ratio: 100 },
      message: /100 times.*\(a\)/,
    },
    {
      what: 'too many files',
      archive: () =>
        zip([
          { name: 'a', body: '' },
          { name: 'b', body: '' },
        ]),
      limits: { files: 1 },
      message: /more than 1 files.*\(b\)/,
    },
    { what: 'entries that overlap', archive: () => overlapping(), message: /overlap/ },
    {
      what: 'a ZIP archive that is cut off',
      archive: () => zip([{ name: 'a', body: 'x' }]).subarray(0, -30),
      message: /ZIP archive is broken/,
    },
    { what: 'a text', archive: () => Buffer.from('hello'), message: /neither a ZIP nor a tar/ },
    {
      what: 'a bomb in an archive within',
      archive: () => zip([{ name: 'a.zip', body: zip([{ name: 'b', body: zeros }]) }]),
      limits: { freeBytes: 1000, ratio: 100 },
      message: /100 times.*\(b\)/,
    },
  ];
  for (const { what, archive, limits, message } of bad)
    test(what, () =>
      assert.rejects(
        unpack(archive(), { limits }),
        (error) => error instanceof BadInput && message.test(error.message),
      ),
    );

  test('a tar archive with too many records is refused before it is stored', async () => {
    const pax = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, 'v']));
    await assert.rejects(
      unpack(await tarOf([{ name: 'many', pax }, 'x'])),
      (error) => error instanceof BadInput && /more than 1000 records/.test(error.message),
    );
    const long = { comment: 'x'.repeat(5 * 2 ** 20) };
    await assert.rejects(unpack(await tarOf([{ name: 'long', pax: long }, 'x'])), BadInput);
    const { objects } = await unpack(await tarOf([{ name: 'few', pax: { comment: 'x'.repeat(1000) } }, 'x']));
    assert.deepEqual(objects, { few: 'x' });
  });

  test('a truncated gzipped tar archive names the last entry', async () => {
    const noise = Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * 2654435761) >>> 24));
    const archive = gzipSync(await tarOf([{ name: 'first' }, 'x'], [{ name: 'second' }, noise]));
    await assert.rejects(unpack(archive.subarray(0, archive.length - 5000)), /cut off after this entry \(second\)/);
  });

  test('an error of the store is not blamed on an entry', async () => {
    const failing: ObjectStore = { ...memoryStore(), put: () => Promise.reject(new Transient('busy')) };
    await assert.rejects(unpackArchive(sourceOf(zip([{ name: 'a', body: 'x' }])), failing), Transient);
  });

  test('an abort between two entries', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(unpackArchive(sourceOf(zip([{ name: 'a', body: 'x' }])), memoryStore(), { signal }), /abort/i);
  });
});

async function unpack(archive: Uint8Array, options: Parameters<typeof unpackArchive>[2] = {}) {
  const store = memoryStore();
  const result = await unpackArchive(sourceOf(archive), store, options);
  const objects: Record<string, string> = {};
  for await (const { key } of store.list('')) objects[key] = Buffer.from(await store.get(key)).toString();
  return { objects, result };
}

function sourceOf(archive: Uint8Array): RangeSource {
  return { bytes: archive.length, read: async (start, end) => archive.subarray(start, end) };
}

async function tarOf(...entries: [Partial<Header> & { name: string }, string | Buffer][]): Promise<Buffer> {
  const pack = tar.pack();
  for (const [header, body] of entries) pack.entry({ mtime: new Date(0), ...header }, body);
  pack.finalize();
  const parts: Buffer[] = [];
  for await (const part of pack) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

interface ZipEntry {
  name: string;
  body?: string | Uint8Array;
  method?: number;
  mode?: number;
  flags?: number;
  checksum?: number;
  /** Compressed bytes that do not come from the body. */
  raw?: Uint8Array;
}

/** A ZIP archive by the book (APPNOTE 4.3), so that each field can be wrong on purpose. */
function zip(entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, body = '', method = 8, mode = 0o100644, flags = 0, checksum, raw } of entries) {
    const content = Buffer.from(body);
    const packed = raw ?? (method === 8 ? deflateRawSync(content) : content);
    const sizes = [checksum ?? crc32(content), packed.length, content.length];
    const path = Buffer.from(name);
    const local = header(30, 0x04034b50, [20, flags | 0x800, method, 0, 0], sizes);
    local.writeUInt16LE(path.length, 26);
    const entry = header(46, 0x02014b50, [0x0314, 20, flags | 0x800, method, 0, 0], sizes);
    entry.writeUInt16LE(path.length, 28);
    entry.writeUInt32LE((mode * 0x10000) >>> 0, 38);
    entry.writeUInt32LE(at, 42);
    locals.push(local, path, Buffer.from(packed));
    central.push(entry, path);
    at += local.length + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = header(22, 0x06054b50, [0, 0, entries.length, entries.length], [directory.length, at]);
  return Buffer.concat([...locals, directory, end]);
}

function header(bytes: number, signature: number, shorts: number[], longs: number[]): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUInt32LE(signature, 0);
  for (const [i, value] of shorts.entries()) buffer.writeUInt16LE(value, 4 + 2 * i);
  for (const [i, value] of longs.entries()) buffer.writeUInt32LE(value, 4 + 2 * shorts.length + 4 * i);
  return buffer;
}

/** Two directory entries for the same compressed bytes. */
function overlapping(): Buffer {
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 2654435761) >>> 24));
  const one = zip([{ name: 'a', body: noise, method: 0 }]);
  const directory = one.subarray(one.length - 22 - 47, one.length - 22);
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(2 * directory.length, 12);
  return Buffer.concat([one.subarray(0, one.length - 22), directory, end]);
}
