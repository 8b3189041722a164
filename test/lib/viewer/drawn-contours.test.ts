import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { contoursOn } from '#lib/viewer/drawn-contours.ts';
import { planeRaster, planeStepMm } from '#lib/viewer/plane-raster.ts';

const GRID: Grid = { size: [20, 20, 10], originMm: [-10, -10, 0], spacingMm: [1, 2, 3], direction: IDENTITY };
/** Squares of 4 mm on the slices at 6, 9 and, between slices, at 13 mm. */
const LOOPS = [6, 9, 13].map((z) => [-2, -2, z, 2, -2, z, 2, 2, z, -2, 2, z]);

const axialAt = (z: number) => contoursOn(LOOPS, planeRaster(GRID, 'axial', [0, 0, z]), planeStepMm(GRID, 'axial'));

test('a contour appears on its slice, in image pixels with fractions', () => {
  assert.deepEqual(axialAt(6), [[8, 4, 12, 4, 12, 6, 8, 6]]);
  assert.equal(axialAt(9).length, 1);
  assert.deepEqual(axialAt(3), []);
});

test('a contour between slices appears on the nearest', () => {
  assert.equal(axialAt(12).length, 1);
  assert.equal(axialAt(15).length, 0);
});

test('planes across the contours show none', () => {
  assert.deepEqual(contoursOn(LOOPS, planeRaster(GRID, 'sagittal', [0, 0, 6]), planeStepMm(GRID, 'sagittal')), []);
});
