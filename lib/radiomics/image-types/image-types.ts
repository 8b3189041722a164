import { type Finding, finding } from '../../findings.ts';
import type { Box, Mask, Volume, VoxelArray } from '../../image/grid.ts';
import type { ImageType, Settings } from '../settings/settings.ts';
import { gradientMagnitude } from './gradient.ts';
import { type IntensityMap, mapIntensities } from './intensity.ts';
import { laplacianOfGaussian, tooSmallForLog } from './laplacian-of-gaussian.ts';
import { localBinaryPattern2D } from './lbp-2d.ts';
import { localBinaryPatterns3D } from './lbp-3d.ts';
import { bandNames, waveletBands } from './wavelet.ts';

/** An image that features are computed on, and the prefix of their names. */
export interface NamedImage {
  name: string;
  image: Volume;
}

/** An image that cannot be made, and why. */
export interface MissingImage {
  name: string;
  finding: Finding;
}

/** What an image type makes its images from. The mask, on the image's grid, matters to LBP3D alone. */
export interface ImageSource {
  image: Volume;
  mask: Mask;
  setting: Settings;
  /** The voxels whose numbers count; numbers elsewhere may be any. Without it all count. */
  within?: Box;
  /** Filtered images that nobody requests are skipped where that saves work. */
  wanted(name: string): boolean;
}

/** Names of the images of an image type, in PyRadiomics' order. */
export function imageNames(type: ImageType, setting: Settings): string[] {
  return IMAGES[type].names(setting);
}

/** The wanted images of an image type, one at a time; numbers of the type that PyRadiomics keeps, which decides rounding. */
export function* imagesOf(type: ImageType, source: ImageSource): Generator<NamedImage | MissingImage> {
  for (const made of IMAGES[type].images(source)) {
    if (!source.wanted(made.name)) continue;
    yield 'finding' in made ? made : { name: made.name, image: { grid: source.image.grid, data: made.data } };
  }
}

interface Images {
  names(setting: Settings): string[];
  images(source: ImageSource): Iterable<{ name: string; data: VoxelArray } | MissingImage>;
}

const IMAGES: Record<ImageType, Images> = {
  Original: one('original', ({ image }) => image.data),
  LoG: { names: (setting) => setting.sigma.map(({ name }) => logName(name)), images: logImages },
  Wavelet: {
    names: (setting) => bandNames(waveletOptions(setting)).map((band) => `wavelet${band}`),
    images: waveletImages,
  },
  Square: mapped('Square'),
  SquareRoot: mapped('SquareRoot'),
  Logarithm: mapped('Logarithm'),
  Exponential: mapped('Exponential'),
  Gradient: one('gradient', ({ image, setting }) => gradientMagnitude(image, setting.gradientUseSpacing)),
  LBP2D: one('lbp-2D', ({ image, setting }) => localBinaryPattern2D(image, setting)),
  LBP3D: {
    names: ({ lbp3DLevels }) => [...Array.from({ length: lbp3DLevels }, (_, n) => `lbp-3D-m${n + 1}`), 'lbp-3D-k'],
    images: ({ image, mask, setting }) => localBinaryPatterns3D(image, mask, setting),
  },
};

function one(name: string, data: (source: ImageSource) => VoxelArray): Images {
  return {
    names: () => [name],
    *images(source) {
      if (source.wanted(name)) yield { name, data: data(source) };
    },
  };
}

function mapped(map: IntensityMap): Images {
  return one(map.toLowerCase(), ({ image }) => mapIntensities(image.data, map));
}

function logName(sigma: string): string {
  return `log-sigma-${sigma}-mm-3D`;
}

function* logImages({ image, setting, within, wanted }: ImageSource) {
  for (const sigma of setting.sigma) {
    const name = logName(sigma.name);
    if (!wanted(name)) continue;
    const problem = tooSmallForLog(image.grid.size, image.grid.spacingMm, sigma.mm);
    if (problem === undefined) yield { name, data: laplacianOfGaussian(image, sigma.mm, within) };
    else yield { name, finding: finding('LOG_IMAGE_TOO_SMALL', name, `no LoG features: ${problem}`) };
  }
}

function* waveletImages({ image, setting, within }: ImageSource) {
  const bands = waveletBands(image.data, image.grid.size, waveletOptions(setting), within);
  for (const { name, data } of bands) {
    yield { name: `wavelet${name}`, data };
  }
}

/** In two dimensions the axis across the plane is not filtered; force2Ddimension counts z, y, x. */
function waveletOptions(setting: Settings) {
  const axes = [0, 1, 2].filter((axis) => !setting.force2D || axis !== 2 - setting.force2Ddimension);
  return { wavelet: setting.wavelet, level: setting.level, startLevel: setting.start_level, axes };
}
