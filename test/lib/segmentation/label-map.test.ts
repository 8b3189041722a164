import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Volume } from '#lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { evenImage } from '#lib/segmentation/even-image.ts';
import { countLabels, readLabelMap } from '#lib/segmentation/label-map.ts';
import { labelMasks } from '#lib/segmentation/label-masks.ts';

const GRID = {
  size: [5, 4, 3] as [number, number, number],
  spacingMm: [1, 1, 2] as [number, number, number],
  originMm: [0, 0, 0] as [number, number, number],
  direction: IDENTITY,
};
const LABELS = [
  { value: 1, name: 'heart' },
  { value: 300, name: 'liver' },
];

function labelled(): Volume<Uint16Array> {
  const data = new Uint16Array(60);
  for (let v = 0; v < 60; v++) data[v] = v % 7 === 0 ? 1 : v % 11 === 3 ? 300 : 0;
  return { grid: GRID, data };
}

test('one pass gives the same masks as one pass per label', () => {
  const volume = labelled();
  const masks = labelMasks({ volume, labels: LABELS });
  assert.deepEqual(
    [...masks.keys()].sort((a, b) => a - b),
    [1, 300],
  );
  for (const [value, mask] of masks) {
    assert.deepEqual(fullMaskData(mask), fullMaskData(maskOfVolume(GRID, volume.data, value)));
  }
});

test('voxels are counted by label', () => {
  const volume = labelled();
  const expected = [1, 300].map((value) => [value, volume.data.filter((found) => found === value).length]);
  assert.deepEqual([...countLabels(volume.data)], expected);
});

test('a label map may have any type with whole numbers, and is refused if it contradicts its header', () => {
  const { data } = labelled();
  const file = writeNifti({ grid: GRID, data: Float32Array.from(data) }, true);
  assert.deepEqual(readLabelMap(file, GRID, LABELS).volume.data, data);
  const half = writeNifti({ grid: GRID, data: Float32Array.from(data, (value) => value / 2) }, true);
  const moved = writeNifti({ grid: { ...GRID, originMm: [0, 0, 1] }, data }, true);
  const cases: [Uint8Array, RegExp][] = [
    [half, /contains the value 0.5, which has no name/],
    [moved, /does not lie on the image/],
    [file.subarray(0, 40), /cannot be read/],
    [gzipSync('nothing'), /cannot be read/],
  ];
  for (const [bytes, message] of cases) assert.throws(() => readLabelMap(bytes, GRID, LABELS), message);
  assert.throws(() => readLabelMap(file, GRID), /does not name its labels/);
});

test('an image of uneven slices is resampled to even ones, and labels come back to its own slices', () => {
  const sliceOffsetsMm = Float64Array.from([0, 2, 4, 6, 12]);
  const grid = { ...GRID, size: [2, 2, 5] as [number, number, number], sliceOffsetsMm };
  const data = Int16Array.from({ length: 20 }, (_, v) => 10 * sliceOffsetsMm[v >> 2]);
  const { volume, restore, findings } = evenImage({ grid, data }, '1.2.3');
  assert.deepEqual([volume.grid.size, volume.grid.spacingMm[2]], [[2, 2, 7], 2]);
  assert.deepEqual(
    [...volume.data].filter((_, v) => v % 4 === 0),
    [0, 20, 40, 60, 80, 100, 120],
  );
  assert.deepEqual(
    findings.map(({ code, severity }) => `${severity} ${code}`),
    ['warning SEGMENTED_ACROSS_HOLE'],
  );
  const found = { grid: volume.grid, data: Uint8Array.from(volume.data, (value) => value / 20) };
  const back = restore({ volume: found, labels: [] }).volume;
  assert.deepEqual(
    [...back.data].filter((_, v) => v % 4 === 0),
    [0, 1, 2, 3, 6],
  );
});

test('an image of even slices is passed on unchanged', () => {
  const volume = labelled();
  const even = evenImage(volume, '1.2.3');
  assert.equal(even.volume, volume);
  assert.deepEqual(even.findings, []);
});
