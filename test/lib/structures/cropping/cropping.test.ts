import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOf } from '#lib/image/box.ts';
import { type Grid, indexToPatient, type Mask } from '#lib/image/grid.ts';
import { countVoxels, emptyMask, fullMaskData, isInside } from '#lib/image/mask.ts';
import { gridSuperiorExtent, superiorExtent } from '#lib/image/superior-extent.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import {
  type CropBoundaries,
  type CropOptions,
  type Landmarks,
  planCrop,
} from '#lib/structures/cropping/boundaries.ts';
import { croppedBox, cropToBoundaries } from '#lib/structures/cropping/crop.ts';
import { frame, maskWhere } from '#test/fixtures/masks.ts';

/** Voxel centres at z = -60, -58, ... 60 mm, whatever the order of storage. */
const GRIDS: Record<string, Grid> = {
  axial: gridOf([1, 0, 0], [0, 1, 0], [5, 5, 61], [2, 2, 2]),
  'axial, stored from head to foot': gridOf([-1, 0, 0], [0, 1, 0], [5, 5, 61], [2, 2, 2]),
  sagittal: gridOf([0, 1, 0], [0, 0, -1], [5, 61, 5], [2, 2, 2]),
  coronal: gridOf([1, 0, 0], [0, 0, -1], [5, 61, 5], [2, 2, 2]),
};
const OBLIQUE = gridOf([1, 0, 0], [0, 0.98, 0.2], [9, 9, 61], [2, 2, 2]);

/** Along z, in mm; the thorax has no C7, and the femurs end at different heights. */
const BODY = {
  vertebrae_L1: [20, 28],
  femur_left: [-48, -20],
  femur_right: [-44, -20],
  lung_upper_lobe_left: [40, 52],
  'total--lung_upper_lobe_right': [40, 54],
  Liver: [0, 24],
} as const;

const PLANS: [string, CropOptions, string[], number, string[], number, string[]][] = [
  [
    'pelvis with its own margin',
    { region: 'pelvis', inferiorMarginCm: 1 },
    ['vertebrae_L1'],
    28,
    ['femur_left', 'femur_right'],
    -58,
    [],
  ],
  [
    'pelvis: L1 never has a margin',
    { region: 'pelvis', superiorMarginCm: 2, inferiorMarginCm: 0 },
    ['vertebrae_L1'],
    28,
    ['femur_left', 'femur_right'],
    -48,
    [],
  ],
  [
    'pelvis: the margin of 10 cm ends with the image',
    { region: 'pelvis', inferiorMarginCm: null },
    ['vertebrae_L1'],
    28,
    ['femur_left', 'femur_right'],
    -148,
    [],
  ],
  [
    'thorax by the apex of the lungs',
    { region: 'thorax', superiorMarginCm: 0.4, inferiorMarginCm: 1 },
    ['lung_upper_lobe_left', 'total--lung_upper_lobe_right'],
    58,
    ['vertebrae_L1'],
    10,
    [],
  ],
];

for (const [gridName, grid] of Object.entries(GRIDS)) {
  for (const [name, options, top, superior, bottom, inferior, codes] of PLANS) {
    test(`${name}: ${gridName}`, () => {
      const { boundaries, findings } = planCrop(options, landmarksOn(grid, BODY), grid);
      assert.ok(boundaries);
      assertNear(boundaries.superior.requestedMm, superior);
      assertNear(boundaries.inferior.requestedMm, inferior);
      assert.deepEqual([boundaries.superior.landmarks, boundaries.inferior.landmarks], [top, bottom]);
      assert.equal(boundaries.inferior.clamped, inferior < -60);
      assertNear(boundaries.inferior.appliedMm, Math.max(inferior, -60));
      assertNear(boundaries.imageMm.superiorMm, 60);
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      );
    });
  }

  test(`kept voxels lie between the boundaries, and cropping again changes nothing: ${gridName}`, () => {
    const boundaries = planned(grid);
    const everything = maskWhere(grid, () => true);
    const once = cropToBoundaries(everything, boundaries);
    assert.deepEqual(
      fullMaskData(once.mask),
      fullMaskData(maskWhere(grid, ([, , z]) => z <= 28 + 1e-3 && z >= -58 - 1e-3)),
    );
    assert.equal(once.removedVoxels, countVoxels(everything) - countVoxels(once.mask));
    const twice = cropToBoundaries(once.mask, boundaries);
    assert.deepEqual(twice, { mask: once.mask, removedVoxels: 0 });
    assert.deepEqual(croppedBox(grid, boundaries), once.mask.box);
  });
}

test('on an oblique grid voxels are kept by their own height, and the box contains them', () => {
  const boundaries = planned(OBLIQUE);
  const { mask } = cropToBoundaries(
    maskWhere(OBLIQUE, () => true),
    boundaries,
  );
  const box = croppedBox(OBLIQUE, boundaries);
  for (let k = 0; k < 61; k++)
    for (let j = 0; j < 9; j++)
      for (let i = 0; i < 9; i++) {
        const z = indexToPatient(OBLIQUE, [i, j, k])[2];
        const inside = isInside(mask, i, j, k);
        assert.equal(inside, z <= boundaries.superior.appliedMm + 1e-6 && z >= boundaries.inferior.appliedMm - 1e-6);
        if (inside) assert.ok([i, j, k].every((v, axis) => v >= box.start[axis] && v < endOf(box)[axis]));
      }
  assert.ok(countVoxels(mask) > 0);
});

test('the image border replaces a missing landmark of the pelvis, and no other', () => {
  const grid = GRIDS.axial;
  const pelvis = planCrop({ region: 'pelvis' }, landmarksOn(grid, { femur_left: [-20, 0] }), grid);
  assert.deepEqual(pelvis.boundaries?.superior, {
    requestedMm: 60,
    appliedMm: 60,
    clamped: false,
    landmarks: [],
    marginMm: 0,
  });
  assert.deepEqual(
    pelvis.findings.map(({ code, severity }) => `${code} ${severity}`),
    ['CROP_AT_IMAGE_END warning'],
  );
  for (const region of ['thorax', 'abdomen', 'head_neck', 'brain'] as const) {
    const plan = planCrop({ region }, landmarksOn(grid, { femur_left: [-20, 0] }), grid);
    assert.equal(plan.boundaries, undefined);
    assert.ok(plan.findings.every(({ code, severity }) => code === 'CROP_LANDMARK_MISSING' && severity === 'error'));
  }
});

test('landmarks are found by name from any source, and an empty one does not count', () => {
  const grid = GRIDS.axial;
  const plan = planCrop(
    { region: 'brain' },
    [{ name: 'brain', mask: emptyMask(grid) }, ...landmarksOn(grid, { Gehirn: [10, 30] })],
    grid,
  );
  assert.deepEqual(plan.boundaries?.superior.landmarks, ['Gehirn']);
  assert.deepEqual([plan.boundaries?.superior.requestedMm, plan.boundaries?.inferior.requestedMm], [40, 0]);
  const neck = planCrop(
    { region: 'head_neck' },
    landmarksOn(grid, { brain: [30, 50], clavicula_left: [-20, -10] }),
    grid,
  );
  assert.equal(neck.boundaries?.inferior.requestedMm, -40);
});

test('a landmark cut by the image, and contradictory boundaries, are reported', () => {
  const grid = GRIDS.axial;
  const cut = planCrop({ region: 'brain' }, landmarksOn(grid, { brain: [10, 60] }), grid);
  assert.deepEqual(
    cut.findings.map(({ code }) => code),
    ['CROP_LANDMARK_CUT'],
  );
  const reversed = planCrop(
    { region: 'pelvis', inferiorMarginCm: 0 },
    landmarksOn(grid, { vertebrae_L1: [-40, -30], femur_left: [0, 20] }),
    grid,
  );
  assert.equal(reversed.boundaries, undefined);
  assert.deepEqual(
    reversed.findings.map(({ code }) => code),
    ['CROP_BOUNDARIES_REVERSED'],
  );
});

test('a grid and a full mask have the same extent along the patient', () => {
  for (const grid of [...Object.values(GRIDS), OBLIQUE]) {
    const [whole, mask] = [gridSuperiorExtent(grid), superiorExtent(maskWhere(grid, () => true))!];
    assertNear(whole.inferiorMm, mask.inferiorMm);
    assertNear(whole.superiorMm, mask.superiorMm);
  }
});

function planned(grid: Grid): CropBoundaries {
  return planCrop({ region: 'pelvis', inferiorMarginCm: 1 }, landmarksOn(grid, BODY), grid)
    .boundaries as CropBoundaries;
}

function landmarksOn(grid: Grid, heights: Record<string, readonly [number, number]>): Landmarks {
  return Object.entries(heights).map(([name, [low, high]]): { name: string; mask: Mask } => ({
    name,
    mask: maskWhere(grid, ([, , z]) => z >= low - 1e-6 && z <= high + 1e-6),
  }));
}

function gridOf(row: Vec3, col: Vec3, size: Vec3, spacingMm: Vec3): Grid {
  const direction = frame(row, col);
  const half = size.map((count, axis) => ((count - 1) / 2) * spacingMm[axis]);
  const originMm = [0, 1, 2].map(
    (p) => -[0, 1, 2].reduce((sum, axis) => sum + half[axis] * direction[3 * p + axis], 0),
  );
  return { size, originMm: originMm as Vec3, spacingMm, direction };
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
}
