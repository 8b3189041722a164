import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { type Grid, indexToPatient, type Mask } from '#lib/image/grid.ts';
import { countVoxels, cropMask, maskCentroidMm } from '#lib/image/mask.ts';
import { norm, subtract, type Vec3 } from '#lib/math/vec3.ts';
import type { Refusal } from '#lib/radiomics/region/status.ts';
import { type MaskChange, type PerturbedMask, perturbedMasks } from '#lib/robustness/perturb-mask.ts';
import { perturbationGrid } from '#lib/robustness/perturbation-grid.ts';
import { type StructureField, structureField } from '#lib/robustness/structure-field.ts';
import { ball, frame, maskWhere } from '#test/fixtures/masks.ts';

const RADIUS_MM = 15;
const STILL: MaskChange = {
  translationMm: [0, 0, 0],
  rotationDeg: 0,
  contour: 0,
  volumeChange: 0,
};
const SETTINGS = parseConfig({
  radiomics_robustness: {
    segmentation_perturbation: {
      intensity: 'aggressive',
      max_translation_mm: 4,
      n_random_contour_realizations: 2,
      contour_randomization_mm: 2,
      rotation_angles_deg: [0, 20],
    },
  },
}).radiomics_robustness.segmentation_perturbation;
const fields = new WeakMap<Mask, StructureField>();
const GRID = perturbationGrid(SETTINGS);

const GRIDS: Record<string, Grid> = {
  '1 mm': gridOf([1, 1, 1]),
  '3 mm slices': gridOf([1, 1, 3]),
  '5 mm slices': gridOf([1, 1, 5]),
  'oblique, 2 mm slices': { ...gridOf([0.9, 0.9, 2]), direction: frame([0.95, 0.2, -0.1], [-0.15, 0.96, 0.2]) },
  uneven: { ...gridOf([1, 1, 3]), sliceOffsetsMm: Float64Array.from({ length: 28 }, (_, k) => 2.5 * k + (k % 2)) },
};

/** On slices of 2 and 3 mm by turns the centroid weighs voxels of two sizes: twice the room. */
for (const [name, grid] of Object.entries(GRIDS)) {
  const mask = ball(grid, [0, 0, 0], RADIUS_MM);
  const count = countVoxels(mask);

  test(`no change returns the same mask (${name})`, () => {
    const { mask: found } = done(perturb(mask, {}));
    assert.deepEqual(found, cropMask(mask));
  });

  test(`volume changes are exact to the voxel and keep the centre (${name})`, () => {
    for (const volumeChange of [-0.3, -0.15, 0.15, 0.3]) {
      const { mask: found } = done(perturb(mask, { volumeChange }));
      assert.equal(countVoxels(found), Math.round(count * (1 + volumeChange)));
      assertCentre(found, centreOf(mask), name === 'uneven' ? 0.2 : 0.1);
    }
  });

  test(`a shift moves the centroid by the requested distance and keeps the volume (${name})`, () => {
    const shifts: Vec3[] = [
      [4, 0, 0],
      [0, -4, 0],
      [0, 0, 4],
      [0, 0, -4],
      [0, 0, 1],
      [0, 0, 2],
      [0.5, 0, 0],
      [0, 0, 0.7],
    ];
    for (const translationMm of shifts) {
      const { mask: found, displacementMm } = done(perturb(mask, { translationMm }));
      assert.equal(countVoxels(found), count);
      const expected = centreOf(mask).map((c, axis) => c + translationMm[axis]) as Vec3;
      assertCentre(found, expected, name === 'uneven' ? 0.1 : 0.05);
      const movedMm = norm(subtract(centreOf(found), centreOf(mask)));
      assert.ok(Math.abs(displacementMm - movedMm) < 1e-9, `${displacementMm} instead of ${movedMm}`);
    }
  });

  test(`a random contour moves in and out within its limit, and its volume follows its motion (${name})`, () => {
    for (const contour of [1, 2])
      for (let seed = 0; seed < 4; seed++) {
        const { mask: found, contourMeanMm, contourRmsMm } = done(perturb(mask, { contour }, seed));
        assert.ok(contourRmsMm > Math.abs(contourMeanMm) && contourRmsMm < 2, `${contourMeanMm}, ${contourRmsMm}`);
        // Of a ball's radius r + u the mean of (1 + u / r)^3 over the surface, but for the third moment of u.
        const [mean, square] = [contourMeanMm / RADIUS_MM, (contourRmsMm / RADIUS_MM) ** 2];
        const growth = countVoxels(found) / count - 1;
        assert.ok(Math.abs(growth - 3 * mean - 3 * square) < 0.02, `${growth} instead of ${3 * mean + 3 * square}`);
      }
  });
}

test('a shift by whole voxels copies the mask', () => {
  const mask = ball(GRIDS['3 mm slices'], [2, -3, 1], 11);
  const { mask: found } = done(perturb(mask, { translationMm: [-2, 1, 6] }));
  const { box, data } = cropMask(mask);
  assert.deepEqual(found.box, { ...box, start: [box.start[0] - 2, box.start[1] + 1, box.start[2] + 2] });
  assert.deepEqual(found.data, data);
});

test('a rotation turns an ellipsoid about its centroid, from x towards y', () => {
  const grid = GRIDS['3 mm slices'];
  const mask = maskWhere(grid, ([x, y, z]) => ((x - 3) / 20) ** 2 + ((y + 2) / 10) ** 2 + (z / 12) ** 2 <= 1);
  const { mask: found } = done(perturb(mask, { rotationDeg: 20 }));
  assert.equal(countVoxels(found), countVoxels(mask));
  assertCentre(found, centreOf(mask), 0.1);
  const turned = longAxisDeg(found) - longAxisDeg(mask);
  assert.ok(Math.abs(turned - 20) < 0.5, `turned by ${turned} degrees`);
});

test('shrinking removes as much from below as from above', () => {
  const mask = ball(gridOf([1, 1, 3]), [0, 0, 0], RADIUS_MM);
  const { mask: found } = done(perturb(mask, { volumeChange: -0.15 }));
  const lost = { above: countAbove(mask) - countAbove(found), all: countVoxels(mask) - countVoxels(found) };
  assert.ok(lost.above > 0.45 * lost.all && lost.above < 0.55 * lost.all, `${lost.above} of ${lost.all}`);
});

test('the same seed gives the same contour, another seed another', () => {
  const mask = ball(GRIDS['3 mm slices'], [0, 0, 0], RADIUS_MM);
  const shiftOf = (seed: number, contour: number) => done(perturb(mask, { contour }, seed)).contourMeanMm;
  assert.equal(shiftOf(5, 2), shiftOf(5, 2));
  assert.notEqual(shiftOf(5, 1), shiftOf(6, 1));
  assert.notEqual(shiftOf(5, 1), shiftOf(5, 2));
});

test('inward and outward contours are about equally frequent, for any motion', () => {
  const mask = ball(gridOf([3, 3, 3]), [0, 0, 0], RADIUS_MM);
  for (const translationMm of [
    [0, 0, 0],
    [0, 0, 3],
  ] as Vec3[]) {
    let outward = 0;
    for (let seed = 0; seed < 60; seed++) {
      if (done(perturb(mask, { contour: 1, translationMm }, seed)).contourMeanMm > 0) outward++;
    }
    assert.ok(outward > 15 && outward < 45, `${outward} of 60`);
  }
});

const REFUSALS: [string, Mask, Partial<MaskChange>, RegExp][] = [
  [
    'a shift out of the image',
    ball(gridOf([1, 1, 3]), [0, 0, 26], RADIUS_MM),
    { translationMm: [0, 0, 4] },
    /voxels would lie outside the image/,
  ],
  [
    'a shift too small for few voxels',
    maskWhere(gridOf([3, 3, 3]), (p) => norm(p) < 4),
    { translationMm: [0, 0, 0.3] },
    /misses a motion of 0.30 mm by 0.\d\d mm: the structure has too few voxels of 3 x 3 x 3 mm/,
  ],
  [
    'a change of too few voxels',
    ball(gridOf([1, 1, 1]), [0, 0, 0], 1.2),
    { volumeChange: 0.15 },
    /at least 10 are needed/,
  ],
  ['a contour that leaves nothing', maskWhere(gridOf([3, 3, 3]), (p) => norm(p) < 1.5), { contour: 1 }, /16 draws/],
];

for (const [what, mask, perturbation, reason] of REFUSALS)
  test(`${what} is refused with the reason`, () => {
    let seed = 0;
    let found = perturb(mask, perturbation, seed);
    while (perturbation.contour && !('status' in found) && seed < 20) found = perturb(mask, perturbation, ++seed);
    assert.ok('status' in found, 'was not refused');
    assert.match(found.reason, reason);
  });

function perturb(mask: Mask, change: Partial<MaskChange>, seed = 1): PerturbedMask | Refusal {
  const field = fields.get(mask) ?? structureField(mask, GRID, SETTINGS);
  fields.set(mask, field);
  return perturbedMasks(field, [{ ...STILL, ...change }], { reachMm: 2, seed })[0];
}

function done(found: PerturbedMask | Refusal): PerturbedMask {
  if ('status' in found) assert.fail(found.reason);
  return found;
}

/** Centred on the origin, 75 mm or more along every axis. */
function gridOf(spacingMm: Vec3): Grid {
  const size = spacingMm.map((step) => Math.ceil(76 / step) + 2) as Vec3;
  const originMm = size.map((n, axis) => 0.2 - ((n - 1) / 2) * spacingMm[axis]) as Vec3;
  return { size, originMm, spacingMm, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

function centreOf(mask: Mask): Vec3 {
  return maskCentroidMm(mask) as Vec3;
}

function assertCentre(mask: Mask, expected: Vec3, toleranceMm: number): void {
  const offMm = norm(subtract(centreOf(mask), expected));
  assert.ok(offMm <= toleranceMm, `the centroid is off by ${offMm} mm`);
}

function countAbove(mask: Mask): number {
  return voxelsOf(mask).filter(([, , z]) => z > 0.2).length + voxelsOf(mask).filter(([, , z]) => z === 0.2).length / 2;
}

/** Direction of the long axis in the xy plane, from the second moments. */
function longAxisDeg(mask: Mask): number {
  const centre = centreOf(mask);
  let [xx, yy, xy] = [0, 0, 0];
  for (const voxel of voxelsOf(mask)) {
    const [x, y] = subtract(voxel, centre);
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  return (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI);
}

function voxelsOf({ grid, box, data }: Mask): Vec3[] {
  const [nx, ny] = box.size;
  return Array.from(data).flatMap((inside, v) => {
    const index = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    return inside ? [indexToPatient(grid, index.map((i, axis) => i + box.start[axis]) as Vec3)] : [];
  });
}
