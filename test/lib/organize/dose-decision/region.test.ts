import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridExtent, overlapFraction } from '#lib/organize/dose-decision/grid-extent.ts';
import type { DoseGrid } from '#lib/rt/dose-header.ts';

const GRID: DoseGrid = {
  rows: 11,
  columns: 21,
  frames: 3,
  pixelSpacingMm: [2, 3],
  positionMm: [10, 20, 30],
  orientation: [1, 0, 0, 0, 1, 0],
  frameOffsetsMm: [0, 5, 10],
};

const EXTENTS = [
  { title: 'axial', change: {}, low: [10, 20, 30], high: [70, 40, 40] },
  { title: 'descending frames', change: { frameOffsetsMm: [0, -5, -10] }, low: [10, 20, 20], high: [70, 40, 30] },
  { title: 'frames as z coordinates', change: { frameOffsetsMm: [30, 35, 40] }, low: [10, 20, 30], high: [70, 40, 40] },
  { title: 'prone', change: { orientation: [-1, 0, 0, 0, -1, 0] }, low: [-50, 0, 30], high: [10, 20, 40] },
  {
    title: 'feet first, frames as z coordinates that ascend against the normal',
    change: { orientation: [-1, 0, 0, 0, 1, 0], frameOffsetsMm: [30, 35, 40] },
    low: [-50, 20, 30],
    high: [10, 40, 40],
  },
  { title: 'sagittal', change: { orientation: [0, 1, 0, 0, 0, -1] }, low: [0, 20, 10], high: [10, 80, 30] },
  { title: 'one frame', change: { frames: 1, frameOffsetsMm: [] }, low: [10, 20, 30], high: [70, 40, 30] },
];

for (const { title, change, low, high } of EXTENTS) {
  test(`the extent of a grid: ${title}`, () => {
    assert.deepEqual(gridExtent({ ...GRID, ...change }), { low, high });
  });
}

test('a grid without position has no extent', () => {
  assert.equal(gridExtent({ ...GRID, positionMm: [] }), undefined);
});

test('overlap is measured relative to the smaller box', () => {
  const large = { low: [0, 0, 0], high: [100, 100, 100] };
  assert.equal(overlapFraction(large, { low: [10, 10, 10], high: [20, 20, 20] }), 1);
  assert.equal(overlapFraction(large, { low: [90, 0, 0], high: [110, 20, 20] }), 0.5);
  assert.equal(overlapFraction(large, { low: [101, 0, 0], high: [110, 20, 20] }), 0);
  assert.equal(overlapFraction(large, { low: [0, 0, 50], high: [50, 50, 50] }), 1, 'a single frame inside');
});
