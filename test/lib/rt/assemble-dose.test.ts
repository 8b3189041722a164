import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadInput } from '#lib/errors.ts';
import { type Grid, indexToPatient } from '#lib/image/grid.ts';
import { fromColumns, type Mat3, type Vec3 } from '#lib/math/vec3.ts';
import { assembleDose, assembledGrid } from '#lib/rt/assemble-dose.ts';
import type { Dose } from '#lib/rt/dose.ts';
import { planDose } from '../../fixtures/plan-dose.ts';

const AXIAL: Mat3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** Turned by 30 degrees about x. */
const TILTED = fromColumns([1, 0, 0], [0, Math.cos(Math.PI / 6), 0.5], [0, -0.5, Math.cos(Math.PI / 6)]);

/** A dose of 10 + x + 2 y + 3 z Gy on a grid. */
function part(originMm: Vec3, size: Vec3, spacingMm: Vec3 = [2, 3, 4], direction = AXIAL, uid = '1.1'): Dose {
  const grid: Grid = { size, originMm, spacingMm, direction };
  const data = new Float64Array(new SharedArrayBuffer(8 * size[0] * size[1] * size[2]));
  for (let n = 0; n < data.length; n++) {
    const index: Vec3 = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    data[n] = doseAt(indexToPatient(grid, index));
  }
  return planDose({ grid, data }, { sopInstanceUid: uid });
}

function doseAt([x, y, z]: Vec3): number {
  return 10 + x + 2 * y + 3 * z;
}

/** Every voxel holds the dose of the place where the grid says that it lies. */
function assertTrue({ volume: { grid, data } }: Dose, size: Vec3): void {
  assert.deepEqual(grid.size, size);
  for (let n = 0; n < data.length; n++) {
    const index: Vec3 = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    assert.ok(Math.abs(data[n] - doseAt(indexToPatient(grid, index))) < 1e-9, `voxel ${index}`);
  }
}

const ALONG = (k: number): Vec3 => [0, -0.5 * 4 * k, Math.cos(Math.PI / 6) * 4 * k];

const ARRANGEMENTS: [title: string, parts: Dose[], size: Vec3][] = [
  ['planes in any order', [8, 0, 12, 4].map((z) => part([0, 0, z], [5, 4, 1])), [5, 4, 4]],
  ['two boxes one above the other', [part([0, 0, 8], [5, 4, 2]), part([0, 0, 0], [5, 4, 2])], [5, 4, 4]],
  ['two boxes side by side', [part([10, 0, 0], [3, 4, 2]), part([0, 0, 0], [5, 4, 2])], [8, 4, 2]],
  ['four boxes in a square', [0, 10].flatMap((x) => [0, 12].map((y) => part([x, y, 0], [5, 4, 2]))), [10, 8, 2]],
  ['boxes that share planes with equal doses', [part([0, 0, 0], [5, 4, 3]), part([0, 0, 8], [5, 4, 3])], [5, 4, 5]],
  [
    'boxes of other distances of planes',
    [part([0, 0, 0], [5, 4, 3]), part([0, 0, 10], [5, 4, 3], [2, 3, 2])],
    [5, 4, 6],
  ],
  ['tilted planes', [2, 0, 1].map((k) => part(ALONG(k), [5, 4, 1], [2, 3, 4], TILTED)), [5, 4, 3]],
];

for (const [title, parts, size] of ARRANGEMENTS)
  test(`${title} are assembled to one dose, and every voxel keeps value and place`, () => {
    const whole = assembleDose(parts, '1.7');
    assertTrue(whole, size);
    assert.equal(whole.sopInstanceUid, '1.7');
    assert.deepEqual(assembledGrid(parts.map(({ volume }) => volume.grid)), whole.volume.grid);
  });

const REFUSED: [title: string, parts: Dose[]][] = [
  ['boxes that leave a corner open', [part([0, 0, 0], [5, 4, 2]), part([10, 12, 0], [5, 4, 2])]],
  ['boxes far apart', [part([0, 0, 0], [5, 4, 2]), part([0, 0, 100], [5, 4, 2])]],
  ['boxes half a voxel apart', [part([0, 0, 0], [5, 4, 2]), part([1, 0, 8], [5, 4, 2])]],
  ['boxes of other voxels', [part([0, 0, 0], [5, 4, 2]), part([0, 0, 8], [5, 4, 2], [2.5, 3, 4])]],
  ['a box that is turned', [part([0, 0, 0], [5, 4, 2]), part([0, 0, 8], [5, 4, 2], [2, 3, 4], TILTED)]],
];

for (const [title, parts] of REFUSED)
  test(`${title} are refused as one dose`, () => {
    assert.throws(() => assembleDose(parts, '1.7'), BadInput);
  });

test('parts that differ where they overlap are refused', () => {
  const other = part([0, 0, 8], [5, 4, 3]);
  other.volume.data[0] += 1;
  assert.throws(() => assembleDose([part([0, 0, 0], [5, 4, 3]), other], '1.7'), /differ where they overlap/);
});
