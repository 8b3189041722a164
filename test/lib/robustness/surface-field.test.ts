import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { boundingBox, growBox } from '#lib/image/box.ts';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { countVoxels, maskCentroidMm } from '#lib/image/mask.ts';
import { norm, subtract, type Vec3 } from '#lib/math/vec3.ts';
import { enclosedVoxels } from '#lib/robustness/enclosed-voxels.ts';
import { type MaskChange, perturbedMasks } from '#lib/robustness/perturb-mask.ts';
import { perturbationGrid } from '#lib/robustness/perturbation-grid.ts';
import { structureField } from '#lib/robustness/structure-field.ts';
import { surfaceField } from '#lib/robustness/surface-field.ts';
import { maskWhere } from '#test/fixtures/masks.ts';

/** Half axes in mm; each stands off the grid by a part of a voxel. */
const BODIES: [name: string, axes: Vec3][] = [
  ['ball of 10 mm', [10, 10, 10]],
  ['ball of 20 mm', [20, 20, 20]],
  ['ball of 40 mm', [40, 40, 40]],
  ['ellipsoid of 24, 15 and 18 mm', [24, 15, 18]],
];
const OFF = [0.3, 0.2, 0.4];
const SLICES_MM = [1, 3, 5];
const STILL: MaskChange = { translationMm: [0, 0, 0], rotationDeg: 0, contour: 0, volumeChange: 0 };
const SETTINGS = parseConfig({
  radiomics_robustness: { segmentation_perturbation: { max_translation_mm: 4 } },
}).radiomics_robustness.segmentation_perturbation;

for (const [name, axes] of BODIES)
  for (const sliceMm of SLICES_MM) {
    const mask = bodyOn(gridAround(axes, sliceMm), axes);

    test(`a surface moved by up to 2 mm has the volume of the parallel body to 2 % (${name}, ${sliceMm} mm slices)`, () => {
      const field = surfaceField(mask, growBox(boundingBox(mask), [8, 8, Math.ceil(8 / sliceMm) + 1]));
      assert.ok(Math.abs(enclosedVoxels(field, 0) / voxelsOf(field.data) - 1) < 0.01);
      for (const mm of [-2, -1, -0.5, 0.5, 1, 2]) {
        const growth = enclosedVoxels(field, mm) / enclosedVoxels(field, 0);
        const expected = parallelVolume(axes, mm) / parallelVolume(axes, 0);
        assert.ok(Math.abs(growth / expected - 1) < 0.02, `${mm} mm: ${growth} instead of ${expected}`);
      }
    });

    test(`a perturbed surface shifts, turns and shrinks as requested (${name}, ${sliceMm} mm slices)`, () => {
      const structure = structureField(mask, perturbationGrid(SETTINGS), SETTINGS);
      const change = (what: Partial<MaskChange>) => {
        return perturbedMasks(structure, [{ ...STILL, ...what }], { reachMm: 2, seed: 1 })[0];
      };
      const centre = maskCentroidMm(mask) as Vec3;
      const shrunk = change({ volumeChange: -0.15 });
      assert.ok('mask' in shrunk);
      assert.ok(norm(subtract(maskCentroidMm(shrunk.mask) as Vec3, centre)) < 0.1);
      const turned = change({ rotationDeg: 10 });
      assert.ok('mask' in turned);
      assert.ok(Math.abs(countVoxels(turned.mask) / countVoxels(mask) - 1) < 0.005);
      for (const [axis, mm] of [
        [0, 0.3],
        [1, -0.3],
        [2, 0.3],
        [2, 1],
        [2, -2],
      ]) {
        const translationMm: Vec3 = [0, 0, 0];
        translationMm[axis] = mm;
        const moved = change({ translationMm });
        assert.ok('mask' in moved, 'reason' in moved ? moved.reason : '');
        const off = norm(subtract(subtract(maskCentroidMm(moved.mask) as Vec3, centre), translationMm));
        assert.ok(off < 0.05, `axis ${axis}, ${mm} mm: off by ${off} mm`);
      }
    });
  }

/** Where a small body lies on its grid, in parts of a voxel. */
const PLACES = [OFF, [0, 0, 0], [0.5, 0.5, 0.5], [-0.25, 0.1, 0.2]];
/** What the mask of a ball of 5 mm can carry: one to three thick slices do not tell where its surface is (measured). */
const SHELL_OF_5_MM: Record<number, number> = { 1: 0.025, 3: 0.055, 5: 0.1 };

for (const sliceMm of SLICES_MM) {
  test(`a surface of a ball of 5 mm moves as precisely as its mask tells it (${sliceMm} mm slices)`, () => {
    const axes: Vec3 = [5, 5, 5];
    for (const place of PLACES) {
      const mask = bodyOn(gridAround(axes, sliceMm), axes, place);
      const field = surfaceField(mask, growBox(boundingBox(mask), [8, 8, Math.ceil(8 / sliceMm) + 1]));
      for (const mm of [-1, -0.5, 0.5, 1]) {
        const growth = enclosedVoxels(field, mm) / enclosedVoxels(field, 0);
        const off = Math.abs(growth / ((5 + mm) / 5) ** 3 - 1);
        assert.ok(off < SHELL_OF_5_MM[sliceMm], `${mm} mm: off by ${off}`);
      }
    }
  });

  test(`small bodies shift, turn and shrink as requested (${sliceMm} mm slices)`, () => {
    for (const axes of [
      [5, 5, 5],
      [6, 4, 5],
    ] as Vec3[])
      for (const place of PLACES) {
        const mask = bodyOn(gridAround(axes, sliceMm), axes, place);
        const centre = maskCentroidMm(mask) as Vec3;
        const structure = structureField(mask, perturbationGrid(SETTINGS), SETTINGS);
        const change = (what: Partial<MaskChange>) => {
          const [made] = perturbedMasks(structure, [{ ...STILL, ...what }], { reachMm: 2, seed: 1 });
          assert.ok('mask' in made, 'reason' in made ? made.reason : '');
          return made.mask;
        };
        const offMm = (mask: Mask, to: Vec3) => norm(subtract(subtract(maskCentroidMm(mask) as Vec3, centre), to));
        assert.ok(offMm(change({ volumeChange: -0.15 }), [0, 0, 0]) < 0.1);
        assert.equal(countVoxels(change({ rotationDeg: 10 })), countVoxels(mask));
        for (const translationMm of [
          [0.3, 0, 0],
          [0, -0.3, 0],
          [0, 0, 0.3],
        ] as Vec3[])
          assert.ok(offMm(change({ translationMm }), translationMm) < 0.05, `${translationMm}`);
      }
  });
}

function voxelsOf(data: Float32Array): number {
  return data.reduce((count, mm) => count + (mm < 0 ? 1 : 0), 0);
}

function gridAround(axes: Vec3, sliceMm: number): Grid {
  const spacingMm: Vec3 = [1, 1, sliceMm];
  const size = spacingMm.map((step, axis) => Math.ceil((2 * axes[axis] + 24) / step) + 2) as Vec3;
  const originMm = size.map((n, axis) => -((n - 1) / 2) * spacingMm[axis]) as Vec3;
  return { size, originMm, spacingMm, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

function bodyOn(grid: Grid, axes: Vec3, place = OFF) {
  const isInside = (p: Vec3) =>
    p.reduce((sum, x, axis) => sum + ((x - place[axis] * grid.spacingMm[axis]) / axes[axis]) ** 2, 0) <= 1;
  return maskWhere(grid, isInside);
}

/**
 * Steiner's formula: V + S m + M m^2 + 4 pi m^3 / 3, with M half the integral of twice the mean curvature, which is that of
 * the support function over the unit sphere. S and M by the midpoint rule over directions (n = 400 gives 1e-5).
 */
function parallelVolume([a, b, c]: Vec3, mm: number): number {
  const n = 400;
  let [surface, support] = [0, 0];
  for (let t = 0; t < n; t++)
    for (let f = 0; f < n; f++) {
      const [theta, phi] = [((t + 0.5) * Math.PI) / n, ((f + 0.5) * 2 * Math.PI) / n];
      const [x, y, z] = [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)];
      const weight = Math.sin(theta) * (Math.PI / n) * ((2 * Math.PI) / n);
      surface += weight * Math.hypot(b * c * x, a * c * y, a * b * z);
      support += weight * Math.hypot(a * x, b * y, c * z);
    }
  return (4 / 3) * Math.PI * (a * b * c + mm ** 3) + surface * mm + support * mm ** 2;
}
