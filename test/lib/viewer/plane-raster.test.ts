import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { dot, norm, type Vec3 } from '#lib/math/vec3.ts';
import { nearestVoxelCentre, partOf, pixelOf, planeRaster, pointOf } from '#lib/viewer/plane-raster.ts';

const GRID: Grid = {
  size: [20, 30, 10],
  originMm: [-10, -15, 100],
  spacingMm: [1, 2, 5],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
/** Turned by 30 degrees about the axis through the patient. */
const [C, S] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
const TURNED: Grid = { ...GRID, direction: [C, -S, 0, S, C, 0, 0, 0, 1] };

test('along the patient axes the pixels are the voxels of the nearest slice', () => {
  const axial = planeRaster(GRID, 'axial', [3.2, 4.4, 118]);
  assert.deepEqual(axial.originMm, [-10, -15, 120]);
  assert.deepEqual([axial.width, axial.height], [20, 30]);
  const coronal = planeRaster(GRID, 'coronal', [3.2, 4.4, 118]);
  assert.deepEqual(coronal.originMm, [-10, 5, 100]);
  assert.deepEqual([coronal.width, coronal.height], [20, 10]);
  const sagittal = planeRaster(GRID, 'sagittal', [3.2, 4.4, 118]);
  assert.deepEqual(sagittal.originMm, [3, -15, 100]);
  assert.deepEqual([sagittal.width, sagittal.height], [30, 10]);
});

test('beyond the image the last slice is shown', () => {
  assert.equal(planeRaster(GRID, 'axial', [0, 0, 900]).originMm[2], 145);
  assert.equal(planeRaster(GRID, 'axial', [0, 0, -900]).originMm[2], 100);
});

test('on a rotated grid planes follow the patient axes, through the point', () => {
  const through: Vec3 = [1, 7, 118];
  for (const [plane, axis] of [
    ['sagittal', 0],
    ['coronal', 1],
  ] as const) {
    const raster = planeRaster(TURNED, plane, through);
    const normal: Vec3 = [0, 0, 0];
    normal[axis] = 1;
    assert.ok(Math.abs(dot(raster.stepX, normal)) < 1e-12 && Math.abs(dot(raster.stepY, normal)) < 1e-12);
    assert.ok(Math.abs(raster.originMm[axis] - through[axis]) < 1e-9);
    assert.ok(Math.abs(norm(raster.stepX) - 1) < 1e-12, 'as fine as the smallest voxel side');
    const [x, y] = pixelOf(raster, through);
    assert.ok(x > 0 && y > 0 && x < raster.width && y < raster.height);
  }
});

test('the nearest voxel lies in the image', () => {
  assert.deepEqual(nearestVoxelCentre(GRID, [3.2, 4.4, 118]), [3, 5, 120]);
  assert.deepEqual(nearestVoxelCentre(GRID, [-90, 900, 0]), [-10, 43, 100]);
});

test('pixel to point and point to pixel are inverse', () => {
  const raster = planeRaster(TURNED, 'coronal', [0, 3, 118]);
  const [x, y] = pixelOf(raster, pointOf(raster, 4.25, 7.5));
  assert.ok(Math.abs(x - 4.25) < 1e-9 && Math.abs(y - 7.5) < 1e-9);
});

test('a box covers its voxels and one around them, within the raster', () => {
  const raster = planeRaster(GRID, 'axial', [0, 0, 120]);
  const box = { start: [5, 6, 3] as Vec3, size: [4, 3, 2] as Vec3 };
  assert.deepEqual(partOf(raster, GRID, box), { left: 4, top: 5, width: 6, height: 5 });
  assert.equal(partOf(raster, { ...GRID, originMm: [500, 0, 0] }, box), undefined);
});
