import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { emptyMask, fullMaskData } from '#lib/image/mask.ts';
import { packMask } from '#lib/nifti/pack-mask.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { ball, ODD_GRIDS } from '../../fixtures/masks.ts';

for (const [name, grid] of Object.entries(ODD_GRIDS)) {
  if (grid.sliceOffsetsMm) continue;
  test(`a packed mask equals the NIfTI file of the whole grid: ${name}`, () => {
    const mask = ball(grid, grid.originMm, 9);
    const whole = writeNifti({ grid, data: fullMaskData(mask) }, false);
    assert.deepEqual(new Uint8Array(gunzipSync(packMask(mask))), whole);
  });
}

test('more than a megabyte of empty slices and a mask without voxels are packed too', () => {
  const grid = { ...ODD_GRIDS.axial, size: [256, 200, 60] as [number, number, number] };
  const mask = ball(grid, grid.originMm, 9);
  for (const one of [mask, emptyMask(grid)])
    assert.deepEqual(gunzipSync(packMask(one)).subarray(352), Buffer.from(fullMaskData(one)));
  assert.ok(packMask(mask).length < 20_000);
});
