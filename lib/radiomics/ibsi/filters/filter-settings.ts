import { z } from 'zod';
import { isOrthogonalWavelet } from '../../kernels/wavelet-coefficients.ts';
import { BOUNDARIES } from './block.ts';
import { POOLINGS } from './rotations.ts';

const positive = z.number().positive();
const boundary = z.enum(BOUNDARIES).default('mirror');
const pooling = z.enum(POOLINGS);

/** Mean of a line, square or cube of `support` voxels. */
const mean = z.strictObject({ type: z.literal('mean'), support: z.int().positive(), boundary });

/** Laplacian of Gaussian, cut off at `truncate` sigma; sigma in mm. */
const laplacianOfGaussian = z.strictObject({
  type: z.literal('log'),
  sigmaMm: positive,
  truncate: positive.default(4),
  boundary,
});

/** Laws' kernels, one name per axis (`L5E5E5`); the energy is the mean of the absolute response over 2 delta + 1 voxels. */
const laws = z.strictObject({
  type: z.literal('laws'),
  kernels: z.string().regex(/^([LESWR]5|[LES]3){2,3}$/, 'expected two or three of L5 E5 S5 W5 R5 L3 E3 S3'),
  rotations: pooling.optional(),
  energyDelta: z.int().positive().optional(),
  boundary,
});

/** Modulus of a Gabor filter in the plane; `thetaStep` turns it through the full circle. Angles in radians. */
const gabor = z.strictObject({
  type: z.literal('gabor'),
  sigmaMm: positive,
  wavelengthMm: positive,
  gamma: positive,
  theta: z.number().default(0),
  thetaStep: positive.optional(),
  pooling: pooling.default('average'),
  /** Also in the two planes across, and pooled over all three. */
  orthogonalPlanes: z.boolean().default(false),
  boundary,
});

/** Undecimated separable wavelet: one of L and H per axis. */
const separableWavelet = z.strictObject({
  type: z.literal('wavelet'),
  /** A name of PyWavelets' orthogonal wavelets: haar, db3, coif1, ... */
  family: z.string().refine(isOrthogonalWavelet, 'not an orthogonal wavelet of PyWavelets'),
  bands: z.string().regex(/^[LH]{2,3}$/, 'expected two or three of L and H'),
  level: z.int().positive().default(1),
  rotations: pooling.optional(),
  boundary,
});

const rieszOrder = z.array(z.int().nonnegative()).min(2).max(3).optional();

/** Isotropic wavelets, defined on the frequencies of the whole image, which is taken as periodic. */
const isotropicWavelet = z.strictObject({
  type: z.literal('isotropic-wavelet'),
  family: z.enum(['simoncelli', 'shannon']),
  level: z.int().positive().default(1),
  riesz: rieszOrder,
});

/** Riesz transform of the Laplacian of Gaussian. */
const rieszLog = z.strictObject({
  type: z.literal('riesz-log'),
  sigmaMm: positive,
  truncate: positive.default(4),
  riesz: z.array(z.int().nonnegative()).min(2).max(3),
  boundary,
});

/** The filters of IBSI 2 (arXiv:2006.05470). Plain data: it can be posted to a thread. */
export const filterSettings = z.discriminatedUnion('type', [
  mean,
  laplacianOfGaussian,
  laws,
  gabor,
  separableWavelet,
  isotropicWavelet,
  rieszLog,
]);
export type FilterSettings = z.infer<typeof filterSettings>;
export type FilterInput = z.input<typeof filterSettings>;
export type FilterOf<T extends FilterSettings['type']> = Extract<FilterSettings, { type: T }>;

/** How many axes a filter's letters or orders name; undefined when it works in the plane and in space alike. */
export function axesNamed(filter: FilterSettings): number | undefined {
  if (filter.type === 'laws') return filter.kernels.length / 2;
  if (filter.type === 'wavelet') return filter.bands.length;
  return 'riesz' in filter ? filter.riesz?.length : undefined;
}
