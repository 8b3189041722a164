import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsOf } from '#lib/radiomics/region/labels.ts';
import { plainGrid } from '../random-region.ts';

const grid = plainGrid([3, 2, 1]);
const labelMap = { grid, data: Int16Array.of(7, 0, 2, 2, -1, 2) };

test('the labels of a label map are found', () => {
  assert.deepEqual(labelsOf(labelMap), [-1, 2, 7]);
  assert.deepEqual(labelsOf({ grid, data: new Int16Array(6) }), []);
});
