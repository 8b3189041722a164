import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { metaImageDataFiles, readMetaImage } from '#lib/nifti/read-metaimage.ts';
import { nrrdDataFiles, readNrrd } from '#lib/nifti/read-nrrd.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';
import peers from '../../reference/nrrd-peers.json' with { type: 'json' };

/** As pynrrd 1.1.3 reads them: size, voxels equal to 1 of labels, sum of images. */
const PUBLIC_FILES: [file: string, size: number[], ones: number | undefined, sum: number][] = [
  ['brain1_image.nrrd', [256, 256, 25], undefined, 631859459],
  ['brain1_label.nrrd', [256, 256, 25], 4137, 4137],
  ['brain2_image.nrrd', [256, 256, 23], undefined, 356034155],
  ['brain2_label.nrrd', [256, 256, 23], 453, 453],
  ['breast1_image.nrrd', [45, 120, 21], undefined, 7187342],
  ['breast1_label.nrrd', [45, 120, 21], 143, 143],
  ['lung1_label.nrrd', [512, 512, 48], 837, 837],
  ['lung2_label.nrrd', [512, 512, 61], 24644, 24644],
  ['prostate_phantom_subvolume-label.nrrd', [82, 67, 13], 168, 107126],
  ['prostate_phantom_subvolume.nrrd', [82, 67, 13], undefined, 27811967],
];

for (const [file, size, ones, sum] of PUBLIC_FILES) {
  test(`a public NRRD reads as pynrrd reads it: ${file}`, (context) => {
    const path = sharedPath(`data/pyradiomics/${file}`);
    if (!path) return context.skip(String(absent('data/pyradiomics')));
    const { grid, data } = readNrrd(readFileSync(path));
    assert.deepEqual(grid.size, size);
    const values = Array.from(data as ArrayLike<number>);
    if (ones !== undefined) assert.equal(values.filter((value) => value === 1).length, ones);
    assert.equal(
      values.reduce((total, value) => total + value, 0),
      sum,
    );
  });
}

for (const { name, files, ...expected } of peers.files) {
  test(`a header with separate data reads as SimpleITK reads it: ${name}`, () => {
    const [first, ...others] = Object.values(files).map((text) => Buffer.from(text, 'base64'));
    const isNrrd = first.subarray(0, 4).toString() === 'NRRD';
    const names = (isNrrd ? nrrdDataFiles : metaImageDataFiles)(first);
    assert.deepEqual(names, Object.keys(files).slice(1));
    const { grid, data } = isNrrd ? readNrrd(first, { detached: others }) : readMetaImage(first, others);
    assert.deepEqual([...data], [1, -2, 300, 4, 5, 6, 7, 8, -9, 10, 11, 12]);
    if (!expected.size) return assert.equal(grid.size[2], 1);
    const isFlat = expected.size.length === 2;
    const [size, spacingMm, originMm] = isFlat
      ? [grid.size, grid.spacingMm, grid.originMm].map((one) => one.slice(0, 2))
      : [grid.size, grid.spacingMm, grid.originMm];
    assert.deepEqual([size, spacingMm, originMm], [expected.size, expected.spacingMm, expected.originMm]);
    if (!isFlat)
      assert.deepEqual(
        grid.direction,
        expected.direction?.map((cosine) => cosine + 0),
      );
    else assert.deepEqual([grid.size[2], grid.spacingMm[2]], [1, 1]);
  });
}

test('a header in micrometres gives millimetres', () => {
  const micro = changed(/^key:=.*/, 'space units: "um" "um" "um"');
  const { grid } = readNrrd(nrrd(micro, new Uint8Array(VOXELS.buffer)));
  assert.ok(grid.spacingMm.every((mm, axis) => Math.abs(mm - [0.001, 0.002, 0.003][axis]) < 1e-12));
});

const HEADER = [
  'NRRD0004',
  '# a comment',
  'type: short',
  'dimension: 3',
  'space: left-posterior-superior',
  'sizes: 2 3 1',
  'space directions: (1,0,0) (0,-2,0) (0,0,3)',
  'endian: little',
  'encoding: raw',
  'space origin: (5,-6,7)',
  'key:=value: not a field',
];
const VOXELS = Int16Array.of(1, -2, 300, 4, 5, 6);

test('the grid is in LPS, whichever space the file names', () => {
  const lps = readNrrd(nrrd(HEADER, new Uint8Array(VOXELS.buffer)));
  assert.deepEqual(lps.grid, {
    size: [2, 3, 1],
    originMm: [5, -6, 7],
    spacingMm: [1, 2, 3],
    direction: [1, 0, 0, 0, -1, 0, 0, 0, 1],
  });
  assert.deepEqual(lps.data, VOXELS);
  const ras = readNrrd(nrrd(changed(/^space: .*/, 'space: RAS'), new Uint8Array(VOXELS.buffer)));
  assert.deepEqual(ras.grid.originMm, [-5, 6, 7]);
  assert.deepEqual([ras.grid.direction[0], ras.grid.direction[4], ras.grid.direction[8]], [-1, 1, 1]);
});

test('raw and gzip, little and big endian give the same voxels', () => {
  const little = new Uint8Array(VOXELS.buffer);
  const swapped = little.map((_, at) => little[at ^ 1]);
  assert.deepEqual(readNrrd(nrrd(changed(/^endian: .*/, 'endian: big'), swapped)).data, VOXELS);
  const gzip = changed(/^encoding: .*/, 'encoding: gzip');
  assert.deepEqual(readNrrd(nrrd(gzip, gzipSync(new Uint8Array(VOXELS.buffer)))).data, VOXELS);
});

test('unsupported headers are refused', () => {
  const bytes = new Uint8Array(VOXELS.buffer);
  const cases: [Uint8Array, RegExp][] = [
    [new TextEncoder().encode('hello\n\n'), /not a NRRD/],
    [nrrd(changed(/^dimension: .*/, 'dimension: 4'), bytes), /4 dimensions/],
    [nrrd(changed(/^type: .*/, 'type: block'), bytes), /"block"/],
    [nrrd(changed(/^encoding: .*/, 'encoding: bzip2'), bytes), /"bzip2"/],
    [nrrd(changed(/^space: .*/, 'space: space-time'), bytes), /"space-time"/],
    [nrrd(changed(/^key:=.*/, 'space units: "furlong" "furlong" "furlong"'), bytes), /"furlong"/],
    [nrrd(changed(/^key:=.*/, 'byte skip: -2'), bytes), /byte skip of "-2"/],
    [nrrd(changed(/^key:=.*/, 'line skip: 2'), bytes), /fewer lines/],
    [nrrd(changed(/^endian: .*/, 'data file: voxels.raw'), bytes), /in other files/],
    [nrrd(changed(/^space origin: .*/, 'space origin: none'), bytes), /no complete geometry/],
    [nrrd(HEADER, bytes.slice(0, 5)), /ends early/],
  ];
  for (const [file, message] of cases) assert.throws(() => readNrrd(file), { name: 'BadInput', message });
});

function nrrd(header: string[], voxels: Uint8Array): Uint8Array {
  return Buffer.concat([new TextEncoder().encode(`${header.join('\n')}\n\n`), voxels]);
}

function changed(line: RegExp, to: string): string[] {
  return HEADER.map((text) => text.replace(line, to));
}
