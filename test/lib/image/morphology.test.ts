import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundingBox, boxOf } from '#lib/image/box.ts';
import { signedDistance } from '#lib/image/distance.ts';
import { type Grid, indexToPatient, type Mask } from '#lib/image/grid.ts';
import { fullMaskData, isInside, maskCentroidMm, maskVolumeCc } from '#lib/image/mask.ts';
import { dilate, erode, type Reach } from '#lib/image/morphology.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { ball, maskWhere, ODD_GRIDS, speckle } from '#test/fixtures/masks.ts';

const SKEWED: Reach = { up: [1.2, 4, 0], down: [3, 0.9, 5] };

for (const name of ['axial', 'oblique, uneven']) {
  const grid = ODD_GRIDS[name];
  test(`dilation and erosion equal their definition, voxel against voxel: ${name}`, () => {
    for (const reach of [evenReach(2.6), SKEWED]) {
      const mask = speckle(grid, 0.02, 21);
      assert.deepEqual(fullMaskData(dilate(mask, reach)), bruteDilate(mask, reach));
      const block = maskWhere(grid, (p) => Math.hypot(...p.map((x, a) => x - middle(grid)[a])) < 9);
      assert.deepEqual(fullMaskData(erode(block, reach)), bruteErode(block, reach));
    }
  });
}

test('a block grows and shrinks by its margin to the nearest voxel face, on each side by itself', () => {
  const grid: Grid = { size: [40, 40, 40], originMm: [0, 0, 0], spacingMm: [1, 1, 3], direction: IDENTITY };
  const block = blockOf([15, 15, 15], [8, 8, 8], grid);
  const cases: [Reach, Vec3, Vec3][] = [
    [evenReach(5), [5, 5, 2], [5, 5, 2]],
    [evenReach(4), [4, 4, 1], [4, 4, 1]],
    [{ up: [2, 0, 7], down: [0.4, 0.6, 10.6] }, [0, 1, 4], [2, 0, 2]],
  ];
  for (const [reach, before, after] of cases) {
    const grown = boundingBox(dilate(block, reach));
    assert.deepEqual(
      grown.start,
      before.map((voxels) => 15 - voxels),
    );
    assert.deepEqual(
      grown.size,
      before.map((voxels, axis) => 8 + voxels + after[axis]),
    );
  }
  const shrunk = boundingBox(erode(block, { up: [2, 0, 4], down: [1, 0, 7] }));
  assert.deepEqual(shrunk, { start: [16, 15, 17], size: [5, 8, 5] });
});

test('a ball grows to a ball whose surface is right to half a voxel', () => {
  for (const spacingMm of [
    [1, 1, 1],
    [0.977, 0.977, 3],
  ] as Vec3[]) {
    const grid: Grid = { size: [80, 80, 80], originMm: [-40, -40, -120], spacingMm, direction: IDENTITY };
    const start = ball(grid, [0.2, 0.3, 0.4], 15);
    const grown = dilate(start, evenReach(8));
    const half = Math.max(...spacingMm) / 2;
    const [sure, possible] = [ball(grid, [0.2, 0.3, 0.4], 23 - half), ball(grid, [0.2, 0.3, 0.4], 23 + half)].map(
      fullMaskData,
    );
    for (const [v, inside] of fullMaskData(grown).entries()) assert.ok(sure[v] <= inside && inside <= possible[v]);
  }
});

test('the signed distance is positive outside, negative inside, and knows the border of the grid as outside', () => {
  const grid: Grid = { size: [9, 9, 9], originMm: [0, 0, 0], spacingMm: [1, 2, 3], direction: IDENTITY };
  const { data } = signedDistance(blockOf([0, 2, 3], [5, 5, 3], grid));
  const at = (i: number, j: number, k: number) => data[i + 9 * (j + 9 * k)];
  assert.equal(at(2, 4, 4), -3);
  assert.equal(at(0, 4, 4), -1);
  assert.equal(at(4, 4, 4), -1);
  assert.equal(at(6, 4, 4), 2);
  assert.equal(at(2, 4, 8), 9);
  assert.ok(Math.abs(at(6, 8, 4) - Math.hypot(2, 4)) < 1e-6);
});

test('volume and centroid weigh each slice by its thickness', () => {
  const grid: Grid = { ...ODD_GRIDS['axial, uneven'] };
  const offsets = grid.sliceOffsetsMm as Float64Array;
  const mask = blockOf([2, 3, 1], [4, 5, 3], grid);
  const heights = [1, 2, 3].map((k) => (offsets[k + 1] - offsets[k - 1]) / 2);
  const height = heights.reduce((sum, h) => sum + h);
  assert.ok(Math.abs(maskVolumeCc(mask) - (20 * 0.9765625 * 1.3 * height) / 1000) < 1e-12);
  const z = heights.reduce((sum, h, n) => sum + h * offsets[n + 1], 0) / height - 640.3;
  const centroid = maskCentroidMm(mask) as Vec3;
  assert.ok(Math.abs(centroid[2] - z) < 1e-9);
  assert.ok(Math.abs(centroid[0] - (-31.25 + 3.5 * 0.9765625)) < 1e-9);
});

test('nothing grows from nothing', () => {
  const empty = speckle(ODD_GRIDS.axial, 0, 1);
  assert.equal(dilate(empty, evenReach(5)).data.length, 0);
  assert.equal(erode(empty, evenReach(5)).data.length, 0);
  assert.ok(signedDistance(empty, boxOf(empty.grid)).data.every((distance) => distance === Number.POSITIVE_INFINITY));
});

function middle(grid: Grid): Vec3 {
  return indexToPatient(grid, [8, 6, 4]);
}

function blockOf(start: Vec3, size: Vec3, grid: Grid): Mask {
  return { grid, box: { start, size }, data: new Uint8Array(size[0] * size[1] * size[2]).fill(1) };
}

/** A voxel is reached when an inside centre lies in the ellipsoid of its octant, half a voxel added to each semi-axis. */
function bruteDilate(mask: Mask, reach: Reach): Uint8Array {
  const seeds = voxelsOf(mask.grid).filter(([i, j, k]) => isInside(mask, i, j, k));
  return Uint8Array.from(voxelsOf(mask.grid), (v) =>
    seeds.some((seed) => reaches(seed, v, mask.grid, reach)) ? 1 : 0,
  );
}

function bruteErode(mask: Mask, reach: Reach): Uint8Array {
  const inward = { up: reach.down, down: reach.up };
  const outside = voxelsOf(mask.grid, 1).filter(([i, j, k]) => !isInside(mask, i, j, k));
  return Uint8Array.from(voxelsOf(mask.grid), ([i, j, k]) =>
    isInside(mask, i, j, k) && !outside.some((seed) => reaches(seed, [i, j, k], mask.grid, inward)) ? 1 : 0,
  );
}

function reaches(from: Vec3, to: Vec3, grid: Grid, reach: Reach): boolean {
  let cost = 0;
  for (let axis = 0; axis < 3; axis++) {
    if (to[axis] === from[axis]) continue;
    const way = Math.abs(place(grid, axis, to[axis]) - place(grid, axis, from[axis]));
    const mm = (to[axis] > from[axis] ? reach.up : reach.down)[axis];
    cost += mm > 0 ? (way / (mm + grid.spacingMm[axis] / 2)) ** 2 : Number.POSITIVE_INFINITY;
  }
  return cost <= 1 + 1e-5;
}

function place(grid: Grid, axis: number, v: number): number {
  const offsets = grid.sliceOffsetsMm;
  if (axis < 2 || !offsets) return v * grid.spacingMm[axis];
  const end = offsets.length - 1;
  if (v < 0) return v * (offsets[1] - offsets[0]);
  return v > end ? offsets[end] + (v - end) * (offsets[end] - offsets[end - 1]) : offsets[v];
}

/** All voxels in storage order, with a border around the grid if asked. */
function voxelsOf(grid: Grid, border = 0): Vec3[] {
  const range = (n: number) => Array.from({ length: n + 2 * border }, (_, v) => v - border);
  const [is, js, ks] = grid.size.map(range);
  return ks.flatMap((k) => js.flatMap((j) => is.map((i): Vec3 => [i, j, k])));
}

function evenReach(mm: number): Reach {
  return { up: [mm, mm, mm], down: [mm, mm, mm] };
}
