import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadConfig } from '#lib/errors.ts';
import { boxOf } from '#lib/image/box.ts';
import type { Box, Volume } from '#lib/image/grid.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { applyFilter } from '#lib/radiomics/ibsi/filters/apply-filter.ts';
import { BOUNDARIES } from '#lib/radiomics/ibsi/filters/block.ts';
import { type FilterInput, filterSettings } from '#lib/radiomics/ibsi/filters/filter-settings.ts';
import { seededRandom } from '#lib/random.ts';

const SIZE: Vec3 = [22, 19, 14];

const FILTERS: FilterInput[] = [
  { type: 'mean', support: 5 },
  { type: 'log', sigmaMm: 1.5 },
  { type: 'laws', kernels: 'L5E5S5', rotations: 'max', energyDelta: 2 },
  { type: 'laws', kernels: 'L3W5E3', rotations: 'average' },
  {
    type: 'gabor',
    sigmaMm: 1,
    wavelengthMm: 2,
    gamma: 0.8,
    theta: 0.4,
    thetaStep: Math.PI / 3,
    orthogonalPlanes: true,
  },
  { type: 'gabor', sigmaMm: 1, wavelengthMm: 3, gamma: 1, thetaStep: Math.PI / 2, pooling: 'max' },
  { type: 'wavelet', family: 'db3', bands: 'LLH', level: 2, rotations: 'average' },
  { type: 'isotropic-wavelet', family: 'simoncelli', level: 2 },
  { type: 'isotropic-wavelet', family: 'shannon', riesz: [1, 1, 0] },
  { type: 'riesz-log', sigmaMm: 1, riesz: [0, 1, 0] },
];

/** The same filter for slices: the letters and orders of two axes. */
function inPlane(filter: FilterInput): FilterInput {
  if (filter.type === 'laws') return { ...filter, kernels: filter.kernels.slice(0, 4) };
  if (filter.type === 'wavelet') return { ...filter, bands: filter.bands.slice(1) };
  return 'riesz' in filter && filter.riesz ? { ...filter, riesz: filter.riesz.slice(0, 2) } : filter;
}

for (const spatial of FILTERS) {
  for (const flat of [false, true]) {
    const filter = flat ? inPlane(spatial) : spatial;
    test(`a response computed in a box equals the cropped whole response: ${filter.type}, ${flat ? 'by slice' : 'in space'}`, () => {
      const volume = noise(SIZE, 1);
      const boxes: Box[] = [
        { start: [8, 7, 5], size: [5, 4, 3] },
        { start: [0, 14, 0], size: [22, 5, 2] },
      ];
      for (const boundary of 'boundary' in filterSettings.parse(filter) ? BOUNDARIES : [undefined]) {
        const settings = filterSettings.parse(boundary ? { ...filter, boundary } : filter);
        const whole = applyFilter(volume, settings, flat, boxOf({ size: SIZE })).data;
        for (const box of boxes) {
          const part = applyFilter(volume, settings, flat, box).data;
          eachVoxel(box, (at, voxel) => assert.ok(Math.abs(part[at] - whole[voxel]) < 1e-9, `${boundary} ${voxel}`));
        }
      }
    });
  }
}

test('slice-by-slice filters ignore neighbouring slices', () => {
  const volume = noise(SIZE, 1);
  const changed = noise(SIZE, 1);
  changed.data.fill(0, 0, 22 * 19 * 6);
  const box: Box = { start: [0, 0, 6], size: [22, 19, 1] };
  for (const filter of FILTERS.map(inPlane)) {
    const [a, b] = [volume, changed].map((image) => applyFilter(image, filterSettings.parse(filter), true, box).data);
    assert.deepEqual(a, b, filter.type);
  }
});

test('detail filters give zero on a constant image, up to the cut-off of their kernels', () => {
  const flat: Volume = { ...noise(SIZE, 1), data: new Float64Array(22 * 19 * 14).fill(100) };
  const cases: [FilterInput, number][] = [
    [{ type: 'log', sigmaMm: 1.5 }, 0.1],
    [{ type: 'laws', kernels: 'L5E5S5' }, 1e-10],
    [{ type: 'wavelet', family: 'coif1', bands: 'LHL' }, 1e-8],
  ];
  for (const [filter, limit] of cases) {
    const { data } = applyFilter(flat, filterSettings.parse(filter), false, boxOf({ size: SIZE }));
    assert.ok(Math.max(...data.map(Math.abs)) < limit, filter.type);
  }
});

test('mean filters keep a constant, except with zero padding', () => {
  const flat: Volume = { ...noise(SIZE, 1), data: new Float64Array(22 * 19 * 14).fill(100) };
  for (const boundary of BOUNDARIES.filter((name) => name !== 'zero')) {
    const filter = filterSettings.parse({ type: 'mean', support: 7, boundary });
    const { data } = applyFilter(flat, filter, false, boxOf({ size: SIZE }));
    assert.ok(data.every((value) => Math.abs(value - 100) < 1e-11));
  }
});

test('the Laplacian of a paraboloid x^2 + y^2 + z^2 is 6 per squared voxel, and 4 in a plane', () => {
  const volume = noise([41, 41, 41], 1);
  eachVoxel(boxOf(volume.grid), (at, _, [i, j, k]) => {
    volume.data[at] = i * i + j * j + k * k;
  });
  const centre: Box = { start: [20, 20, 20], size: [1, 1, 1] };
  for (const [flat, expected] of [
    [false, 6],
    [true, 4],
  ] as const) {
    const filter = filterSettings.parse({ type: 'log', sigmaMm: 2, truncate: 8 });
    const [value] = applyFilter(volume, filter, flat, centre).data;
    assert.ok(Math.abs(value - expected) < 1e-6, `${value}`);
  }
});

test('a Gabor filter gives half its envelope area for a wave of its length and direction', () => {
  const volume = noise([81, 81, 1], 1);
  const theta = 0.7;
  const [sigma, wavelength, gamma] = [4, 5, 1.3];
  eachVoxel(boxOf(volume.grid), (at, _, [i, j]) => {
    volume.data[at] = Math.cos((2 * Math.PI * (i * Math.cos(theta) + j * Math.sin(theta))) / wavelength);
  });
  const centre: Box = { start: [40, 40, 0], size: [1, 1, 1] };
  const filter = filterSettings.parse({ type: 'gabor', sigmaMm: sigma, wavelengthMm: wavelength, gamma, theta });
  const [value] = applyFilter(volume, filter, true, centre).data;
  const expected = (Math.PI * sigma * sigma) / gamma;
  assert.ok(Math.abs(value / expected - 1) < 1e-6, `${value} instead of ${expected}`);
});

test('a three-axis filter is refused slice by slice, and a two-axis filter in space', () => {
  const cases: [FilterInput, boolean][] = [
    [{ type: 'laws', kernels: 'L5E5E5' }, true],
    [{ type: 'wavelet', family: 'haar', bands: 'LH' }, false],
    [{ type: 'isotropic-wavelet', family: 'simoncelli', riesz: [1, 0] }, false],
  ];
  for (const [filter, flat] of cases) {
    assert.throws(
      () => applyFilter(noise(SIZE, 1), filterSettings.parse(filter), flat, boxOf({ size: SIZE })),
      BadConfig,
    );
  }
});

function noise(size: Vec3, seed: number): Volume<Float64Array> {
  const random = seededRandom(seed);
  const data = Float64Array.from({ length: size[0] * size[1] * size[2] }, () => 100 * random());
  return { grid: { size, spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

/** Index within the box, index in the image of `SIZE`, and the voxel's own index. */
function eachVoxel(box: Box, visit: (at: number, voxel: number, index: Vec3) => void): void {
  let at = 0;
  for (let k = box.start[2]; k < box.start[2] + box.size[2]; k++)
    for (let j = box.start[1]; j < box.start[1] + box.size[1]; j++)
      for (let i = box.start[0]; i < box.start[0] + box.size[0]; i++)
        visit(at++, i + SIZE[0] * (j + SIZE[1] * k), [i, j, k]);
}
