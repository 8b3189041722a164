import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf, covers } from '#lib/image/coverage.ts';
import { type Grid, indexToPatient, type Mask } from '#lib/image/grid.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';

function grid(size: Vec3, originMm: Vec3, spacingMm: Vec3 = [1, 1, 1]): Grid {
  return { size, originMm, spacingMm, direction: IDENTITY };
}

function cube(start: Vec3, side: number): Mask {
  return {
    grid: grid([20, 20, 20], [0, 0, 0]),
    box: { start, size: [side, side, side] },
    data: new Uint8Array(side ** 3).fill(1),
  };
}

test('a mask within the grid is fully covered, a mask beside it not at all', () => {
  assert.equal(coverageOf(cube([5, 5, 5], 4), grid([4, 4, 4], [5, 5, 5])), 1);
  assert.equal(coverageOf(cube([0, 0, 0], 4), grid([4, 4, 4], [5, 5, 5])), 0);
});

test('coverage counts voxel centres', () => {
  assert.equal(coverageOf(cube([4, 4, 4], 4), grid([10, 10, 10], [6, 0, 0])), 0.5);
  assert.equal(coverageOf(cube([4, 4, 4], 4), grid([3, 3, 3], [5.5, 5.5, 5.5])), 8 / 64);
});

test('an empty mask has no coverage', () => {
  const empty: Mask = { ...cube([0, 0, 0], 2), data: new Uint8Array(8) };
  assert.ok(Number.isNaN(coverageOf(empty, grid([4, 4, 4], [5, 5, 5]))));
});

test('rows across a tilted grid with uneven slices are counted as their voxels are', () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const tilted: Grid = {
    ...grid([9, 8, 4], [3, 2, 4], [1.3, 0.9, 2]),
    direction: [c, -s, 0, s, c, 0, 0, 0, 1],
    sliceOffsetsMm: Float64Array.of(0, 2, 5, 6.5),
  };
  const mask = cube([1, 1, 1], 17);
  let covered = 0;
  for (let n = 0; n < 17 ** 3; n++) {
    const voxel: Vec3 = [1 + (n % 17), 1 + (Math.floor(n / 17) % 17), 1 + Math.floor(n / 17 ** 2)];
    if (covers(tilted, indexToPatient(mask.grid, voxel))) covered++;
  }
  assert.ok(covered > 100);
  assert.equal(coverageOf(mask, tilted), covered / 17 ** 3);
});
