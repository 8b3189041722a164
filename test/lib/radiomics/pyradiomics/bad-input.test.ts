import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid, Mask, Volume } from '#lib/image/grid.ts';
import { emptyMask, maskOfVolume } from '#lib/image/mask.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { seededRandom } from '#lib/random.ts';
import { plainGrid } from '../random-region.ts';

const SIZE: Vec3 = [12, 11, 10];

function noise(grid: Grid = plainGrid(SIZE), scale = 400): Volume<Float32Array> {
  const random = seededRandom(7);
  return { grid, data: Float32Array.from({ length: 1320 }, () => scale * random()) };
}

function block(grid: Grid = plainGrid(SIZE), start: Vec3 = [3, 3, 3], size: Vec3 = [5, 4, 3]): Mask {
  return { grid, box: { start, size }, data: new Uint8Array(size[0] * size[1] * size[2]).fill(1) };
}

function extract(image: Volume, mask: Mask, setting: object = {}, rest: object = {}) {
  return extractFeatures(
    image,
    mask,
    parseRadiomicsSettings({ setting: { additionalInfo: false, ...setting }, ...rest }),
  );
}

const plain = plainGrid(SIZE);
/** PyRadiomics issues 482, 390, 507, 408, 824, 251: which axis, by how many mm, and what helps. */
const MISMATCHES: [string, Grid, RegExp][] = [
  [
    'a shifted origin',
    { ...plain, originMm: [0, 0.5, 0] },
    /origin along y: the mask lies \+0\.5 mm off.*correctMask.*geometryTolerance/,
  ],
  ['another spacing', { ...plain, spacingMm: [1, 1, 1.25] }, /spacing along k \(slices\): image 1, mask 1\.25 mm/],
  ['another size', { ...plain, size: [12, 11, 9] }, /size along k \(slices\): image 10, mask 9 voxels/],
  ['turned axes', { ...plain, direction: [1, 0, 0, 0, -1, 0, 0, 0, -1] }, /direction cosines differ by up to 2\.00/],
];

for (const [what, grid, message] of MISMATCHES) {
  test(`a mask with ${what} is refused, with the difference in numbers`, () => {
    const result = extract(noise(), block(grid, [3, 3, 3], [5, 4, 3]));
    assert.equal(result.status, 'failed');
    assert.match(result.reason, message);
    assert.deepEqual(result.values, {});
  });
}

test('a difference within the tolerance is accepted', () => {
  const near = { ...plain, originMm: [0, 1e-4, 0] as Vec3 };
  assert.equal(extract(noise(), block(near)).status, 'failed');
  assert.equal(extract(noise(), block(near), { geometryTolerance: 1e-3 }).status, 'ok');
});

test('correctMask resamples a mask of another grid onto the image, with a finding', () => {
  const offset: Grid = { ...plain, size: [6, 6, 6], originMm: [2, 2, 2] };
  const result = extract(noise(), block(offset, [1, 1, 1]), { correctMask: true });
  assert.deepEqual(result.values, extract(noise(), block()).values);
  assert.deepEqual(
    result.findings.map(({ code }) => code),
    ['MASK_RESAMPLED'],
  );
});

test('correctMask resamples a mask with turned axes', () => {
  const turned: Grid = { ...plain, originMm: [11, 10, 0], direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] };
  const result = extract(noise(), block(turned, [4, 4, 3]), { correctMask: true });
  assert.deepEqual(result.values, extract(noise(), block()).values);
});

test('a region beyond the image is refused, and the message says by how much', () => {
  const beyond: Grid = { ...plain, originMm: [9, 0, 0] };
  for (const setting of [{ correctMask: true }, { resampledPixelSpacing: [2, 2, 2] }]) {
    const { status, reason } = extract(noise(), block(beyond), setting);
    assert.equal(status, 'failed');
    assert.match(reason, /reaches 5\.00 voxels \(5\.00 mm\) beyond the image along i \(columns\)/);
  }
});

const TOO_SMALL: [string, Vec3, object, RegExp][] = [
  ['one voxel', [1, 1, 1], {}, /a single voxel/],
  ['a line', [4, 1, 1], {}, /spans 4 x 1 x 1 voxels: 1 dimensions, but 2 are needed/],
  ['few voxels', [5, 4, 3], { minimumROISize: 64 }, /has 60 voxels, but more than 64 are needed/],
  [
    'nothing in the range',
    [5, 4, 3],
    { resegmentRange: [5000, 6000] },
    /after re-segmentation to \[5000, 6000\] \(absolute\) there are 0 voxels/,
  ],
];
for (const [what, size, setting, message] of TOO_SMALL) {
  test(`${what} is too small for features, with the reason`, () => {
    const { status, reason } = extract(noise(), block(plain, [3, 3, 3], size), setting);
    assert.equal(status, 'too_small');
    assert.match(reason, message);
  });
}

test('an empty mask gives a status, not an error', () => {
  for (const mask of [emptyMask(plain), { ...block(), data: new Uint8Array(60) }]) {
    assert.equal(extract(noise(), mask).status, 'empty');
  }
});

test('NaN and infinite intensities in the region are counted and refused', () => {
  const image = noise();
  image.data[3 + 12 * (3 + 11 * 3)] = Number.NaN;
  image.data[4 + 12 * (3 + 11 * 3)] = Number.POSITIVE_INFINITY;
  const result = extract(image, block());
  assert.equal(result.status, 'failed');
  assert.match(result.reason, /^2 of 60 intensities in the region are not finite numbers/);
});

test('NaN and infinity far from the region affect only the filtered images that they reach', () => {
  const clean = noise();
  const rest = { imageType: { Original: {}, Square: {}, Logarithm: {}, Gradient: {}, LoG: { sigma: [1] } } };
  for (const strange of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const image = noise();
    image.data[1319] = strange;
    const [result, expected] = [image, clean].map((one) => extract(one, block(), {}, rest));
    assert.equal(result.status, 'ok');
    const lost = ['square', 'logarithm', 'log-sigma-1-0-mm-3D'];
    assert.deepEqual(Object.keys(result.values), Object.keys(expected.values));
    for (const [name, value] of Object.entries(result.values)) {
      if (lost.some((image) => name.startsWith(`${image}_`))) assert.ok(Number.isNaN(value), name);
      else assert.equal(value, expected.values[name], name);
    }
    assert.deepEqual(
      result.findings.map(({ code, where }) => [code, where]),
      lost.map((image) => ['IMAGE_NOT_FINITE', image]),
    );
    assert.equal(extract(image, block(), { preCrop: true, padDistance: 1 }, rest).findings.length, 0);
  }
});

test('a flat region has the values of PyRadiomics instead of 0 / 0', () => {
  const flat: Volume = { grid: plain, data: new Int16Array(1320).fill(40) };
  const { values } = extract(flat, block());
  const expected: Record<string, number> = {
    original_firstorder_Kurtosis: 0,
    original_firstorder_Skewness: 0,
    original_firstorder_Variance: 0,
    original_glcm_Correlation: 1,
    original_glcm_MCC: 1,
    original_glcm_Imc2: 0,
    original_ngtdm_Coarseness: 1e6,
    original_ngtdm_Busyness: 0,
    original_ngtdm_Contrast: 0,
    original_ngtdm_Strength: 0,
    original_glszm_LargeAreaEmphasis: 3600,
  };
  for (const [feature, value] of Object.entries(expected)) assert.equal(values[feature], value, feature);
  assert.equal(Math.abs(values.original_glcm_Imc1), 0);
});

test('several labels in one volume are several regions', () => {
  const labels = new Uint8Array(1320);
  for (let p = 0; p < labels.length; p++) labels[p] = p % 12 < 6 ? 1 : 2;
  const [left, right] = [1, 2].map((label) => extract(noise(), maskOfVolume(plain, labels, label)));
  assert.notEqual(left.values.original_firstorder_Mean, right.values.original_firstorder_Mean);
  assert.equal(left.values.original_shape_VoxelVolume, 660);
});

test('too many grey levels remove the textures of that image alone, with a remedy', () => {
  const result = extract(
    noise(plain, 1e6),
    block(),
    { binWidth: 1 },
    { imageType: { Original: {}, Square: { binWidth: 1e5 } } },
  );
  assert.equal(result.status, 'ok');
  assert.ok(Number.isNaN(result.values.original_glcm_Contrast));
  assert.ok(Number.isFinite(result.values.original_firstorder_Entropy));
  assert.ok(Number.isFinite(result.values.square_glcm_Contrast));
  const [found] = result.findings;
  assert.deepEqual([found.code, found.severity, found.where], ['TOO_MANY_GRAY_LEVELS', 'error', 'original']);
  assert.match(found.message, /use a larger binWidth, or a binCount/);
});

test('a bin width that needs too many bins gives a finding', () => {
  const result = extract(noise(plain, 1e9), block(), { binWidth: 1e-3 });
  assert.ok(Number.isNaN(result.values.original_firstorder_Entropy));
  assert.match(result.findings[0].message, /divides the range .* into more than/);
});

test('an image too thin for a sigma keeps its other columns, and a finding names the missing one', () => {
  const thin = plainGrid([12, 37, 3]);
  const image = noise(thin);
  const result = extract(
    image,
    block(thin, [3, 3, 0], [5, 4, 3]),
    {},
    { imageType: { Original: {}, LoG: { sigma: [2] } } },
  );
  assert.equal(result.status, 'ok');
  assert.ok(Object.keys(result.values).every((name) => name.startsWith('original_')));
  assert.deepEqual(
    result.findings.map(({ code, where }) => [code, where]),
    [['LOG_IMAGE_TOO_SMALL', 'log-sigma-2-0-mm-3D']],
  );
});

test('integer images are limited to their range before fractions are cut off', () => {
  const random = seededRandom(3);
  const image: Volume = {
    grid: plain,
    data: Int16Array.from({ length: 1320 }, () => (random() < 0.5 ? 32767 : -32768)),
  };
  const { values } = extract(image, block(), { resampledPixelSpacing: [0.7, 0.7, 0.7], binWidth: 1000 });
  assert.equal(values.original_firstorder_Maximum, 32767);
  assert.equal(values.original_firstorder_Minimum, -32768);
});
