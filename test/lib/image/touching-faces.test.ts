import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { touchingFaces } from '#lib/image/touching-faces.ts';
import { IDENTITY, type Mat3, type Vec3 } from '#lib/math/vec3.ts';

function box(start: Vec3, size: Vec3, direction: Mat3 = IDENTITY, gridSize: Vec3 = [10, 10, 10]): Mask {
  const grid: Grid = { size: gridSize, originMm: [0, 0, 0], spacingMm: [1, 1, 1], direction };
  return { grid, box: { start, size }, data: new Uint8Array(size[0] * size[1] * size[2]).fill(1) };
}

const SAGITTAL: Mat3 = [0, 0, 1, 1, 0, 0, 0, -1, 0];

const cases: [string, Mask, string[]][] = [
  ['inside, no face', box([1, 1, 1], [8, 8, 8]), []],
  ['at the first column, the right of the patient', box([0, 1, 1], [2, 2, 2]), ['right']],
  ['at the last row, behind', box([1, 8, 1], [2, 2, 2]), ['posterior']],
  ['through all slices, both ends', box([1, 1, 0], [2, 2, 10]), ['inferior', 'superior']],
  [
    'sagittal slices, columns from front to back, rows from top to bottom',
    box([0, 8, 1], [1, 2, 2], SAGITTAL),
    ['anterior', 'inferior'],
  ],
  ['a single slice has no ends', box([1, 1, 0], [2, 2, 1], IDENTITY, [10, 10, 1]), []],
];

for (const [title, mask, expected] of cases) {
  test(`faces of the grid that a mask touches: ${title}`, () => assert.deepEqual(touchingFaces(mask), expected));
}
