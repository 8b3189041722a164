import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { cleaned } from '#lib/segmentation/chain/clean-labels.ts';
import { labelsWithin } from '#lib/segmentation/chain/labels-within.ts';
import { labelsOnGrid, respaced } from '#lib/segmentation/chain/respace.ts';
import reference from './scipy-1.17.1.json' with { type: 'json' };

const { image, linear, nearest, within, clean } = reference;

function grid(size: number[], spacingMm: number[] = [1, 1, 1]): Grid {
  return { size: size as Vec3, spacingMm: spacingMm as Vec3, originMm: [0, 0, 0], direction: IDENTITY };
}

test('resampling to another spacing matches scipy, without the decimals', () => {
  const volume = { grid: grid(image.size, image.spacingMm), data: Int16Array.from(image.voxels) };
  const found = respaced(volume, linear.spacingMm as Vec3);
  assert.deepEqual(found.grid.size, linear.size);
  assert.deepEqual([...found.data], linear.voxels);
});

test('an image at the requested spacing is unchanged, fractions included', () => {
  const volume = { grid: grid([2, 1, 1], [1.5, 1.5, 1.5]), data: Float32Array.of(0.5, 1.25) };
  assert.deepEqual([...respaced(volume, [1.5, 1.5, 1.5]).data], [0.5, 1.25]);
});

test('labels are resampled back to the nearest voxel as in scipy', () => {
  const labels = { grid: grid(linear.size), data: Uint8Array.from(nearest.labels) };
  assert.deepEqual([...labelsOnGrid(labels, grid(image.size))], nearest.voxels);
});

test('labels stay within the number of dilation steps of scipy', () => {
  const mask = { grid: grid(within.size, [2, 3, 4]), data: Uint8Array.from(within.mask) };
  assert.deepEqual([...labelsWithin(Uint8Array.from(within.labels), mask, 3 * within.steps)], within.kept);
});

test('the largest component of a label is kept, or those above a size', () => {
  const step = {
    ...{ name: 's', networks: ['n'], labels: { trunk: 1, limbs: 2 }, spacing_mm: null, window_step: 0.5 },
    keep_largest: ['trunk'],
    smallest_mm3: { limbs: 8 * clean.moreThanVoxels },
  };
  const labels = { grid: grid(clean.size, [2, 2, 2]), data: Uint8Array.from(clean.labels) };
  assert.deepEqual([...cleaned(labels, step)], clean.kept);
});
