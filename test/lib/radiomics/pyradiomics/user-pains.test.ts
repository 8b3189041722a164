/** What users of PyRadiomics, dcmrtstruct2nii and rt-utils run into, by the numbers of their issues. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Grid, Mask, Volume } from '#lib/image/grid.ts';
import { countVoxels } from '#lib/image/mask.ts';
import { IDENTITY, type Mat3, type Vec3 } from '#lib/math/vec3.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { seededRandom } from '#lib/random.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { contour, rectangle, roiOf } from '#test/fixtures/rois.ts';

/** Voxel (i, j, k) has its centre at (i, j, 3 k) mm. */
const GRID: Grid = { size: [20, 16, 12], originMm: [0, 0, 0], spacingMm: [1, 1, 3], direction: IDENTITY };

function noise(grid: Grid): Volume {
  const random = seededRandom(5);
  const voxels = grid.size[0] * grid.size[1] * grid.size[2];
  return { grid, data: Float32Array.from({ length: voxels }, () => 300 * random()) };
}

function block(grid: Grid, start: Vec3 = [4, 4, 3], size: Vec3 = [8, 7, 5]): Mask {
  return { grid, box: { start, size }, data: new Uint8Array(size[0] * size[1] * size[2]).fill(1) };
}

function extract(image: Volume, mask: Mask, setting: object = {}) {
  return extractFeatures(image, mask, parseRadiomicsSettings({ setting: { additionalInfo: false, ...setting } }));
}

/** The axis and the difference, and what helps. */
const MISMATCHES: [issues: string, what: string, grid: Grid, message: RegExp][] = [
  [
    '#482 #390',
    'an origin 0.5 mm off',
    { ...GRID, originMm: [0.5, 0, 0] },
    /origin along x: the mask lies \+0\.5 mm off/,
  ],
  ['#507', 'a slice less', { ...GRID, size: [20, 16, 11] }, /size along k \(slices\): image 12, mask 11 voxels/],
  ['#408', 'another slice spacing', { ...GRID, spacingMm: [1, 1, 2.5] }, /along k \(slices\): image 3, mask 2\.5 mm/],
  ['#824', 'flipped rows', { ...GRID, direction: [1, 0, 0, 0, -1, 0, 0, 0, -1] as Mat3 }, /cosines differ by up to 2/],
];

for (const [issues, what, grid, message] of MISMATCHES) {
  test(`PyRadiomics ${issues}: a mask with ${what} is refused in numbers, with a remedy`, () => {
    const { status, reason } = extract(noise(GRID), block(grid));
    assert.equal(status, 'failed');
    assert.match(reason, message);
    assert.match(reason, /Set correctMask to resample the mask, or raise geometryTolerance/);
  });
}

test('PyRadiomics #251: the refusal of a region beyond the image states voxels, mm and axis', () => {
  const beyond: Grid = { ...GRID, originMm: [0, 0, 21] };
  const { status, reason } = extract(noise(GRID), block(beyond), { correctMask: true });
  assert.equal(status, 'failed');
  assert.match(reason, /reaches 3\.00 voxels \(9\.00 mm\) beyond the image along k \(slices\)/);
});

test('PyRadiomics #423: contours of an ROI become a mask on the image grid', () => {
  const drawn = roiOf([6, 9, 12, 15].map((z) => rectangle(3.5, 3.5, 13.5, 11.5, z)));
  const { mask } = maskOfRoi(drawn, GRID);
  const { status, values } = extract(noise(GRID), mask);
  assert.equal(status, 'ok');
  assert.equal(values.original_shape_VoxelVolume, 10 * 8 * 4 * 3);
});

test('PyRadiomics #517 #590 #890: a large slice in 2D is computed without a loop over all border pairs', () => {
  const wide: Grid = { size: [600, 600, 1], originMm: [0, 0, 0], spacingMm: [1, 1, 1], direction: IDENTITY };
  const { status, values } = extract(noise(wide), block(wide, [20, 20, 0], [560, 560, 1]), { force2D: true });
  assert.equal(status, 'ok');
  assert.equal(values.original_shape_VoxelVolume, 560 * 560);
  assert.equal(values.original_shape_Maximum2DDiameterSlice, Math.hypot(560, 559));
});

test('PyRadiomics #949 #944 #932 #872 #859 #653 #721: npm installs the product without compiling', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    assert.equal(manifest.scripts[script], undefined);
  const names = Object.keys(manifest.dependencies);
  assert.deepEqual(
    names.filter((name) => /python|gyp/.test(name)),
    [],
  );
});

test('PyRadiomics #637 #617 #679 #620 #883 #882 #918: a file for voxel-based extraction gives the features of the region', () => {
  const whole = { setting: { additionalInfo: false }, featureClass: { glcm: ['Contrast'] } };
  const [plain, voxelBased] = [whole, { ...whole, voxelSetting: { kernelRadius: 2, maskedKernel: true } }].map(
    (params) => extractFeatures(noise(GRID), block(GRID), parseRadiomicsSettings(params)),
  );
  assert.equal(plain.status, 'ok');
  assert.deepEqual(voxelBased, plain);
});

test('dcmrtstruct2nii #32 #37: a hole stays a hole, drawn as a separate loop or as a keyhole', () => {
  const outer = rectangle(0.5, 0.5, 10.5, 10.5, 3);
  const loops = maskOfRoi(roiOf([outer, rectangle(2.5, 2.5, 8.5, 8.5, 3)]), GRID).mask;
  const keyhole = contour([
    ...([
      [0.5, 0.5, 3],
      [10.5, 0.5, 3],
      [10.5, 10.5, 3],
      [0.5, 10.5, 3],
      [0.5, 0.5, 3],
    ] as Vec3[]),
    ...([
      [2.5, 2.5, 3],
      [2.5, 8.5, 3],
      [8.5, 8.5, 3],
      [8.5, 2.5, 3],
      [2.5, 2.5, 3],
    ] as Vec3[]),
  ]);
  for (const mask of [loops, maskOfRoi(roiOf([keyhole]), GRID).mask]) assert.equal(countVoxels(mask), 100 - 36);
});

test('dcmrtstruct2nii #49: an ROI without contours is empty and the others continue', () => {
  const [empty, drawn] = [[], [rectangle(0.5, 0.5, 10.5, 10.5, 3)]].map((contours) => maskOfRoi(roiOf(contours), GRID));
  assert.deepEqual([empty.status, drawn.status], ['empty', 'ok']);
  assert.deepEqual(extract(noise(GRID), empty.mask).status, 'empty');
});

test('rt-utils #87: a contour of two points encloses nothing and does not spoil its ROI', () => {
  const line = contour([
    [1, 1, 3],
    [5, 5, 3],
  ]);
  const { status, mask } = maskOfRoi(roiOf([line, rectangle(0.5, 0.5, 10.5, 10.5, 6)]), GRID);
  assert.deepEqual([status, countVoxels(mask)], ['ok', 100]);
  assert.equal(maskOfRoi(roiOf([line]), GRID).status, 'empty');
});

test('rt-utils #97 #98: contours on uneven slices fill the slices that they were drawn on', () => {
  const uneven = { ...GRID, sliceOffsetsMm: Float64Array.of(0, 3, 6, 11, 14, 17, 20, 23, 26, 29, 32, 35) };
  const { mask } = maskOfRoi(roiOf([3, 6, 11, 14].map((z) => rectangle(0.5, 0.5, 10.5, 10.5, z))), uneven);
  assert.equal(countVoxels(mask), 4 * 100);
});

test('rt-utils #93 #60 #61: a region at the border keeps its voxels within the image, to the last row, and is reported as cut', () => {
  const across = roiOf([3, 6].map((z) => rectangle(14.5, 9.5, 40.5, 30.5, z)));
  const { mask, status, findings } = maskOfRoi(across, GRID);
  assert.equal(status, 'ok');
  assert.equal(countVoxels(mask), 5 * 6 * 2);
  assert.ok(findings.length > 0);
});

test('rt-utils #32: a sagittal series takes contours in its planes', () => {
  const sagittal: Grid = { ...GRID, direction: [0, 0, 1, 1, 0, 0, 0, 1, 0] as Mat3 };
  const drawn = [3, 6].map((x) =>
    contour([
      [x, 0.5, 0.5],
      [x, 10.5, 0.5],
      [x, 10.5, 8.5],
      [x, 0.5, 8.5],
    ]),
  );
  const { mask, status } = maskOfRoi(roiOf(drawn), sagittal);
  assert.deepEqual([status, countVoxels(mask)], ['ok', 10 * 8 * 2]);
});
