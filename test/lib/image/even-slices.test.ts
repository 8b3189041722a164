import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenSlicesAround } from '#lib/image/even-slices.ts';
import type { Grid, Mask, Volume } from '#lib/image/grid.ts';
import { maskVolumeCc } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';

/** Slices 2 mm apart up to 8, then 5 mm apart. */
const OFFSETS = [0, 2, 4, 6, 8, 13, 18, 23, 28];
const GRID: Grid = {
  size: [2, 2, OFFSETS.length],
  originMm: [10, 20, 30],
  spacingMm: [1, 1, 5],
  direction: IDENTITY,
  sliceOffsetsMm: Float64Array.from(OFFSETS),
};
const IMAGE: Volume = { grid: GRID, data: Int16Array.from({ length: 36 }, (_, v) => v >> 2) };

function slicesMask(first: number, count: number): Mask {
  return { grid: GRID, box: { start: [0, 0, first], size: [2, 2, count] }, data: new Uint8Array(4 * count).fill(1) };
}

for (const [name, first, count, size, originMm, spacing, voxels] of [
  ['the thin part', 1, 2, 4, 30, 2, [0, 1, 2, 3]],
  ['the thick part', 6, 2, 4, 43, 5, [5, 6, 7, 8]],
  ['one slice between both', 4, 1, 1, 38, 3.5, [4]],
] as const)
  test(`a region in ${name} is counted on its even slices`, () => {
    const even = evenSlicesAround(IMAGE, slicesMask(first, count));
    assert.ok('image' in even);
    const { grid, data } = even.image;
    assert.equal(grid.sliceOffsetsMm, undefined);
    assert.deepEqual([grid.size[2], grid.originMm[2], grid.spacingMm[2]], [size, originMm, spacing]);
    assert.deepEqual([...new Set(data)], voxels);
    assert.ok(Math.abs(maskVolumeCc(even.mask) - (4 * count * spacing) / 1000) < 1e-12, 'each slice by its thickness');
  });

test('a region on slices of two thicknesses is not counted', () => {
  assert.deepEqual(evenSlicesAround(IMAGE, slicesMask(3, 3)), { leastMm: 2, mostMm: 5 });
});

test('an even image is returned unchanged', () => {
  const { sliceOffsetsMm: _, ...grid } = GRID;
  const image = { ...IMAGE, grid };
  assert.equal((evenSlicesAround(image, { ...slicesMask(0, 9), grid }) as { image: Volume }).image, image);
});
