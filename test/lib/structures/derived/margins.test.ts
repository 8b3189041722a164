import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Grid, indexToPatient, type Mask } from '#lib/image/grid.ts';
import { fullMaskData } from '#lib/image/mask.ts';
import { column, type Vec3 } from '#lib/math/vec3.ts';
import { applyMargins, type PatientMargins } from '#lib/structures/derived/margins.ts';
import { frame, maskWhere } from '#test/fixtures/masks.ts';

const NONE: PatientMargins = { anterior: 0, posterior: 0, left: 0, right: 0, superior: 0, inferior: 0 };
/** LPS: to the left x grows, to the back y, to the head z. */
const DIRECTIONS: [keyof PatientMargins, Vec3][] = [
  ['left', [1, 0, 0]],
  ['right', [-1, 0, 0]],
  ['posterior', [0, 1, 0]],
  ['anterior', [0, -1, 0]],
  ['superior', [0, 0, 1]],
  ['inferior', [0, 0, -1]],
];

const GRIDS: Record<string, Grid> = {
  'head first, supine': gridOf([1, 0, 0], [0, 1, 0]),
  'head first, prone': gridOf([-1, 0, 0], [0, -1, 0]),
  'feet first, supine': gridOf([-1, 0, 0], [0, 1, 0]),
  sagittal: gridOf([0, 1, 0], [0, 0, -1]),
  coronal: gridOf([1, 0, 0], [0, 0, -1]),
  oblique: gridOf([0.95, 0.25, -0.1], [-0.2, 0.96, 0.2]),
};

for (const [name, grid] of Object.entries(GRIDS)) {
  // Voxels: on the oblique grid both the start and the end of a way are rounded to a centre.
  const tolerance = name === 'oblique' ? 1 : 0.5;
  const box = boxMask(grid, 6);

  test(`a margin to one side moves only that side: ${name}`, () => {
    for (const [side] of DIRECTIONS) {
      const grown = extents(applyMargins(box, { ...NONE, [side]: 5 }));
      const shrunk = extents(applyMargins(box, { ...NONE, [side]: -3 }));
      const start = extents(box);
      for (const [other] of DIRECTIONS) {
        assertNear(
          grown[other] - start[other],
          other === side ? 5 : 0,
          tolerance * step(grid, other),
          `${side} ${other}`,
        );
        assertNear(
          shrunk[other] - start[other],
          other === side ? -3 : 0,
          tolerance * step(grid, other),
          `${side} ${other}`,
        );
      }
    }
  });

  test(`six different margins apply at once: ${name}`, () => {
    const margins = { anterior: 7, posterior: 2, left: 5, right: 1, superior: 6, inferior: 3 };
    const grown = extents(applyMargins(box, margins));
    const start = extents(box);
    for (const [side] of DIRECTIONS)
      assertNear(grown[side] - start[side], margins[side], tolerance * step(grid, side), side);
  });
}

test('a uniform margin of zero changes nothing', () => {
  const box = boxMask(GRIDS.oblique, 6);
  assert.equal(applyMargins(box, NONE), box);
});

test('growing and shrinking by the same margin restores a convex shape', () => {
  const box = boxMask(GRIDS.sagittal, 8);
  const margins = { anterior: 4, posterior: 4, left: 4, right: 4, superior: 4, inferior: 4 };
  const back = applyMargins(applyMargins(box, margins), negative(margins));
  assert.deepEqual(fullMaskData(back), fullMaskData(box));
});

function gridOf(row: Vec3, col: Vec3): Grid {
  const direction = frame(row, col);
  const size: Vec3 = [44, 40, 30];
  const spacingMm: Vec3 = [1, 1.2, 1.5];
  const half = size.map((count, axis) => ((count - 1) / 2) * spacingMm[axis]);
  const axes = ([0, 1, 2] as const).map((axis) => column(direction, axis));
  const origin = [0, 1, 2].map((p) => -axes.reduce((sum, along, axis) => sum + half[axis] * along[p], 0)) as Vec3;
  return { size, originMm: origin, spacingMm, direction };
}

/** Centres within a cube around the origin, whose sides face the patient's. */
function boxMask(grid: Grid, half: number): Mask {
  return maskWhere(grid, (p) => p.every((x) => Math.abs(x) <= half));
}

/** The farthest voxel centre in each direction of the patient, mm. */
function extents(mask: Mask): PatientMargins {
  const far = { ...NONE };
  for (const [side] of DIRECTIONS) far[side] = Number.NEGATIVE_INFINITY;
  const [nx, ny, nz] = mask.box.size;
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        if (mask.data[v] === 0) continue;
        const p = indexToPatient(mask.grid, [i + mask.box.start[0], j + mask.box.start[1], k + mask.box.start[2]]);
        for (const [side, d] of DIRECTIONS) far[side] = Math.max(far[side], p[0] * d[0] + p[1] * d[1] + p[2] * d[2]);
      }
  return far;
}

/** How far a voxel reaches in a direction of the patient, mm. */
function step(grid: Grid, side: keyof PatientMargins): number {
  const direction = DIRECTIONS.find(([name]) => name === side)![1];
  const parts = ([0, 1, 2] as const).map((axis) => {
    const along = column(grid.direction, axis);
    return Math.abs(along[0] * direction[0] + along[1] * direction[1] + along[2] * direction[2]) * grid.spacingMm[axis];
  });
  return Math.max(...parts);
}

function negative(margins: PatientMargins): PatientMargins {
  return Object.fromEntries(Object.entries(margins).map(([side, mm]) => [side, -mm])) as unknown as PatientMargins;
}

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance + 1e-9, `${what}: ${actual} is not ${expected} +- ${tolerance}`);
}
