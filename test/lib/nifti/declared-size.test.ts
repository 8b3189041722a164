import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { BadInput } from '#lib/errors.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { readMetaImage } from '#lib/nifti/read-metaimage.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { readNrrd } from '#lib/nifti/read-nrrd.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';

/** What a header of eight voxels may not be followed by. */
const BOMB = Buffer.alloc(64 * 2 ** 20);
const volume = {
  grid: { size: [2, 2, 2], originMm: [0, 0, 0], spacingMm: [1, 1, 1], direction: IDENTITY },
  data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]),
} as Parameters<typeof writeNifti>[0];

function nrrd(sizes: string, packed: Uint8Array): Uint8Array {
  const header = `NRRD0004\ntype: uchar\ndimension: 3\nsizes: ${sizes}\nencoding: gzip\n\n`;
  return Buffer.concat([Buffer.from(header), packed]);
}

function metaImage(sizes: string, packed: Uint8Array): Uint8Array {
  const header = `ObjectType = Image\nNDims = 3\nDimSize = ${sizes}\nElementType = MET_UCHAR\nCompressedData = True\nElementDataFile = LOCAL\n`;
  return Buffer.concat([Buffer.from(header), packed]);
}

const plain = Buffer.from(writeNifti(volume, false));
/** The same header with other dimensions. */
function nifti(size: number, tail = Buffer.alloc(0)): Buffer {
  const file = Buffer.concat([plain, tail]);
  for (const axis of [1, 2, 3]) file.writeInt16LE(size, 40 + 2 * axis);
  return file;
}

for (const [kind, small, long, short] of [
  [
    'NIfTI',
    () => readNifti(gzipSync(nifti(2, Buffer.alloc(1000)))),
    () => readNifti(gzipSync(nifti(2, BOMB))),
    () => readNifti(gzipSync(nifti(30_000))),
  ],
  [
    'NRRD',
    () => readNrrd(nrrd('2 2 2', gzipSync(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9])))),
    () => readNrrd(nrrd('2 2 2', gzipSync(BOMB))),
    () => readNrrd(nrrd('30000 30000 30000', gzipSync(Buffer.alloc(8)))),
  ],
  [
    'MetaImage',
    () => readMetaImage(metaImage('2 2 2', deflateSync(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9])))),
    () => readMetaImage(metaImage('2 2 2', deflateSync(BOMB))),
    () => readMetaImage(metaImage('30000 30000 30000', deflateSync(Buffer.alloc(8)))),
  ],
] as [string, () => { data: ArrayLike<number> }, () => unknown, () => unknown][]) {
  test(`${kind}: a few bytes after the voxels are accepted`, () => {
    assert.deepEqual(Array.from(small().data), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test(`${kind}: unpacking stops at the size in the header`, () => {
    assert.throws(long, (error) => error instanceof BadInput && /longer than the \d+ bytes/.test(error.message));
  });

  test(`${kind}: a header that claims more than the file can hold allocates no memory`, () => {
    assert.throws(short, (error) => error instanceof BadInput && /ends early/.test(error.message));
  });
}

test('a NIfTI header is found behind a long file name in the gzip header', () => {
  const packed = gzipSync(plain);
  const named = Buffer.concat([packed.subarray(0, 10), Buffer.alloc(8000, 'n'), Buffer.from([0]), packed.subarray(10)]);
  named[3] |= 8;
  assert.deepEqual(Array.from(readNifti(named).data), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a voxel offset outside the file is refused', () => {
  for (const offset of [-1, Number.NaN, 1e30]) {
    const file = Buffer.from(plain);
    file.writeFloatLE(offset, 108);
    assert.throws(() => readNifti(file), BadInput);
    assert.throws(() => readNifti(gzipSync(file)), BadInput);
  }
});

test('a NRRD that names a billion data files is refused', () => {
  const header =
    'NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: a%03d.raw 1 1000000000 1\n\n';
  assert.throws(() => readNrrd(Buffer.from(header)), /or more than 100000/);
});

test('sizes without voxels are refused', () => {
  for (const sizes of ['2 2.5 2', '2 -2 2', '0 2 2', '2 2 two', '2 2 1e400'])
    for (const read of [
      () => readNrrd(nrrd(sizes, gzipSync(Buffer.alloc(64)))),
      () => readMetaImage(metaImage(sizes, deflateSync(Buffer.alloc(64)))),
    ])
      assert.throws(
        read,
        (error) => error instanceof BadInput && /no whole number of voxels/.test(error.message),
        sizes,
      );
  assert.throws(() => readNifti(nifti(0)), /no whole number of voxels/);
  assert.throws(() => readNifti(nifti(-2)), /no whole number of voxels/);
});
