import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countVoxels } from '#lib/image/mask.ts';
import { labelMask, labelsOf } from '#lib/radiomics/label-mask.ts';
import { plainGrid } from './random-region.ts';

const grid = plainGrid([3, 2, 1]);
const labelMap = { grid, data: Int16Array.of(7, 0, 2, 2, -1, 2) };

test('the labels of a map are found', () => {
  assert.deepEqual(labelsOf(labelMap), [-1, 2, 7]);
  assert.deepEqual(labelsOf({ grid, data: new Int16Array(6) }), []);
});

test('a label is a region', () => {
  const mask = labelMask(labelMap, 2);
  assert.ok(!('status' in mask));
  assert.equal(countVoxels(mask), 3);
});

test('a label that is not there is refused with those that are', () => {
  assert.deepEqual(labelMask(labelMap, 1), {
    status: 'failed',
    reason: 'label 1 is not in the label map, which has -1, 2, 7',
  });
  assert.deepEqual(labelMask({ grid, data: new Int16Array(6) }, 1), {
    status: 'empty',
    reason: 'the label map has no label',
  });
});
