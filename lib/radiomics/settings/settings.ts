import { parse } from 'yaml';
import { z } from 'zod';
import { BadConfig } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { LARGEST_DISTANCE } from '../kernels/kernels.ts';
import { isKnownWavelet } from '../kernels/wavelet-filters.ts';
import { FEATURE_CLASSES, type FeatureClass, featureNames } from './feature-names.ts';

/** PyRadiomics' settings under its own names, https://pyradiomics.readthedocs.io/en/latest/customization.html */
export const settingsSchema = z.strictObject({
  minimumROIDimensions: z
    .int()
    .min(1)
    .max(3)
    .default(2)
    .describe('number of axes along which the ROI must be larger than one voxel'),
  minimumROISize: z.int().positive().nullable().default(null).describe('the ROI must have more voxels than this'),
  geometryTolerance: z.coerce.number().positive().nullable().default(null).describe('null: 1e-6, as ITK'),
  correctMask: z
    .boolean()
    .default(false)
    .describe('resample a mask with another grid to the image (nearest neighbour)'),
  additionalInfo: z.boolean().default(true).describe('add the diagnostics_ columns'),
  label: z.int().positive().nullable().default(null).describe('label of a label map; null: every label'),
  label_channel: z.int().min(0).default(0).describe('channel of a label map whose voxels are vectors, from 0'),
  binWidth: z.number().positive().default(25),
  binCount: z.int().positive().nullable().default(null).describe('overrides binWidth'),
  normalize: z.boolean().default(false).describe('first scale the whole image to mean 0 and standard deviation 1'),
  normalizeScale: z.number().positive().default(1),
  removeOutliers: z.number().positive().nullable().default(null).describe('clip at this many standard deviations'),
  resampledPixelSpacing: z.array(z.number().min(0)).length(3).nullable().default(null).describe('mm; 0 keeps an axis'),
  interpolator: z
    .union([z.string(), z.int()])
    .nullable()
    .default('sitkBSpline')
    .transform((name, context) => interpolatorOf(name, (message) => context.addIssue({ code: 'custom', message }))),
  padDistance: z.int().min(0).default(5).describe('voxels kept around the ROI when cropping'),
  preCrop: z.boolean().default(false),
  distances: z.array(z.int().positive().max(LARGEST_DISTANCE)).min(1).default([1]),
  force2D: z.boolean().default(false),
  force2Ddimension: z.int().min(0).max(2).default(0).describe('0 = z, 1 = y, 2 = x'),
  resegmentRange: z.array(z.number()).min(1).max(2).nullable().default(null),
  resegmentMode: z.enum(['absolute', 'relative', 'sigma']).default('absolute'),
  resegmentShape: z.boolean().default(false),
  sigma: z
    .array(z.union([z.number().positive(), z.bigint().positive()]).transform(namedSigma))
    .default([])
    .describe('mm, of the Laplacian of Gaussian'),
  start_level: z.int().min(0).default(0),
  level: z.int().positive().default(1),
  wavelet: z
    .string()
    .default('coif1')
    .refine(isKnownWavelet, {
      error: (issue) => `wavelet ${issue.input} is not haar, dbN, symN, coifN, dmey, biorN.M or rbioN.M`,
    }),
  gradientUseSpacing: z.boolean().default(true),
  lbp2DRadius: z.number().positive().default(1),
  lbp2DSamples: z.int().min(1).default(8),
  lbp2DMethod: z.enum(['default', 'ror', 'uniform', 'var']).default('uniform'),
  lbp3DLevels: z.int().min(1).default(2),
  lbp3DIcosphereRadius: z.number().positive().default(1),
  lbp3DIcosphereSubdivision: z.int().min(0).default(1),
  voxelArrayShift: z.int().default(0),
  symmetricalGLCM: z.boolean().default(true),
  weightingNorm: z.enum(['euclidean', 'manhattan', 'infinity', 'no_weighting']).nullable().default(null),
  gldm_a: z.int().min(0).default(0),
});

/** Of voxel-based extraction, which is not offered: accepted so that a parameter file can be read as it is. */
const voxelSettingsSchema = z.strictObject({
  kernelRadius: z.int().positive().optional(),
  maskedKernel: z.boolean().optional(),
  initValue: z.union([z.number(), z.nan(), z.literal('nan')]).optional(),
  voxelBatch: z.int().positive().optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** A scale of the Laplacian of Gaussian and its part of the column name, as Python prints the number: 1 -> 1, 1.0 -> 1-0. */
export interface Sigma {
  mm: number;
  name: string;
}

export const IMAGE_TYPES = [
  'Original',
  'LoG',
  'Wavelet',
  'Square',
  'SquareRoot',
  'Logarithm',
  'Exponential',
  'Gradient',
  'LBP2D',
  'LBP3D',
] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

/** A parameter file, checked and with its defaults: plain data that can be posted to a thread. */
export interface RadiomicsSettings {
  setting: Settings;
  /** In the order of the file, each with the settings that apply to it: the general ones and its own. */
  imageTypes: { type: ImageType; setting: Settings }[];
  /** In the order of the file, each with the features asked for, in that order. */
  featureClasses: { name: FeatureClass; features: string[] }[];
}

/**
 * Reads a PyRadiomics parameter file, as YAML (or JSON) text or already parsed.
 * @throws BadConfig naming the key, and for an unknown key the nearest known one
 */
export function parseRadiomicsSettings(source: unknown = {}): RadiomicsSettings {
  const file = typeof source === 'string' ? parseYaml(source) : source;
  const sections = section(file, '', ['setting', 'voxelSetting', 'imageType', 'featureClass']);
  const general = section(sections.setting, 'setting', Object.keys(settingsSchema.shape));
  check(voxelSettingsSchema, sections.voxelSetting ?? {}, 'voxelSetting');
  return {
    setting: check(settingsSchema, general, 'setting'),
    imageTypes: imageTypesOf(sections.imageType, general),
    featureClasses: featureClassesOf(sections.featureClass),
  };
}

function imageTypesOf(value: unknown, general: Record<string, unknown>): RadiomicsSettings['imageTypes'] {
  const types = section(value, 'imageType', [...IMAGE_TYPES]);
  const names = Object.keys(types).length === 0 ? ['Original'] : Object.keys(types);
  return names.map((type) => {
    const own = section(types[type], `imageType.${type}`, Object.keys(settingsSchema.shape));
    return { type: type as ImageType, setting: check(settingsSchema, { ...general, ...own }, `imageType.${type}`) };
  });
}

/** A class with null or an empty list has all its features but the deprecated ones; no class at all means all but shape2D. */
function featureClassesOf(value: unknown): RadiomicsSettings['featureClasses'] {
  const classes = section(value, 'featureClass', [...FEATURE_CLASSES]);
  const names = Object.keys(classes) as FeatureClass[];
  if (names.length === 0) names.push(...FEATURE_CLASSES.filter((name) => name !== 'shape2D'));
  return names.map((name) => ({ name, features: featuresOf(classes[name], name) }));
}

function featuresOf(value: unknown, name: FeatureClass): string[] {
  const { standard, byNameOnly, withoutValue } = featureNames(name);
  if (value === undefined || value === null) return standard;
  if (!Array.isArray(value)) throw new BadConfig(`featureClass.${name} must be a list of features`);
  const known = [...standard, ...byNameOnly, ...withoutValue];
  const unknown = value.map(String).find((feature) => !known.includes(feature));
  if (unknown !== undefined) {
    throw new BadConfig(`featureClass.${name}: unknown feature ${unknown}, did you mean ${nearest(unknown, known)}?`);
  }
  return value.length === 0 ? standard : value.map(String).filter((feature) => !withoutValue.includes(feature));
}

/** A number with underscores, as YAML 1.1 and PyRadiomics' reader take it: 1_000. */
const UNDERSCORED = /^[-+]?\d[\d_]*(\.[\d_]*)?(e[-+]?\d+)?$/i;

/** Whole numbers are read as bigint: a sigma written 1 is named apart from one written 1.0. */
function parseYaml(text: string): unknown {
  try {
    return plainNumbers(parse(text, { intAsBigInt: true }));
  } catch (cause) {
    throw new BadConfig('the radiomics parameter file is not YAML', { cause });
  }
}

function plainNumbers(value: unknown, key = ''): unknown {
  if (typeof value === 'string' && value.includes('_') && UNDERSCORED.test(value))
    return Number(value.replaceAll('_', ''));
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || key === 'sigma') return value;
  if (Array.isArray(value)) return value.map((item) => plainNumbers(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainNumbers(item, name)]));
}

function section(value: unknown, path: string, known: string[]): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new BadConfig(`${path || 'parameter file'}: not a mapping`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const where = [...(path === '' ? [] : [path]), unknown].join('.');
    throw new BadConfig(`unknown key ${where} in the radiomics parameters, did you mean ${nearest(unknown, known)}?`);
  }
  return value as Record<string, unknown>;
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${[path, ...issue.path.map(String)].join('.')}: ${issue.message}`,
  );
  throw new BadConfig(`radiomics parameters: ${problems.join('; ')}`);
}

/** SimpleITK's numbers of the interpolators. */
const INTERPOLATORS = { sitkNearestNeighbor: 1, sitkLinear: 2, sitkBSpline: 3 } as const;

function interpolatorOf(
  name: string | number | null,
  refuse: (message: string) => void,
): keyof typeof INTERPOLATORS | null {
  if (name === null) return null;
  const found = Object.entries(INTERPOLATORS).find(([key, number]) => key === name || number === name);
  if (found) return found[0] as keyof typeof INTERPOLATORS;
  refuse(`interpolator ${name} is not one of ${Object.keys(INTERPOLATORS).join(', ')}`);
  return null;
}

function namedSigma(value: number | bigint): Sigma {
  const text = typeof value === 'number' && Number.isInteger(value) ? value.toFixed(1) : String(value);
  return { mm: Number(value), name: text.replace('.', '-') };
}
