import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { indexToPatient } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { maskAt, maskOutline } from '#lib/viewer/mask-outline.ts';
import { planeRaster } from '#lib/viewer/plane-raster.ts';

const GRID: Grid = {
  size: [40, 44, 12],
  originMm: [-40, -40, -30],
  spacingMm: [2, 2, 5],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const CENTRE: Vec3 = [3, -2, 0];
const RADIUS_MM = 17;

function sphere(grid: Grid): Mask {
  const data = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  let at = 0;
  for (let k = 0; k < grid.size[2]; k++)
    for (let j = 0; j < grid.size[1]; j++)
      for (let i = 0; i < grid.size[0]; i++, at++) {
        const [x, y, z] = indexToPatient(grid, [i, j, k]);
        if (Math.hypot(x - CENTRE[0], y - CENTRE[1], z - CENTRE[2]) < RADIUS_MM) data[at] = 1;
      }
  return maskOfVolume(grid, data);
}

/** Shoelace formula: holes turn the other way and count against it. */
function area(loops: number[][]): number {
  return loops.reduce((sum, loop) => {
    let twice = 0;
    for (let n = 0; n < loop.length; n += 2) {
      const m = (n + 2) % loop.length;
      twice += loop[n] * loop[m + 1] - loop[m] * loop[n + 1];
    }
    return sum + twice / 2;
  }, 0);
}

test('on slices of its own grid an outline encloses exactly the voxels of the mask', () => {
  const mask = sphere(GRID);
  for (const [plane, axis] of [
    ['sagittal', 0],
    ['coronal', 1],
    ['axial', 2],
  ] as const) {
    for (let n = 0; n < GRID.size[axis]; n++) {
      const index: Vec3 = [0, 0, 0];
      index[axis] = n;
      const raster = planeRaster(GRID, plane, indexToPatient(GRID, index));
      const loops = maskOutline(mask, raster);
      assert.equal(Math.abs(area(loops)), voxelsOfPlane(mask, axis, n), `${plane} ${n}`);
    }
  }
});

function voxelsOfPlane({ box, data }: Mask, axis: 0 | 1 | 2, n: number): number {
  let count = 0;
  let at = 0;
  for (let k = 0; k < box.size[2]; k++)
    for (let j = 0; j < box.size[1]; j++)
      for (let i = 0; i < box.size[0]; i++, at++) if ([i, j, k][axis] + box.start[axis] === n) count += data[at];
  return count;
}

test("on another image the outline follows the mask's place in the patient", () => {
  const fine: Grid = { ...GRID, size: [120, 130, 12], spacingMm: [0.7, 0.7, 5] };
  const raster = planeRaster(fine, 'axial', CENTRE);
  const mm2 = Math.abs(area(maskOutline(sphere(GRID), raster))) * 0.7 ** 2;
  const drawn = planeRaster(GRID, 'axial', CENTRE);
  const expected = Math.abs(area(maskOutline(sphere(GRID), drawn))) * 2 ** 2;
  // A pixel of 0.7 mm belongs to the voxel that holds its centre: at most half a pixel off along the border.
  assert.ok(Math.abs(mm2 - expected) < 2 * Math.PI * RADIUS_MM * 0.35 * 1.3, `${mm2} ${expected}`);
});

test('uneven slices are found by their exact places', () => {
  const offsets = Float64Array.of(0, 5, 10, 15, 27, 32, 37, 42, 47, 52, 57, 62);
  const mask = sphere({ ...GRID, sliceOffsetsMm: offsets });
  const even: Grid = { ...GRID, size: [40, 44, 63], spacingMm: [2, 2, 1] };
  const raster = planeRaster(even, 'sagittal', CENTRE);
  for (const loop of maskOutline(mask, raster))
    for (let n = 1; n < loop.length; n += 2) {
      const z = GRID.originMm[2] + loop[n];
      // Slices that hold the sphere lie from -15 to 17 mm; their voxels end halfway to the next.
      assert.ok(z >= -22 && z <= 20, String(z));
    }
  assert.equal(maskAt(mask, [CENTRE[0], CENTRE[1], -4]), true);
  assert.equal(maskAt(mask, [CENTRE[0], CENTRE[1], 25]), false);
});

test('a plane that misses the mask has no outline', () => {
  assert.deepEqual(maskOutline(sphere(GRID), planeRaster(GRID, 'axial', [0, 0, 25])), []);
});
