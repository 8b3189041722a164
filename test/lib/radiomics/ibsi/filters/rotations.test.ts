import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orientations, pool } from '#lib/radiomics/ibsi/filters/rotations.ts';
import { convolutionKernel, type Kernels } from '#lib/radiomics/ibsi/filters/separable.ts';

const [a, b, c] = [
  [1, 2, 5],
  [1, 3, 7],
  [2, 3, 9],
].map((filter) => convolutionKernel(filter));
const even = convolutionKernel([1, 2, 1]);
const odd = convolutionKernel([-1, 0, 1]);

/** Kernels, and how many differ among the right-angled rotations when sign does not count. */
const COUNTS: [string, Kernels, number, number][] = [
  ['three different kernels without symmetry', [a, b, c], 24, 24],
  ['two kernels in the plane', [a, b, undefined], 4, 4],
  ['an even kernel in the plane turns round into itself', [even, odd, undefined], 2, 4],
  ['an odd kernel along one axis', [odd, even, even], 3, 24],
  ['three equal even kernels', [even, even, even], 1, 24],
];

for (const [name, kernels, distinct, total] of COUNTS) {
  test(`${name}: ${distinct} filters for ${total} rotations`, () => {
    const found = orientations([kernels]);
    assert.equal(found.length, distinct);
    assert.equal(found.flatMap(({ signs }) => signs).length, total);
  });
}

test('rotations never mirror a set of three kernels', () => {
  const mirrored = JSON.stringify([{ ...a, offsets: a.offsets.map((offset) => -offset) }, b, c]);
  assert.ok(orientations([[a, b, c]]).every(({ filter }) => JSON.stringify(filter[0]) !== mirrored));
});

test('pooling reuses a response for its negative', () => {
  const found = orientations([[odd, even, even]]);
  const respond = () => Float64Array.of(-3, 2);
  assert.deepEqual(pool(found, 'max', respond), Float64Array.of(3, 2));
  assert.deepEqual(pool(found, 'average', respond), Float64Array.of(0, 0));
});
