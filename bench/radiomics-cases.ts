import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Grid, indexToPatient, type Mask, type Volume, type VoxelArray } from '../lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '../lib/image/mask.ts';
import { normalize, type Vec3 } from '../lib/math/vec3.ts';
import { readNifti } from '../lib/nifti/read-nifti.ts';
import { readNrrd } from '../lib/nifti/read-nrrd.ts';
import { gaussian, type Random, seededRandom } from '../lib/random.ts';
import { sharedPath } from '../test/fixtures/shared.ts';

export interface RadiomicsCase {
  name: string;
  image: Volume;
  mask: Mask;
  /** As PyRadiomics reads them. */
  params: object;
}

const ALL_CLASSES = { shape: [], firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: [] };
const ALL_FILTERS = {
  ...{ Original: {}, LoG: { sigma: [2.0, 3.5] }, Wavelet: {}, Square: {}, SquareRoot: {}, Logarithm: {} },
  ...{ Exponential: {}, Gradient: {}, LBP2D: { binWidth: 1 } },
};

/** The parameters of the speed comparison: 1223 features. */
export const SPEED_PARAMS = {
  setting: { resampledPixelSpacing: [1, 1, 1], distances: [1, 2], binWidth: 25 },
  imageType: { Original: {}, LoG: { sigma: [1.0, 2.0, 3.0, 5.0] }, Wavelet: {} },
  featureClass: ALL_CLASSES,
};

/** Every public image that is there with several ways to look at it. */
export function sampleCases(): RadiomicsCase[] {
  const images = [
    ...niftiImage('digital phantom', 'data/ibsi-digital-phantom/nifti'),
    ...niftiImage('CT phantom', 'data/ibsi-ct-phantom/nifti'),
    ...['brain1', 'brain2', 'breast1'].flatMap((name) => nrrdImage(name, `${name}_image`, `${name}_label`)),
    ...nrrdImage('prostate', 'prostate_phantom_subvolume', 'prostate_phantom_subvolume-label'),
  ];
  const settings: [string, object][] = [
    ['defaults', {}],
    ['2 mm', { resampledPixelSpacing: [2, 2, 2], binCount: 32 }],
    ['linear, in plane', { resampledPixelSpacing: [1.5, 1.5, 0], interpolator: 'sitkLinear', preCrop: true }],
    ['2D', { force2D: true, distances: [1, 2], weightingNorm: 'euclidean', preCrop: true }],
  ];
  return images.flatMap(({ name, image, mask }) =>
    settings.map(([how, setting]) => ({
      name: `${name}, ${how}`,
      image,
      mask,
      params: { setting: { additionalInfo: false, ...setting }, imageType: ALL_FILTERS, featureClass: ALL_CLASSES },
    })),
  );
}

/** New random textures, grids, regions and settings for every seed. */
export function randomCases(count: number, seed: number): RadiomicsCase[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, n) => {
    const { image, mask } = randomPhantom(random);
    const setting = randomSetting(random);
    const imageType = { ...ALL_FILTERS, LoG: { sigma: [1 + Math.round(30 * random()) / 10] } };
    const wavelet = pick(random, ['haar', 'db3', 'sym4', 'coif1', 'coif2']);
    const params = { setting: { additionalInfo: false, wavelet, ...setting }, imageType, featureClass: ALL_CLASSES };
    return { name: `random ${seed}/${n}`, image, mask, params };
  });
}

/** A ball of this volume in a textured image at CT spacing. */
export function ballCase(volumeCc: number): RadiomicsCase {
  const radius = ((3 * volumeCc * 1000) / (4 * Math.PI)) ** (1 / 3);
  const spacingMm: Vec3 = [0.98, 0.98, 3];
  const size = spacingMm.map((spacing) => Math.ceil((2 * radius + 30) / spacing)) as Vec3;
  const grid: Grid = { size, spacingMm, originMm: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const random = seededRandom(Math.round(volumeCc));
  const image: Volume = { grid, data: Int16Array.from(smoothNoise(size, random, 1.5), (x) => 40 + 250 * x) };
  const mask = maskOf(grid, (i, j, k) => {
    const d = [i, j, k].map((x, axis) => (x - (size[axis] - 1) / 2) * spacingMm[axis]);
    return Math.hypot(...d) <= radius;
  });
  return { name: `ball of ${volumeCc} cc`, image, mask, params: SPEED_PARAMS };
}

/** The same without filtered images. */
export function originalOf({ name, params, ...rest }: RadiomicsCase): RadiomicsCase {
  return { ...rest, name: `${name}, Original`, params: { ...params, imageType: { Original: {} } } };
}

/**
 * The grey levels of a region as its image, 1 the lowest, in voxels of 1 mm: every program bins it alike, and none
 * resamples.
 */
export function levelsOf({ name, image, mask }: RadiomicsCase, binWidth: number): RadiomicsCase {
  const grid: Grid = { ...image.grid, spacingMm: [1, 1, 1] };
  const bins = Int32Array.from(image.data, (value) => Math.floor(value / binWidth));
  const inside = fullMaskData(mask);
  const lowest = bins.filter((_, n) => inside[n] !== 0).reduce((least, bin) => Math.min(least, bin));
  const data = Uint16Array.from(bins, (bin) => Math.max(bin - lowest + 1, 0));
  const params = { setting: { binWidth: 1 }, imageType: { Original: {} }, featureClass: ALL_CLASSES };
  return { name: `${name}, grey levels`, image: { grid, data }, mask: { ...mask, grid }, params };
}

/** A course: 512 x 512 x 200 voxels and 40 balls of 1500 to 5 cc, the largest first: 4.7 litres in all. */
export function courseCase(): { image: Volume; masks: Mask[] } {
  const size: Vec3 = [512, 512, 200];
  const grid: Grid = {
    size,
    spacingMm: [0.98, 0.98, 2.5],
    originMm: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const random = seededRandom(40);
  const data = new Int16Array(new SharedArrayBuffer(2 * size[0] * size[1] * size[2]));
  data.set(smoothNoise(size, random, 1.5).map((x) => 40 + 250 * x));
  const volumesCc = [1500, 900, ...Array(6).fill(250), ...Array(12).fill(60), ...Array(20).fill(5)] as number[];
  return { image: { grid, data }, masks: volumesCc.map((volumeCc) => randomBall(grid, volumeCc, random)) };
}

function randomBall(grid: Grid, volumeCc: number, random: Random): Mask {
  const radius = ((3 * volumeCc * 1000) / (4 * Math.PI)) ** (1 / 3);
  const reach = grid.spacingMm.map((spacing) => Math.ceil(radius / spacing)) as Vec3;
  const start = grid.size.map((n, axis) => Math.floor(random() * (n - 2 * reach[axis] - 1))) as Vec3;
  const ball = maskOf({ ...grid, size: reach.map((n) => 2 * n + 1) as Vec3 }, (i, j, k) => {
    return Math.hypot(...[i, j, k].map((x, axis) => (x - reach[axis]) * grid.spacingMm[axis])) <= radius;
  });
  const inGrid = ball.box.start.map((first, axis) => first + start[axis]) as Vec3;
  return { grid, box: { start: inGrid, size: ball.box.size }, data: ball.data };
}

/** The tumour of the IBSI CT phantom, 359 664 voxels at 1 mm. */
export function tumourCase(): RadiomicsCase[] {
  return niftiImage('IBSI tumour', 'data/ibsi-ct-phantom/nifti').map((found) => ({ ...found, params: SPEED_PARAMS }));
}

type Named = Omit<RadiomicsCase, 'params'>;

function niftiImage(name: string, folder: string): Named[] {
  const [image, label] = ['image/phantom.nii.gz', 'mask/mask.nii.gz'].map((file) => sharedPath(`${folder}/${file}`));
  if (!image || !label) return [];
  const labels = readNifti(gunzipSync(readFileSync(label)));
  return [{ name, image: readNifti(gunzipSync(readFileSync(image))), mask: maskOfVolume(labels.grid, labels.data, 1) }];
}

function nrrdImage(name: string, image: string, label: string): Named[] {
  const [imagePath, labelPath] = [image, label].map((file) => sharedPath(`data/pyradiomics/${file}.nrrd`));
  if (!imagePath || !labelPath) return [];
  const labels = readNrrd(readFileSync(labelPath));
  return [{ name, image: readNrrd(readFileSync(imagePath)), mask: maskOfVolume(labels.grid, labels.data, 1) }];
}

function randomPhantom(random: Random): { image: Volume; mask: Mask } {
  const size = [0, 1, 2].map(() => 14 + Math.floor(22 * random())) as Vec3;
  const spacing = 0.7 + random();
  const spacingMm: Vec3 = [spacing, pick(random, [spacing, 0.6 + random()]), 0.8 + 3 * random()];
  const originMm: Vec3 = [100 * random() - 50, 100 * random() - 50, 100 * random() - 50];
  const grid: Grid = { size, spacingMm, originMm, direction: randomDirection(random) };
  const noise = smoothNoise(size, random, 0.5 + 2 * random());
  const scale = pick(random, [60, 200, 700]);
  const isInteger = random() < 0.5;
  const values = noise.map((x) => 1000 * (random() < 0.02 ? 1 : 0) + scale * x);
  const data: VoxelArray = isInteger ? Int16Array.from(values) : Float32Array.from(values);
  const maskGrid = random() < 0.3 ? innerGrid(grid, random) : grid;
  const centre = maskGrid.size.map((n) => n * (0.4 + 0.2 * random()));
  const radii = maskGrid.size.map((n) => n * (0.2 + 0.15 * random()));
  const holes = random() * 0.15;
  const mask = maskOf(maskGrid, (i, j, k) => {
    return Math.hypot(...[i, j, k].map((x, axis) => (x - centre[axis]) / radii[axis])) <= 1 && random() >= holes;
  });
  return { image: { grid, data }, mask };
}

/** A smaller grid of the same spacing within, its voxels on those of the image or a third of one beside them. */
function innerGrid(grid: Grid, random: Random): Grid {
  const shift = pick(random, [0, 0.3]);
  const size = grid.size.map((n) => n - 4) as Vec3;
  return { ...grid, size, originMm: indexToPatient(grid, [2 + shift, 2, 2 - shift]) };
}

function randomSetting(random: Random): object {
  return {
    correctMask: true,
    ...pick(random, [
      {},
      { resampledPixelSpacing: [2, 2, 2] },
      { resampledPixelSpacing: [1.3, 1.1, 0] },
      { preCrop: true },
    ]),
    ...pick(random, [{ binWidth: 25 }, { binWidth: 10 }, { binWidth: 7.5 }, { binCount: 16 }, { binCount: 40 }]),
    ...pick(random, [{}, { distances: [1, 2] }, { distances: [2] }, { force2D: true }]),
    ...pick(random, [
      {},
      { weightingNorm: 'manhattan' },
      { weightingNorm: 'no_weighting' },
      { symmetricalGLCM: false },
    ]),
    ...pick(random, [{}, { gldm_a: 1 }, { voxelArrayShift: 1000 }, { padDistance: 2 }]),
    ...pick(random, [{}, {}, { normalize: true, normalizeScale: 100, removeOutliers: 3 }]),
    ...pick(random, [{}, {}, { resegmentRange: [-3, 3], resegmentMode: 'sigma' }, { interpolator: 'sitkLinear' }]),
  };
}

/** Noise with a correlation length of about `voxels`, mean 0, deviation 1. */
function smoothNoise(size: Vec3, random: Random, voxels: number): Float64Array {
  const noise = Float64Array.from({ length: size[0] * size[1] * size[2] }, () => gaussian(random));
  const keep = Math.exp(-1 / voxels);
  for (const stride of [1, size[0], size[0] * size[1]]) {
    for (let p = stride; p < noise.length; p++) noise[p] = keep * noise[p - stride] + (1 - keep) * noise[p];
  }
  const deviation = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
  return noise.map((x) => x / deviation);
}

function maskOf(grid: Grid, isInside: (i: number, j: number, k: number) => boolean): Mask {
  const [nx, ny] = grid.size;
  const data = Uint8Array.from({ length: nx * ny * grid.size[2] }, (_, p) =>
    isInside(p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))) ? 1 : 0,
  );
  return maskOfVolume(grid, data);
}

/** Axis-aligned, flipped in two axes, or turned about the third. */
function randomDirection(random: Random): Grid['direction'] {
  const [c, s] = normalize([Math.cos(random()), Math.sin(random()), 0]);
  return pick<Grid['direction']>(random, [
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
    [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    [c, -s, 0, s, c, 0, 0, 0, 1],
  ]);
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)];
}
