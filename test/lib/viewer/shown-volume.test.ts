import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { shownVolume } from '#lib/viewer/even-slices.ts';
import { niftiVoxels } from '#lib/viewer/nifti-voxels.ts';
import { windowPresets } from '#lib/viewer/windows.ts';

const GRID: Grid = {
  size: [2, 1, 4],
  originMm: [0, 0, 0],
  spacingMm: [1, 1, 3],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

test('uneven slices appear at their places, each shown slice being an existing one', () => {
  const data = Int16Array.of(1, 1, 2, 2, 3, 3, 4, 4);
  const shown = shownVolume({ grid: { ...GRID, sliceOffsetsMm: Float64Array.of(0, 3, 6, 15) }, data });
  assert.deepEqual(shown.grid.size, [2, 1, 6]);
  assert.equal(shown.grid.spacingMm[2], 3);
  assert.deepEqual([...shown.data], [1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]);
});

test('even slices are shown without a copy', () => {
  const data = Int16Array.of(1, 1, 2, 2, 3, 3, 4, 4);
  assert.equal(shownVolume({ grid: GRID, data }).data, data);
  const rounded = { ...GRID, sliceOffsetsMm: Float64Array.of(0, 3.001, 6, 9) };
  assert.deepEqual(shownVolume({ grid: rounded, data }), { grid: GRID, data });
});

for (const VoxelType of [Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array, Float64Array])
  test(`the page reads our NIfTI files: ${VoxelType.name}`, async () => {
    const data = VoxelType.from([0, 1, 2, 3, 40, 50, 60, 70]);
    const file = Uint8Array.from(writeNifti({ grid: GRID, data }, false));
    for (const size of [1, 100, 353, file.length]) assert.deepEqual(await niftiVoxels(cut(file, size), 8), data);
    await assert.rejects(niftiVoxels(cut(file, 360), 7), /bytes instead of/);
    await assert.rejects(niftiVoxels(cut(file.slice(0, -1), 360), 8), /bytes instead of/);
  });

test('another file is refused', async () => {
  await assert.rejects(niftiVoxels(cut(new Uint8Array(400), 400), 48), /unknown form/);
  await assert.rejects(niftiVoxels(cut(new Uint8Array(3), 3), 1), /unknown form/);
});

/** A file as it comes over a line. */
async function* cut(file: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < file.length; from += size) yield file.subarray(from, from + size);
}

test('the automatic window spans dark to bright voxels', () => {
  const data = Float32Array.from({ length: 1001 }, (_, n) => n);
  const [automatic, whole] = windowPresets('', data);
  assert.deepEqual([automatic.centre - automatic.width / 2, automatic.centre + automatic.width / 2], [20, 995]);
  assert.deepEqual([whole.centre, whole.width], [500, 1000]);
  assert.equal(windowPresets('HU', data)[0].name, 'Soft tissue');
  assert.equal(windowPresets('', Float32Array.of(5, 5))[0].width, 1);
});
