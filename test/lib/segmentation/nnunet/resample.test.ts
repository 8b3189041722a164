import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '#lib/segmentation/nnunet/array.ts';
import { resample, resampleLabels, shapeAt } from '#lib/segmentation/nnunet/resample.ts';
import labelReference from './labels-2.8.1.json' with { type: 'json' };
import reference from './nnunet-2.8.1.json' with { type: 'json' };

const SHAPE: Shape = [4, 5, 6];

/** The image that nnU-Net's functions were given. */
function image(): Float32Array {
  const data = new Float32Array(120);
  for (let x = 0, at = 0; x < 4; x++) {
    for (let y = 0; y < 5; y++) {
      for (let z = 0; z < 6; z++, at++)
        data[at] = (((x * 7 + y * 5 + z * 3) * 37) % 23) - 9.5 * Math.sin(x + 2 * y - z);
    }
  }
  return data;
}

test('cubic, linear and slice-by-slice resampling match nnU-Net', () => {
  for (const [name, { to, from, mm, order, values }] of Object.entries(reference.resampled)) {
    const rule = { order, separate: null };
    const found = resample(image(), SHAPE, to as Shape, from as Shape, mm as Shape, rule);
    const worst = Math.max(...found.map((value, v) => Math.abs(value - values[v])));
    assert.equal(found.length, values.length);
    assert.ok(worst < 5e-6, `${name}: ${worst}`);
  }
});

test('labels are resampled as in nnU-Net: slice by slice for long voxels, ties to the nearest', () => {
  for (const { shape, to, fromMm, toMm, labels, expected } of labelReference.cases) {
    const rule = { order: 1, separate: null };
    const given = Int32Array.from(labels);
    const found = resampleLabels(given, shape as Shape, to as Shape, fromMm as Shape, toMm as Shape, rule);
    assert.deepEqual([...found], expected, `${shape} to ${to}`);
  }
});

test('an image of the wanted size is unchanged', () => {
  const data = image();
  assert.equal(resample(data, SHAPE, SHAPE, [1, 1, 1], [1, 1, 1], { order: 3, separate: null }), data);
});

test('the new size keeps the extent, with halves rounded to even as in Python', () => {
  assert.deepEqual(shapeAt([50, 128, 128], [4, 3.2, 3.2], [5, 5, 5]), [40, 82, 82]);
  assert.deepEqual(shapeAt([5, 7, 9], [2.5, 1, 1], [1, 2, 2]), [12, 4, 4]);
});
