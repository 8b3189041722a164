import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Grid, indexToPatient, type Volume, voxelCount } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { fromColumns, IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { centredGrid, type Interpolator, interpolate, interpolateShare } from '#lib/radiomics/ibsi/interpolate.ts';

/** The last case is IBSI's own example: 4 voxels of 3 mm become 6 of 2 mm, the first centre 0.5 mm before the old one. */
const GRIDS: { name: string; size: Vec3; spacing: Vec3; wanted: (number | undefined)[]; count: Vec3 }[] = [
  {
    name: 'the CT phantom at 2 mm',
    size: [204, 201, 60],
    spacing: [0.977, 0.977, 3],
    wanted: [2, 2, 2],
    count: [100, 99, 90],
  },
  {
    name: 'header rounding adds no voxel',
    size: [100, 1, 1],
    spacing: [0.9765626, 1, 1],
    wanted: [0.9765625, 1, 1],
    count: [100, 1, 1],
  },
  {
    name: 'an axis without a spacing stays',
    size: [10, 10, 7],
    spacing: [1, 1, 2.5],
    wanted: [2, 2, undefined],
    count: [5, 5, 7],
  },
  { name: 'the manual', size: [4, 4, 4], spacing: [3, 3, 3], wanted: [2, 2, 2], count: [6, 6, 6] },
];

for (const { name, size, spacing, wanted, count } of GRIDS) {
  test(`${name}: the new grid has ${count} voxels around the old centre`, () => {
    const old = gridOf(size, spacing);
    const grid = centredGrid(old, wanted);
    assert.deepEqual(grid.size, count);
    const [before, after] = [old, grid].map((g) => indexToPatient(g, g.size.map((n) => (n - 1) / 2) as Vec3));
    for (let axis = 0; axis < 3; axis++) assert.ok(Math.abs(before[axis] - after[axis]) < 1e-9);
  });
}

test('IBSI 1 figure 2.3: centres at 0, 3, 6, 9 mm become centres at -0.5, 1.5, 3.5, ... mm', () => {
  const grid = centredGrid(gridOf([4, 4, 4], [3, 3, 3]), [2, 2, 2]);
  assert.ok(grid.originMm.every((x) => Math.abs(x + 0.5) < 1e-12));
});

test('linear and cubic interpolation keep a linear function, on tilted axes and between uneven slices', () => {
  const tilted: Grid = {
    ...gridOf([12, 10, 9], [1.5, 1.1, 2.4]),
    direction: fromColumns([0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 1]),
    originMm: [-20, 5, 100],
  };
  const uneven: Grid = { ...tilted, sliceOffsetsMm: Float64Array.of(0, 2, 4, 7, 9, 11, 15, 17, 19) };
  const cases: [Grid, Interpolator][] = [
    [tilted, 'linear'],
    [tilted, 'cubic'],
    [uneven, 'linear'],
  ];
  for (const [grid, interpolator] of cases) {
    const target = centredGrid(grid, [1, 1, 1]);
    assert.equal(target.sliceOffsetsMm, undefined);
    const values = interpolate(sampled(grid, linear), target, interpolator);
    // the spline is mirrored at the border and needs some voxels to settle: 0.268 per voxel
    const margin = interpolator === 'cubic' ? 0.4 : 0;
    eachIndex(target, (n, index) => {
      if (!isWithin(grid, target, index, margin)) return;
      const expected = linear(indexToPatient(target, index));
      assert.ok(Math.abs(values[n] - expected) < (margin === 0 ? 1e-9 : 0.05), `${interpolator} at ${index}`);
    });
  }
});

test('interpolation onto the same grid changes nothing', () => {
  const grid = gridOf([9, 8, 7], [1, 2, 3]);
  const volume = sampled(grid, ([x, y, z]) => Math.sin(x) * Math.cos(y) + (z % 2));
  for (const interpolator of ['nearest', 'linear', 'cubic'] as const) {
    const values = interpolate(volume, centredGrid(grid, [1, 2, 3]), interpolator);
    assert.ok(values.every((value, n) => Math.abs(value - volume.data[n]) < 1e-8));
  }
});

test('a mask interpolated in its box equals the mask interpolated in the whole image', () => {
  const grid = gridOf([14, 12, 9], [1, 1.2, 2.7]);
  const bodies: ((i: number, j: number, k: number) => boolean)[] = [
    (i, j, k) => Math.hypot(i - 6, j - 5, k - 4) < 3.5,
    (i, j, k) => i < 4 && j > 8 && k === 0,
    (i, j, k) => i === 13 && j === 11 && k === 8,
  ];
  for (const isInside of bodies) {
    const data = new Uint8Array(voxelCount(grid));
    eachIndex(grid, (n, index) => {
      data[n] = isInside(...index) ? 1 : 0;
    });
    const target = centredGrid(grid, [0.8, 0.8, 0.8]);
    for (const interpolator of ['nearest', 'linear'] as const) {
      const whole = interpolate({ grid, data }, target, interpolator);
      const { box, share } = interpolateShare(maskOfVolume(grid, data), target, interpolator);
      eachIndex(target, (n, index) => {
        const [i, j, k] = index.map((at, axis) => at - box.start[axis]);
        const inBox = [i, j, k].every((at, axis) => at >= 0 && at < box.size[axis]);
        const expected = inBox ? share[i + box.size[0] * (j + box.size[1] * k)] : 0;
        assert.ok(Math.abs(whole[n] - expected) < 1e-12);
      });
    }
  }
});

function linear([x, y, z]: Vec3): number {
  return 3 + 0.5 * x - 2 * y + 0.25 * z;
}

function gridOf(size: Vec3, spacingMm: Vec3): Grid {
  return { size, spacingMm, originMm: [0, 0, 0], direction: IDENTITY };
}

function sampled(grid: Grid, f: (point: Vec3) => number): Volume {
  const data = new Float64Array(voxelCount(grid));
  eachIndex(grid, (n, index) => {
    data[n] = f(indexToPatient(grid, index));
  });
  return { grid, data };
}

function eachIndex(grid: Grid, visit: (n: number, index: Vec3) => void): void {
  const [nx, ny, nz] = grid.size;
  for (let n = 0; n < nx * ny * nz; n++) visit(n, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
}

/** Whether a voxel of the target lies between the outermost centres, less a share of the extent on each side. */
function isWithin(grid: Grid, target: Grid, index: Vec3, share: number): boolean {
  return [0, 1, 2].every((axis) => {
    const extent =
      axis === 2 && grid.sliceOffsetsMm ? grid.sliceOffsetsMm.at(-1)! : (grid.size[axis] - 1) * grid.spacingMm[axis];
    const first = (extent - (target.size[axis] - 1) * target.spacingMm[axis]) / 2;
    const at = first + index[axis] * target.spacingMm[axis];
    return at >= share * extent && at <= (1 - share) * extent;
  });
}
