import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Grid, Mask, Volume } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { ibsiFeatures } from '#lib/radiomics/ibsi/ibsi-features.ts';
import { ibsiSettings } from '#lib/radiomics/ibsi/settings.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';

/**
 * Slices at these places show 3 z. The truths are analytic: a slice reaches halfway to its neighbours, so a block of whole
 * slices is a box, and the mean of a linear image is its value in the middle of the box.
 */
interface Case {
  name: string;
  z: number[];
  first: number;
  count: number;
  lowMm: number;
  highMm: number;
}

const CASES: Case[] = [
  {
    name: '3 mm, then 6 mm, the region above',
    z: [-12, -9, -6, -3, 0, 6, 12, 18, 24, 30],
    first: 5,
    count: 4,
    lowMm: 3,
    highMm: 27,
  },
  {
    name: '5 mm, then 2 mm, the region across',
    z: [-20, -15, -10, -5, 0, 2, 4, 6, 8, 10],
    first: 2,
    count: 5,
    lowMm: -12.5,
    highMm: 5,
  },
  { name: 'a slice missing in the region', z: [0, 4, 8, 16, 20, 24, 28], first: 1, count: 4, lowMm: 2, highMm: 22 },
  { name: 'a slice 1.2 mm off', z: [0, 3, 6, 10.2, 12, 15, 18], first: 2, count: 3, lowMm: 4.5, highMm: 13.5 },
];

const SIDE = 9;

function imageOf(z: number[]): Volume {
  const gaps = z.slice(1).map((mm, k) => mm - z[k]);
  const grid: Grid = {
    size: [12, 12, z.length],
    originMm: [0, 0, z[0]],
    spacingMm: [1, 1, gaps.toSorted((a, b) => a - b)[gaps.length >> 1]],
    direction: IDENTITY,
    sliceOffsetsMm: Float64Array.from(z, (mm) => mm - z[0]),
  };
  return { grid, data: Float32Array.from({ length: 144 * z.length }, (_, v) => 3 * z[Math.floor(v / 144)]) };
}

function blockOf(grid: Grid, first: number, count: number): Mask {
  const data = new Uint8Array(SIDE * SIDE * count).fill(1);
  return { grid, box: { start: [1, 1, first], size: [SIDE, SIDE, count] }, data };
}

describe('a resampled region on uneven slices has its true volume and mean', () => {
  for (const { name, z, first, count, lowMm, highMm } of CASES) {
    const image = imageOf(z);
    const mask = blockOf(image.grid, first, count);
    const volumeMm3 = SIDE * SIDE * (highMm - lowMm);
    const mean = (3 * (lowMm + highMm)) / 2;
    // The faces of the region fall into voxels: half a new voxel of it at both ends may be on the wrong side.
    const step = 0.5;
    const near = (actual: number, expected: number, tolerance: number) =>
      assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} +- ${tolerance}`);

    test(`PyRadiomics: ${name}`, () => {
      const settings = parseRadiomicsSettings({
        featureClass: { firstorder: ['Mean'], shape: ['VoxelVolume'] },
        setting: { resampledPixelSpacing: [1, 1, step], interpolator: 'sitkLinear' },
      });
      const { status, values } = extractFeatures(image, mask, settings);
      assert.equal(status, 'ok');
      near(values.original_shape_VoxelVolume, volumeMm3, SIDE * SIDE * step);
      near(values.original_firstorder_Mean, mean, 3 * step);
    });

    test(`IBSI: ${name}`, () => {
      const settings = ibsiSettings.parse({
        interpolation: { spacingMm: [1, 1, step], image: 'linear', roundIntensities: false },
        families: ['morphology', 'statistics'],
      });
      const { status, values } = ibsiFeatures(image, mask, settings);
      assert.equal(status, 'ok');
      const featureOf = (tag: string) => values.find((one) => one.tag === tag)!.value;
      near(featureOf('morph_vol_approx'), volumeMm3, SIDE * SIDE * step);
      near(featureOf('stat_mean'), mean, 3 * step);
    });
  }
});

describe('without resampling only regions on even slices have features', () => {
  const settings = parseRadiomicsSettings({
    featureClass: { firstorder: ['Mean'], shape: ['VoxelVolume'], glcm: ['Contrast'] },
    imageType: { Original: {}, Wavelet: {} },
  });
  const image = imageOf([-12, -9, -6, -3, 0, 6, 12, 18, 24, 30]);

  test('a region within even slices of an uneven image has the volume and mean of those slices', () => {
    const { status, values } = extractFeatures(image, blockOf(image.grid, 6, 3), settings);
    assert.equal(status, 'ok');
    assert.equal(values.original_shape_VoxelVolume, SIDE * SIDE * 18);
    assert.equal(values.original_firstorder_Mean, 3 * 18);
  });

  test('a region on slices of two thicknesses is refused with the reason, in both conventions', () => {
    const mask = blockOf(image.grid, 3, 4);
    const refused = extractFeatures(image, mask, settings);
    assert.equal(refused.status, 'failed');
    assert.match(refused.reason, /unevenly spaced, 3\.00 to 6\.00 mm thick.*Set resampledPixelSpacing/);
    assert.deepEqual(
      refused.findings.map(({ code }) => code),
      ['TEXTURE_ON_UNEVEN_SLICES'],
    );
    const ibsi = ibsiFeatures(image, mask, ibsiSettings.parse({}));
    assert.equal(ibsi.status, 'failed');
    assert.match(ibsi.reason, /unevenly spaced/);
  });
});
