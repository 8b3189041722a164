import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BadInput } from '#lib/errors.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { postprocess, readPostprocessing } from '#lib/segmentation/nnunet/postprocessing.ts';

const peer = JSON.parse(readFileSync(new URL('./postprocessing-2.8.1.json', import.meta.url), 'utf8'));
const labels = [1, 2, 3].map((value) => ({ value, name: `class ${value}` }));
const voxels = (text: string) => Uint8Array.from(text, Number);

test('postprocessing of all labels, one label and a region keeps the voxels that nnU-Net keeps', () => {
  const grid = { size: peer.size, spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: IDENTITY };
  const before = { volume: { grid, data: voxels(peer.before) }, labels } as Parameters<typeof postprocess>[0];
  const { volume } = postprocess(before, readPostprocessing(peer.postprocessing));
  assert.deepEqual(volume.data, voxels(peer.after));
  assert.notEqual(peer.before, peer.after);
  assert.deepEqual(before.volume.data, voxels(peer.before));
});

test('a label that was not found stays absent, and components of equal size both stay', () => {
  const grid = { size: [5, 1, 1], spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: IDENTITY };
  const map = { volume: { grid, data: voxels('10101') }, labels } as Parameters<typeof postprocess>[0];
  assert.deepEqual(postprocess(map, [new Set([2]), new Set([1])]).volume.data, voxels('10101'));
});

test('unknown postprocessing steps are refused', () => {
  const settings = [{ labels_or_regions: 1 }];
  const unknown = { postprocessing_fns: ['fill_holes'], postprocessing_kwargs: settings };
  assert.throws(() => readPostprocessing(unknown), BadInput);
  assert.throws(() => readPostprocessing({ postprocessing_fns: [], postprocessing_kwargs: settings }), BadInput);
});
