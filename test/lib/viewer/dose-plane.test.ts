import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Grid, indexToPatient } from '#lib/image/grid.ts';
import { doseAtPoint, doseDifference, dosePlane, isodoseLines, viewedDose } from '#lib/viewer/dose-plane.ts';
import { planeRaster, pointOf } from '#lib/viewer/plane-raster.ts';

const IMAGE: Grid = {
  size: [60, 50, 20],
  originMm: [-60, -50, -40],
  spacingMm: [2, 2, 4],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const DOSE: Grid = { ...IMAGE, size: [30, 26, 21], originMm: [-45.5, -38, -40], spacingMm: [3, 3, 3.5] };

/** Linear in the patient: trilinear interpolation gives it back exactly. */
const linear = (x: number, y: number, z: number) => 40 + 0.3 * x - 0.2 * y + 0.1 * z;

function doseOf(grid: Grid, value: (x: number, y: number, z: number) => number) {
  const data = new Float64Array(grid.size[0] * grid.size[1] * grid.size[2]);
  let at = 0;
  for (let k = 0; k < grid.size[2]; k++)
    for (let j = 0; j < grid.size[1]; j++)
      for (let i = 0; i < grid.size[0]; i++) data[at++] = value(...indexToPatient(grid, [i, j, k]));
  return viewedDose({ grid, data });
}

test('the dose at a point is trilinear, and unknown outside the grid', () => {
  const dose = doseOf(DOSE, linear);
  assert.ok(Math.abs(doseAtPoint(dose, [1.3, -7.7, 2.9]) - linear(1.3, -7.7, 2.9)) < 1e-9);
  assert.ok(Number.isNaN(doseAtPoint(dose, [60, 0, 0])));
});

test('the dose of a plane equals the dose at its points', () => {
  const dose = doseOf(DOSE, linear);
  for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
    const raster = planeRaster(IMAGE, plane, [3, 5, -7]);
    const found = dosePlane(dose, raster);
    assert.ok(found);
    for (let at = 0; at < found.doseGy.length; at += 37) {
      const point = pointOf(raster, found.left + (at % found.width), found.top + Math.floor(at / found.width));
      assert.equal(found.doseGy[at], doseAtPoint(dose, point));
    }
  }
});

test('isodoses of a linear dose are straight lines at the exact place', () => {
  const raster = planeRaster(IMAGE, 'axial', [0, 0, 0]);
  const found = dosePlane(doseOf(DOSE, linear), raster);
  assert.ok(found);
  const [loop] = isodoseLines(found, 42);
  let inside = 0;
  for (let n = 0; n < loop.length; n += 2) {
    const [x, y, z] = pointOf(raster, loop[n], loop[n + 1]);
    const isAtEdge = Number.isNaN(doseAtPoint(doseOf(DOSE, linear), [x + 2.5, y, z])) || x < -42 || y < -35 || y > 34;
    if (isAtEdge) continue;
    inside++;
    assert.ok(Math.abs(linear(x, y, z) - 42) < 1e-6, `${x} ${y}: ${linear(x, y, z)}`);
  }
  assert.ok(inside > 10);
});

test('a difference exists only where both doses do', () => {
  const raster = planeRaster(IMAGE, 'axial', [0, 0, 0]);
  const first = dosePlane(doseOf(DOSE, linear), raster);
  const second = dosePlane(
    doseOf({ ...DOSE, originMm: [-20, -38, -40] }, () => 30),
    raster,
  );
  assert.ok(first && second);
  const difference = doseDifference(first, second);
  let known = 0;
  for (let at = 0; at < difference.doseGy.length; at++) {
    const [x, y, z] = pointOf(raster, first.left + (at % first.width), first.top + Math.floor(at / first.width));
    if (Number.isNaN(difference.doseGy[at])) continue;
    known++;
    assert.ok(x >= -20.01);
    assert.ok(Math.abs(difference.doseGy[at] - (linear(x, y, z) - 30)) < 1e-9);
  }
  assert.ok(known > 100);
});

test('a plane beside the dose has none', () => {
  assert.equal(
    dosePlane(doseOf({ ...DOSE, originMm: [500, 0, 0] }, linear), planeRaster(IMAGE, 'axial', [0, 0, 0])),
    undefined,
  );
});
