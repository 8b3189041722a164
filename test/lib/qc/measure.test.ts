import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vec3 } from '#lib/math/vec3.ts';
import { huFacts } from '#lib/qc/measure/hu.ts';
import { outlineMeasures } from '#lib/qc/measure/outline.ts';
import { sharedPart } from '#lib/qc/measure/overlap.ts';
import { medianDoseGy, medianIn, partOutside, shapeMeasures, valueAt } from '#lib/qc/measure/structure.ts';
import { ball, maskWhere, ODD_GRIDS } from '../../fixtures/masks.ts';

const GRID = {
  ...ODD_GRIDS.axial,
  size: [20, 20, 20] as Vec3,
  originMm: [0, 0, 0] as Vec3,
  spacingMm: [1, 1, 1] as Vec3,
};
const between = (from: number, to: number) => maskWhere(GRID, ([x]) => x >= from && x <= to);
/** The x of every voxel. */
const ramp = (Kind: typeof Int16Array | typeof Float32Array) =>
  new Kind(Array.from({ length: 8000 }, (_, v) => v % 20));

test('the median by counting equals the median by sorting', () => {
  for (const [from, to, expected] of [
    [3, 7, 5],
    [3, 8, 5],
    [0, 19, 9],
  ])
    for (const type of [Int16Array, Float32Array])
      assert.equal(medianIn(between(from, to), { grid: GRID, data: ramp(type) }), expected);
});

test('parts and shared volumes count voxels', () => {
  assert.equal(partOutside(between(0, 9), between(5, 14)).part, 0.5);
  assert.equal(partOutside(between(0, 9), between(8, 14)).part, 0.8);
  const corner = maskWhere(GRID, (at) => at.every((n) => n >= 12 && n <= 15));
  const upperHalves = maskWhere(GRID, ([, y, z]) => y >= 14 && z >= 14);
  assert.equal(partOutside(corner, upperHalves).part, 0.75);
  assert.equal(sharedPart(between(0, 9), between(5, 14)).sharedCc, 2);
  assert.deepEqual(sharedPart(between(0, 4), between(5, 14)), { sharedCc: 0 });
});

test('outside or shared parts are reported on the slice with the most of them', () => {
  const cone = maskWhere(GRID, ([x, , z]) => x <= z);
  assert.deepEqual(partOutside(cone, between(0, 9)).middleMm, [14.5, 9.5, 19]);
  assert.deepEqual(sharedPart(cone, between(0, 9)).middleMm, [4.5, 9.5, 9]);
  assert.equal(partOutside(between(0, 4), between(0, 9)).middleMm, undefined);
  assert.equal(partOutside(between(0, 4), between(0, 9)).part, 0);
});

test('pieces are listed by size, and a corner of two voxels is not a piece', () => {
  const apart = maskWhere(
    GRID,
    ([x, y, z]) => x <= 3 || (x >= 10 && x <= 11 && y < 2 && z < 2) || (x === 19 && y === 19 && z < 2),
  );
  const { piecesCc, centroidMm, apartMm } = shapeMeasures(apart);
  assert.deepEqual(piecesCc, [1.6, 0.008]);
  assert.deepEqual(apartMm, [10, 0, 0]);
  assert.equal(shapeMeasures(between(4, 6)).centroidMm[0], 5);
  assert.ok(centroidMm[0] > 1.5 && centroidMm[0] < 1.7);
});

test('a dose is interpolated between voxel centres and unknown beyond them', () => {
  const volume = { grid: GRID, data: Float64Array.from(ramp(Float32Array)) };
  assert.equal(valueAt(volume, [4.25, 3, 19]), 4.25);
  assert.equal(valueAt(volume, [19, 0.5, 7]), 19);
  assert.equal(valueAt(volume, [19.5, 3, 3]), undefined);
  const doseAt = (point: Vec3) => valueAt(volume, point);
  assert.equal(medianDoseGy(between(2, 6), doseAt), 4);
  assert.equal(
    medianDoseGy(ball(GRID, [5, 5, 5], 2), () => undefined),
    undefined,
  );
});

test('the HU of air and of tissue are estimated where each is common', () => {
  const flat = new Int16Array(8000).fill(-1000).fill(42, 4000, 7900).fill(3000, 7900);
  assert.deepEqual(huFacts({ grid: GRID, data: flat }, 2500), {
    hasAir: true,
    airHu: -995,
    tissueHu: 45,
    metalCc: 0.1,
    metalMm: [9.5, 17, 19],
  });
  assert.equal(
    huFacts({ grid: GRID, data: new Int16Array(8000).fill(2500) }, 2500).metalCc,
    0,
    'metal is above the limit',
  );
  const coarse = { ...GRID, spacingMm: [2, 3, 5] as Vec3 };
  assert.ok(Math.abs(huFacts({ grid: coarse, data: flat }, 2500).metalCc - 3) < 1e-12, '100 voxels of 30 mm3');
  const lung = Int16Array.from({ length: 8000 }, (_, v) => -950 + (v % 500));
  assert.equal(huFacts({ grid: GRID, data: lung }, 2500).airHu, undefined);
  assert.equal(huFacts({ grid: GRID, data: new Int16Array(8000) }, 2500).hasAir, false);
  const speck = new Int16Array(8000);
  speck[17] = -500;
  assert.equal(huFacts({ grid: GRID, data: speck }, 2500).hasAir, true);
});

test('air in an outline is counted slice by slice, and padding beside it is not air', () => {
  const isBody = ([x, y, z]: number[]) => x >= 5 && x <= 14 && y >= 5 && y <= 14 && z >= 3 && z <= 12;
  const volume = (around: number) => ({
    grid: GRID,
    data: Int16Array.from({ length: 8000 }, (_, v) =>
      isBody([v % 20, Math.floor(v / 20) % 20, Math.floor(v / 400)]) ? 0 : around,
    ),
  });
  // Two of twelve columns hold air, those of the last slice one more.
  const outline = maskWhere(GRID, ([x, y, z]) => isBody([5, y, z]) && x >= 5 && x <= (z === 12 ? 17 : 16));
  const { outerAir, outerAirMm, reachesPadding } = outlineMeasures(outline, volume(-1000));
  assert.ok(Math.abs(outerAir - (9 * 20 + 30) / (9 * 120 + 130)) < 1e-12, `${outerAir}`);
  assert.deepEqual([outerAirMm, reachesPadding], [[16, 9.5, 12], false]);
  const padded = outlineMeasures(maskWhere(GRID, isBody), volume(-2000));
  assert.deepEqual([padded.outerAir, padded.reachesPadding], [0, true]);
});
