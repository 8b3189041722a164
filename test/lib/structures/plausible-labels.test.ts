import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { implausibleLabels } from '#lib/structures/plausible-labels.ts';

/** Voxels of 1 cc, 40 to a side; LPS: the patient's left is at large x. */
const grid: Grid = { size: [40, 40, 40], spacingMm: [10, 10, 10], originMm: [-200, -200, -200], direction: IDENTITY };

/** Boxes [label, first x, first voxel of y and z, side]. */
function drawn(boxes: [value: number, x: number, yz: number, side: number][]): Uint8Array {
  const data = new Uint8Array(40 ** 3);
  for (const [value, x, yz, side] of boxes)
    for (let k = yz; k < yz + side; k++)
      for (let j = yz; j < yz + side; j++) data.fill(value, x + 40 * (j + 40 * k), x + side + 40 * (j + 40 * k));
  return data;
}

function codes(names: string[], boxes: [number, number, number, number][]): string[] {
  const labels = names.map((name, i) => ({ value: i + 1, name }));
  return implausibleLabels(labels, { grid, data: drawn(boxes) }, '1.2').map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

test('a left structure on the right side of the patient is reported, in any spelling', () => {
  for (const [left, right] of [
    ['kidney_left', 'kidney_right'],
    ['Kidney_L', 'Kidney_R'],
    ['thing left', 'thing right'],
  ]) {
    assert.deepEqual(
      codes(
        [left, right],
        [
          [1, 25, 10, 5],
          [2, 5, 10, 5],
        ],
      ),
      [],
    );
    assert.deepEqual(
      codes(
        [left, right],
        [
          [1, 5, 10, 5],
          [2, 25, 10, 5],
        ],
      ),
      [`SEGMENTED_SIDES_SWAPPED: ${left} lies 200 mm to the right of ${right}`],
    );
  }
});

test('the direction of the grid does not change the side', () => {
  const turned = { ...grid, originMm: [200, -200, -200] as [number, number, number], direction: [...IDENTITY] };
  turned.direction[0] = -1;
  const labels = ['lung_left', 'lung_right'].map((name, i) => ({ value: i + 1, name }));
  const data = drawn([
    [1, 5, 10, 10],
    [2, 25, 10, 10],
  ]);
  assert.deepEqual(implausibleLabels(labels, { grid: turned as Grid, data }, '1.2'), []);
});

test('an organ much larger or smaller than in adults is reported, unless the image cuts it', () => {
  assert.deepEqual(codes(['liver'], [[1, 5, 5, 12]]), []);
  assert.deepEqual(codes(['liver'], [[1, 5, 5, 20]]), [
    'SEGMENTED_VOLUME_IMPLAUSIBLE: liver has 8.00e+3 cc; in adults it has about 1715 cc',
  ]);
  assert.equal(codes(['liver'], [[1, 5, 5, 3]]).length, 1);
  assert.deepEqual(codes(['liver'], [[1, 0, 5, 3]]), []);
  assert.deepEqual(
    codes(
      ['urinary_bladder', 'own thing'],
      [
        [1, 5, 5, 1],
        [2, 20, 20, 1],
      ],
    ),
    [],
  );
});
