import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mask } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { diameters } from '#lib/radiomics/features/diameters.ts';
import { percentiles } from '#lib/radiomics/features/first-order.ts';
import { glcmFeatures } from '#lib/radiomics/features/glcm.ts';
import { symmetricEigenvalues } from '#lib/radiomics/features/principal-axes.ts';
import { shapeFeatures } from '#lib/radiomics/features/shape.ts';
import { type Binning, discretise, type Precision } from '#lib/radiomics/region/discretise.ts';
import { roiOf } from '#lib/radiomics/region/roi.ts';
import { seededRandom } from '#lib/random.ts';
import { absent } from '#test/fixtures/shared.ts';
import { plainGrid, randomMask } from './random-region.ts';
import { looseVoxels } from './reference-images.ts';

/** Levels that NumPy 2.4.6 gives: numpy.digitize on the edges of PyRadiomics' getBinEdges. */
const BINNINGS: [string, number[], Binning, Precision, number[]][] = [
  ['bins are anchored at 0', [54, 74.9, 75, 166], { binWidth: 25 }, 'float64', [1, 1, 2, 5]],
  ['a negative minimum starts its own bin', [-30, -25, 0, 24], { binWidth: 25 }, 'integer', [1, 2, 3, 3]],
  ['the maximum on an edge opens a bin', [0, 25, 50], { binWidth: 25 }, 'integer', [1, 2, 3]],
  ['the maximum falls into the last of a number of bins', [0, 1, 2, 3, 4], { binCount: 4 }, 'float64', [1, 2, 3, 4, 4]],
  ['a constant is one level of many', [7, 7], { binCount: 4 }, 'integer', [3, 3]],
  ['a constant is the first level of a width', [7, 7], { binWidth: 5 }, 'integer', [1, 1]],
  [
    'float32 edges of a width that is no binary fraction',
    [-3.7, -3.6, -3.3, 2.4],
    { binWidth: 0.3 },
    'float32',
    [1, 2, 3, 22],
  ],
];

for (const [what, values, binning, precision, levels] of BINNINGS) {
  test(`discretisation: ${what}`, () => {
    const numbers = Float64Array.from(values, precision === 'float32' ? Math.fround : Number);
    assert.deepEqual([...discretise(numbers, binning, precision).levelOfVoxel], levels);
  });
}

test('percentiles interpolate linearly between sorted values', () => {
  const random = seededRandom(5);
  for (const count of [2, 7, 1000]) {
    const values = Float64Array.from({ length: count }, () => random() ** 8 * 1e4 - 20);
    const sorted = Float64Array.from(values).sort();
    const shares = [0, 0.1, 0.25, 0.5, 0.9, 1];
    const expected = shares.map((share) => {
      const place = share * (count - 1);
      const below = Math.floor(place);
      return sorted[below] + ((sorted[below + 1] ?? sorted[below]) - sorted[below]) * (place - below);
    });
    assert.deepEqual(percentiles(values, shares), expected);
  }
});

test('the mesh of a box is the box with its edges cut off', () => {
  const [a, b, c] = [6, 5, 4];
  const { SurfaceArea, MeshVolume, VoxelVolume } = shapeFeatures(
    roiOf(
      solid([a, b, c], () => true),
      1,
    ),
  );
  const faces = 2 * ((a - 1) * (b - 1) + (b - 1) * (c - 1) + (a - 1) * (c - 1));
  const edges = 4 * (a - 1 + b - 1 + c - 1) * Math.SQRT1_2;
  const corners = 8 * (Math.sqrt(3) / 8);
  assert.ok(Math.abs(SurfaceArea - (faces + edges + corners)) < 1e-9);
  const cutEdges = (4 * (a - 1 + b - 1 + c - 1)) / 8;
  assert.ok(Math.abs(MeshVolume - (a * b * c - cutEdges - 8 * (1 / 8 - 1 / 48))) < 1e-9);
  assert.equal(VoxelVolume, a * b * c);
});

test('the mesh of a ball approaches the ball at any spacing', () => {
  for (const spacing of [
    [1, 1, 1],
    [0.8, 1.1, 2],
  ] as Vec3[]) {
    const radius = 15;
    const ball = solid(
      [41, 41, 41],
      (i, j, k) => {
        return Math.hypot((i - 20) * spacing[0], (j - 20) * spacing[1], (k - 20) * spacing[2]) <= radius;
      },
      spacing,
    );
    const shape = shapeFeatures(roiOf(ball, 1));
    assert.ok(Math.abs(shape.MeshVolume / ((4 / 3) * Math.PI * radius ** 3) - 1) < 0.02);
    assert.ok(Math.abs(shape.Maximum3DDiameter - 2 * radius) < 2.1);
    assert.ok(Math.abs(shape.MajorAxisLength / ((4 * radius) / Math.sqrt(5)) - 1) < 0.02);
    assert.ok(shape.Elongation > 0.98 && shape.Flatness > 0.97);
  }
});

test('isolated voxels have the mesh volume of PyRadiomics 3.0.1', (t) => {
  const mask = looseVoxels();
  if (!mask) return t.skip(String(absent('data/pyradiomics')));
  assert.ok(Math.abs(shapeFeatures(roiOf(mask, 1)).MeshVolume + 52.8125) < 1e-9);
});

test('diameters are the largest distances between surface points', () => {
  for (const [seed, filled] of [
    [1, 0.1],
    [2, 0.5],
    [3, 0.95],
  ]) {
    const roi = roiOf(randomMask([7, 9, 6], filled, seed, [0.7, 1, 2.5]), 1);
    const inside = new Uint8Array(roi.size[0] * roi.size[1] * roi.size[2]);
    for (const voxel of roi.voxels) inside[voxel] = 1;
    const points = surfacePoints(roi.size, inside).map((point) => point.map((x, axis) => x * roi.spacingMm[axis]));
    const largest = (axis?: number) => {
      let longest = 0;
      for (const a of points) {
        for (const b of points) {
          if (axis === undefined || a[axis] === b[axis])
            longest = Math.max(longest, Math.hypot(...a.map((x, n) => x - b[n])));
        }
      }
      return longest;
    };
    const found = diameters(roi, inside);
    const expected = [largest(), largest(2), largest(1), largest(0)];
    [found.maximumMm, found.sliceMm, found.columnMm, found.rowMm].forEach((value, n) => {
      assert.ok(Math.abs(value - expected[n]) < 1e-9);
    });
  }
});

test('eigenvalues of a symmetric matrix are in descending order', () => {
  const found = symmetricEigenvalues(2, 2, 3, 1, 0, 0);
  [3, 3, 1].forEach((value, n) => {
    assert.ok(Math.abs(found[n] - value) < 1e-14);
  });
});

/** numpy.linalg.eigvals of Q as PyRadiomics forms it, NumPy 2.4.6. */
const CORRELATIONS: [string, number[], boolean, number][] = [
  ['two levels', [8, 2, 2, 4], true, 0.46666666666666645],
  ['three levels, not symmetric', [10, 1, 0, 3, 7, 2, 1, 4, 20], false, 0.8048760741471146],
  ['a rare level on its own', [1e5, 10, 0, 10, 1e5, 0, 0, 0, 1], true, 0.9999955582048597],
];
for (const [what, counts, symmetric, expected] of CORRELATIONS) {
  test(`maximal correlation of ${what} is the root of the second eigenvalue`, () => {
    const n = Math.sqrt(counts.length);
    const levels = Float64Array.from({ length: n }, (_, level) => level + 1);
    const { MCC } = glcmFeatures({ levels, levelCount: n, counts: Float64Array.from(counts), symmetric });
    assert.ok(Math.abs(MCC / expected - 1) < 1e-9, `${MCC}`);
  });
}

function solid(size: Vec3, isInside: (i: number, j: number, k: number) => boolean, spacing: Vec3 = [1, 1, 1]): Mask {
  const data = Uint8Array.from({ length: size[0] * size[1] * size[2] }, (_, p) =>
    isInside(p % size[0], Math.floor(p / size[0]) % size[1], Math.floor(p / (size[0] * size[1]))) ? 1 : 0,
  );
  return { grid: plainGrid(size, spacing), box: { start: [0, 0, 0], size }, data };
}

function surfacePoints(size: Vec3, inside: Uint8Array): number[][] {
  const at = (i: number, j: number, k: number) => inside[i + size[0] * (j + size[1] * k)];
  const points: number[][] = [];
  for (let k = 0; k < size[2] - 1; k++)
    for (let j = 0; j < size[1] - 1; j++)
      for (let i = 0; i < size[0] - 1; i++) {
        if (at(i, j, k) !== at(i + 1, j, k)) points.push([i + 0.5, j, k]);
        if (at(i, j, k) !== at(i, j + 1, k)) points.push([i, j + 0.5, k]);
        if (at(i, j, k) !== at(i, j, k + 1)) points.push([i, j, k + 0.5]);
      }
  return points;
}
