import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { type Grid, indexToPatient, type Mask } from '#lib/image/grid.ts';
import { countVoxels, cropMask, maskCentroidMm } from '#lib/image/mask.ts';
import { norm, subtract, type Vec3 } from '#lib/math/vec3.ts';
import type { Refusal } from '#lib/radiomics/region/status.ts';
import { type PerturbedMask, perturbMask } from '#lib/robustness/perturb-mask.ts';
import { type Perturbation, perturbationGrid } from '#lib/robustness/perturbation-grid.ts';
import { type StructureField, structureField } from '#lib/robustness/structure-field.ts';
import { ball, frame, maskWhere } from '#test/fixtures/masks.ts';

const RADIUS_MM = 15;
const STILL: Omit<Perturbation, 'id'> = {
  noiseHu: 0,
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
const GRID = perturbationGrid(SETTINGS);

const GRIDS: Record<string, Grid> = {
  '1 mm': gridOf([1, 1, 1]),
  '3 mm slices': gridOf([1, 1, 3]),
  '5 mm slices': gridOf([1, 1, 5]),
  'oblique, 2 mm slices': { ...gridOf([0.9, 0.9, 2]), direction: frame([0.95, 0.2, -0.1], [-0.15, 0.96, 0.2]) },
  uneven: { ...gridOf([1, 1, 3]), sliceOffsetsMm: Float64Array.from({ length: 28 }, (_, k) => 2.5 * k + (k % 2)) },
};

for (const [name, grid] of Object.entries(GRIDS)) {
  const mask = ball(grid, [0, 0, 0], RADIUS_MM);
  const count = countVoxels(mask);

  test(`without change the mask is the same (${name})`, () => {
    const { mask: found } = done(perturb(mask, {}));
    assert.deepEqual(found, cropMask(mask));
  });

  test(`volume changes are exact to the voxel and the ball stays where it is (${name})`, () => {
    for (const volumeChange of [-0.3, -0.15, 0.15, 0.3]) {
      const { mask: found } = done(perturb(mask, { volumeChange }));
      assert.equal(countVoxels(found), Math.round(count * (1 + volumeChange)));
      assertCentre(found, centreOf(mask), 0.2 * grid.spacingMm[2]);
    }
  });

  test(`a shift moves the centroid and keeps the volume (${name})`, () => {
    const shifts: Vec3[] = [
      [4, 0, 0],
      [0, -4, 0],
      [0, 0, 4],
      [0, 0, -4],
      [0.5, 0, 0],
      [0, 0, 0.7],
    ];
    for (const translationMm of shifts) {
      const { mask: found } = done(perturb(mask, { translationMm }));
      assert.equal(countVoxels(found), count);
      const expected = centreOf(mask).map((c, axis) => c + translationMm[axis]) as Vec3;
      assertCentre(found, expected, 0.25 * grid.spacingMm[2]);
    }
  });

  test(`a contour moves by as much as was drawn, all around (${name})`, () => {
    for (const contour of [1, 2])
      for (let seed = 0; seed < 4; seed++) {
        const { mask: found, contourShiftMm } = done(perturb(mask, { contour }, seed));
        assert.ok(Math.abs(contourShiftMm) >= 1 && Math.abs(contourShiftMm) <= 2);
        const layerMm = Math.cbrt(countVoxels(found) / count) * RADIUS_MM - RADIUS_MM;
        assert.ok(Math.abs(layerMm - contourShiftMm) < 0.6, `${layerMm} mm instead of ${contourShiftMm}`);
        assertCentre(found, centreOf(mask), 0.2 * grid.spacingMm[2]);
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

test('shrinking takes as much from below as from above', () => {
  const mask = ball(gridOf([1, 1, 3]), [0, 0, 0], RADIUS_MM);
  const { mask: found } = done(perturb(mask, { volumeChange: -0.15 }));
  const lost = { above: countAbove(mask) - countAbove(found), all: countVoxels(mask) - countVoxels(found) };
  assert.ok(lost.above > 0.35 * lost.all && lost.above < 0.65 * lost.all, `${lost.above} of ${lost.all}`);
});

test('the same seed gives the same contour, another seed another', () => {
  const mask = ball(GRIDS['3 mm slices'], [0, 0, 0], RADIUS_MM);
  const shiftOf = (seed: number, contour: number) => done(perturb(mask, { contour }, seed)).contourShiftMm;
  assert.equal(shiftOf(5, 2), shiftOf(5, 2));
  assert.notEqual(shiftOf(5, 1), shiftOf(6, 1));
  assert.notEqual(shiftOf(5, 1), shiftOf(5, 2));
});

test('inward and outward contours are drawn about equally often, whatever the motion', () => {
  const mask = ball(gridOf([3, 3, 3]), [0, 0, 0], RADIUS_MM);
  for (const translationMm of [
    [0, 0, 0],
    [0, 0, 3],
  ] as Vec3[]) {
    let outward = 0;
    for (let seed = 0; seed < 60; seed++) {
      if (done(perturb(mask, { contour: 1, translationMm }, seed)).contourShiftMm > 0) outward++;
    }
    assert.ok(outward > 15 && outward < 45, `${outward} of 60`);
  }
});

const REFUSALS: [string, Mask, Partial<Perturbation>, RegExp][] = [
  [
    'a shift out of the image',
    ball(gridOf([1, 1, 3]), [0, 0, 26], RADIUS_MM),
    { translationMm: [0, 0, 4] },
    /voxels would lie outside of the image/,
  ],
  [
    'a shift too small for thick slices with straight sides',
    maskWhere(gridOf([1, 1, 5]), ([x, y, z]) => Math.hypot(x, y) <= 10 && Math.abs(z) <= 15),
    { translationMm: [0, 0, 0.5] },
    /changes no voxel of 1 x 1 x 5 mm/,
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

const fields = new WeakMap<Mask, StructureField>();

function perturb(mask: Mask, change: Partial<Perturbation>, seed = 1): PerturbedMask | Refusal {
  const field = fields.get(mask) ?? structureField(mask, GRID, SETTINGS);
  fields.set(mask, field);
  return perturbMask(field, { id: 'test', ...STILL, ...change }, 2, seed);
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
