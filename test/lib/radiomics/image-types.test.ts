import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, Volume } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { gradientMagnitude } from '#lib/radiomics/image-types/gradient.ts';
import { mapIntensities } from '#lib/radiomics/image-types/intensity.ts';
import { laplacianOfGaussian } from '#lib/radiomics/image-types/laplacian-of-gaussian.ts';
import { bandNames, waveletBands } from '#lib/radiomics/image-types/wavelet.ts';
import { LOW_PASS } from '#lib/radiomics/kernels/wavelet-coefficients.ts';
import { splineCoefficients } from '#lib/radiomics/preprocessing/bspline.ts';
import { type AxisPositions, interpolate } from '#lib/radiomics/preprocessing/interpolate.ts';
import { seededRandom } from '#lib/random.ts';
import { plainGrid } from './random-region.ts';

/** Polynomials are what these operators are exact for, away from the borders. */
function field(size: Vec3, spacingMm: Vec3, f: (x: number, y: number, z: number) => number): Volume<Float64Array> {
  const data = new Float64Array(size[0] * size[1] * size[2]);
  for (let k = 0, p = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, p++) data[p] = f(i * spacingMm[0], j * spacingMm[1], k * spacingMm[2]);
  return { grid: plainGrid(size, spacingMm), data };
}

function centreOf({ grid: { size } }: Volume): number {
  const [i, j, k] = size.map((n) => n >> 1);
  return i + size[0] * (j + size[1] * k);
}

test('the Laplacian of a paraboloid is its constant, times sigma²', () => {
  const spacing: Vec3 = [1, 1.25, 2];
  const image = field([61, 57, 49], spacing, (x, y, z) => (x - 30) ** 2 + 2 * (y - 35) ** 2 - 0.5 * (z - 48) ** 2);
  const found = laplacianOfGaussian(image, 3)[centreOf(image)];
  assert.ok(Math.abs(found / (9 * (2 + 4 - 1)) - 1) < 1e-3, `${found}`);
});

test('the Laplacian of a constant is 0', () => {
  const image = field([20, 21, 22], [1, 1, 3], () => 1000);
  assert.ok(laplacianOfGaussian(image, 2).every((value) => Math.abs(value) < 1e-3));
});

test('the Laplacian of a Gaussian blob is that of the wider blob', () => {
  const [blob, sigma] = [4, 3];
  const image = field([65, 65, 65], [1, 1, 1], (x, y, z) => {
    return Math.exp(-((x - 32) ** 2 + (y - 32) ** 2 + (z - 32) ** 2) / (2 * blob * blob));
  });
  const total = blob * blob + sigma * sigma;
  const expected = (-3 * sigma * sigma * (blob / Math.sqrt(total)) ** 3) / total;
  const found = laplacianOfGaussian(image, sigma)[centreOf(image)];
  assert.ok(Math.abs(found / expected - 1) < 0.01, `${found} for ${expected}`);
});

test('the gradient of a plane is its slope per mm, or per voxel', () => {
  const image = field([9, 9, 9], [1, 2, 4], (x, y, z) => 3 * x - 2 * y + z);
  assert.ok(Math.abs(gradientMagnitude(image, true)[centreOf(image)] - Math.sqrt(14)) < 1e-6);
  assert.ok(Math.abs(gradientMagnitude(image, false)[centreOf(image)] - Math.sqrt(9 + 16 + 16)) < 1e-6);
});

test('intensity transforms keep the sign and the largest absolute value', () => {
  const data = Float64Array.of(-100, -1, 0, 1, 50);
  for (const map of ['SquareRoot', 'Logarithm'] as const) {
    const out = mapIntensities(data, map);
    assert.ok(Math.abs(out[0] + 100) < 1e-12 && out[2] === 0 && out[3] > 0);
    assert.ok(Math.abs(out[1] + out[3]) < 1e-15);
  }
  assert.deepEqual(
    [...mapIntensities(data, 'Square')].map((x) => Math.round(x * 1e9) / 1e9),
    [100, 0.01, 0, 0.01, 25],
  );
  assert.ok(Math.abs(mapIntensities(data, 'Exponential')[4] - 10) < 1e-12);
});

/** An orthogonal wavelet is known by its filter's sum, norm, and orthogonality to itself shifted by pairs; dmey is cut off. */
for (const [name, taps] of Object.entries(LOW_PASS)) {
  test(`the wavelet ${name} is orthonormal`, () => {
    const precision = name === 'dmey' ? 1e-2 : 1e-7;
    const shifted = (by: number) => taps.reduce((sum, tap, n) => sum + tap * (taps[n + by] ?? 0), 0);
    assert.ok(Math.abs(taps.reduce((a, b) => a + b) - Math.SQRT2) < precision);
    assert.ok(Math.abs(shifted(0) - 1) < precision);
    for (let by = 2; by < taps.length; by += 2) assert.ok(Math.abs(shifted(by)) < precision, `${by}`);
  });
}

test('the eight wavelet bands together hold eight times the energy of the image', () => {
  const random = seededRandom(2);
  const size: Vec3 = [8, 10, 12];
  const data = Float64Array.from({ length: 960 }, () => random() - 0.5);
  const energy = (x: ArrayLike<number>) => Array.from(x).reduce((sum, value) => sum + value * value, 0);
  for (const wavelet of ['haar', 'db4', 'sym5', 'coif2']) {
    const options = { wavelet, level: 1, startLevel: 0, axes: [0, 1, 2] };
    const bands = [...waveletBands(data, size, options)];
    assert.deepEqual(
      bands.map(({ name }) => name),
      bandNames(options),
    );
    assert.ok(Math.abs(bands.reduce((sum, band) => sum + energy(band.data), 0) / (8 * energy(data)) - 1) < 1e-6);
  }
});

test('bands are named by level and x, y, z; the approximation comes last, for the last level only', () => {
  assert.deepEqual(bandNames({ wavelet: 'haar', level: 2, startLevel: 0, axes: [0, 1] }), [
    '-LH',
    '-HL',
    '-HH',
    '2-LH',
    '2-HL',
    '2-HH',
    '2-LL',
  ]);
  const steps = field([8, 8, 8], [1, 1, 1], (x) => x % 2);
  const bands = new Map(
    [...waveletBands(steps.data, steps.grid.size, { wavelet: 'haar', level: 1, startLevel: 0, axes: [0, 1, 2] })].map(
      (band) => [band.name, band.data],
    ),
  );
  assert.ok(Math.abs(bands.get('-HLL')![0]) > 1);
  for (const band of ['-LLH', '-LHL', '-HHH']) assert.ok(bands.get(band)!.every((value) => Math.abs(value) < 1e-12));
});

test('float32 images are filtered in float32, others in double', () => {
  const size: Vec3 = [6, 6, 6];
  const options = { wavelet: 'coif1', level: 1, startLevel: 0, axes: [0, 1, 2] };
  assert.ok([...waveletBands(new Float32Array(216), size, options)].every(({ data }) => data instanceof Float32Array));
  assert.ok([...waveletBands(new Int16Array(216), size, options)].every(({ data }) => data instanceof Float64Array));
});

test('the cubic spline passes through its samples and is exact for a plane', () => {
  const random = seededRandom(9);
  const size: Vec3 = [30, 9, 2];
  const data = Float64Array.from({ length: 540 }, () => random());
  const source = { data: splineCoefficients(data, size, new Float64Array(540)), size };
  const at = size.map((n) => Float64Array.from({ length: n }, (_, i) => i)) as AxisPositions;
  interpolate(source, at, 'sitkBSpline').forEach((value, p) => {
    assert.ok(Math.abs(value - data[p]) < 1e-9);
  });
});

test('points outside the image are 0, points in its outer half voxels are not', () => {
  const source = { data: Float64Array.of(5, 5, 5), size: [3, 1, 1] as Vec3 };
  const at: AxisPositions = [Float64Array.of(-0.6, -0.5, 2.4, 2.5), Float64Array.of(0), Float64Array.of(0)];
  for (const interpolator of ['sitkLinear', 'sitkNearestNeighbor'] as const) {
    assert.deepEqual([...interpolate(source, at, interpolator)], [0, 5, 5, 0]);
  }
});

/** In the middle, at an edge, a single voxel at the end. */
const BOXES: Box[] = [
  { start: [12, 10, 11], size: [7, 5, 6] },
  { start: [0, 9, 14], size: [9, 3, 11] },
  { start: [30, 27, 24], size: [1, 1, 1] },
];

for (const [n, within] of BOXES.entries())
  test(`filters of a part of the image have the numbers of the whole there (box ${n + 1})`, () => {
    const random = seededRandom(8);
    const grid = plainGrid([31, 28, 25], [0.9, 1.1, 2.5]);
    for (const data of [Int16Array, Float32Array].map((type) => new type(31 * 28 * 25).map(() => 800 * random()))) {
      const part = laplacianOfGaussian({ grid, data }, 3, within);
      assert.deepEqual(
        inBox(part, grid.size, within),
        inBox(laplacianOfGaussian({ grid, data }, 3), grid.size, within),
      );
      for (const [wavelet, level] of [
        ['coif1', 1],
        ['db4', 2],
      ] as const) {
        const options = { wavelet, level, startLevel: 0, axes: [0, 1, 2] };
        const whole = [...waveletBands(data, grid.size, options)];
        for (const [band, { name, data: found }] of [...waveletBands(data, grid.size, options, within)].entries()) {
          assert.equal(name, whole[band].name);
          assert.deepEqual(inBox(found, grid.size, within), inBox(whole[band].data, grid.size, within), name);
        }
      }
    }
  });

function inBox(data: ArrayLike<number>, [nx, ny]: Vec3, { start, size }: Box): number[] {
  return Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => {
    const [i, j, k] = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
    return data[start[0] + i + nx * (start[1] + j + ny * (start[2] + k))];
  });
}
