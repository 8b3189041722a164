import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, Grid } from '#lib/image/grid.ts';
import { countMissing, missingInGaps, missingOffsetsMm } from '#lib/image/missing-slices.ts';
import { IDENTITY } from '#lib/math/vec3.ts';

const gridAt = (offsets: number[], spacing = 3): Grid => ({
  size: [4, 4, offsets.length],
  originMm: [0, 0, 0],
  spacingMm: [1, 1, spacing],
  direction: IDENTITY,
  sliceOffsetsMm: Float64Array.from(offsets),
});

for (const [name, gaps, missing] of [
  ['a double gap lacks one slice, a triple one two', [3, 6, 3, 9, 3], [0, 1, 0, 2, 0]],
  ['two double gaps in a row lack one each', [3, 6, 6, 3], [0, 1, 1, 0]],
  ['three in a row are slices of another distance', [3, 6, 6, 6, 3], [0, 0, 0, 0, 0]],
  ['a gap that is no multiple lacks none', [3, 4.5, 3], [0, 0, 0]],
  ['5 % of a gap is rounding', [3, 6.14, 3], [0, 1, 0]],
] as const)
  test(`missing slices: ${name}`, () => assert.deepEqual(missingInGaps(gaps, 3), missing));

test('missing slices: known ones are counted once, and existing ones never', () => {
  assert.deepEqual(missingOffsetsMm(gridAt([0, 3, 9, 12]), [6.1, -3, 12]), [-3, 6.1]);
  assert.deepEqual(missingOffsetsMm(gridAt([0, 3, 12]), []), [6, 9]);
});

test('missing slices: a box counts those inside and next to it', () => {
  const grid = gridAt([0, 3, 9, 12, 15]);
  const box = (first: number, count: number) => ({ start: [0, 0, first], size: [4, 4, count] }) as Box;
  assert.equal(countMissing(grid, [6], box(0, 2)), 1);
  assert.equal(countMissing(grid, [6], box(1, 2)), 1);
  assert.equal(countMissing(grid, [6], box(3, 2)), 0);
  assert.equal(countMissing(grid, [18], box(3, 2)), 1);
});
