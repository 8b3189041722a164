import { z } from 'zod';
import { BadConfig } from '../../errors.ts';
import type { Shape } from './array.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const resampling = z.looseObject({
  order: z.int().min(0).max(3),
  order_z: z.literal(0).default(0),
  force_separate_z: z.boolean().nullable().default(null),
});

/** How nnU-Net brings intensities into a common range. */
const NORMALISATIONS = [
  'CTNormalization',
  'ZScoreNormalization',
  'RescaleTo01Normalization',
  'RGBTo01Normalization',
  'NoNormalization',
] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

/** Of the finest level where the plans do not say (nnU-Net's constant). */
const USUAL_FEATURES = 32;
const DEFAULT_RESAMPLER = 'resample_data_or_seg_to_shape';

const configurationSchema = z.looseObject({
  inherits_from: z.string().optional(),
  previous_stage: z.string().optional(),
  patch_size: z.array(z.int().min(1)).optional(),
  spacing: z.array(z.number().positive()).optional(),
  normalization_schemes: z.array(z.string()).optional(),
  use_mask_for_norm: z.array(z.boolean()).optional(),
  resampling_fn_data: z.string().default(DEFAULT_RESAMPLER),
  resampling_fn_data_kwargs: resampling.optional(),
  resampling_fn_seg: z.string().default(DEFAULT_RESAMPLER),
  resampling_fn_seg_kwargs: resampling.optional(),
  resampling_fn_probabilities: z.string().default(DEFAULT_RESAMPLER),
  resampling_fn_probabilities_kwargs: resampling.optional(),
  UNet_base_num_features: z.int().optional().describe('plans of nnU-Net before 2.3'),
  architecture: z
    .looseObject({ arch_kwargs: z.looseObject({ features_per_stage: z.array(z.int()).optional() }).optional() })
    .optional(),
});

const plansSchema = z.looseObject({
  configurations: z.record(z.string(), configurationSchema),
  transpose_forward: triple,
  transpose_backward: triple,
  foreground_intensity_properties_per_channel: z.record(
    z.string(),
    z.looseObject({
      mean: z.number(),
      std: z.number(),
      percentile_00_5: z.number(),
      percentile_99_5: z.number(),
    }),
  ),
});

export interface Intensities {
  mean: number;
  std: number;
  percentile_00_5: number;
  percentile_99_5: number;
}

export interface Resampling {
  order: number;
  /** null: when the voxels are much longer along one axis. */
  separate: boolean | null;
}

/** What inference needs of a plans.json of nnU-Net v2. Axes as the network sees them. */
export interface Plan {
  /** Voxels of a window; one slice for a 2D network. */
  patch: Shape;
  /** A 2D network: slices are seen one by one and keep their distance. */
  isFlat: boolean;
  /** Channels of the network's finest level. */
  features: number;
  /** Of the network's voxels; along the first axis null for a 2D network, which takes slices as they come. */
  spacingMm: [number | null, number, number];
  normalisation: Normalisation;
  useMask: boolean;
  intensities?: Intensities;
  forImage: Resampling;
  forLogits: Resampling;
  /** Of what an earlier network found, which the second of a cascade is shown. */
  forLabels: Resampling;
  /** Configuration whose result this one refines. */
  previousStage?: string;
  transposeForward: Shape;
  transposeBackward: Shape;
}

/**
 * @param configuration `3d_fullres`, `2d`, `3d_cascade_fullres`, ...
 * @throws BadConfig for plans of several channels, and with normalisation or resampling of another kind
 */
export function readPlan(json: unknown, configuration: string): Plan {
  const parsed = plansSchema.safeParse(json);
  if (!parsed.success) throw new BadConfig(`plans.json: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  const plans = parsed.data;
  const settings = inherited(plans.configurations, configuration);
  const { patch_size, spacing, normalization_schemes, use_mask_for_norm } = settings;
  const axes = patch_size?.length;
  if (!patch_size || !spacing || axes !== spacing.length || (axes !== 2 && axes !== 3))
    throw new BadConfig(`${configuration} has no patch and spacing of two or three axes`);
  if (normalization_schemes?.length !== 1)
    throw new BadConfig(`${configuration} needs several channels, but there is one image`);
  if (!isNormalisation(normalization_schemes[0]))
    throw new BadConfig(`the normalisation ${normalization_schemes[0]} is not supported`);
  const resamplers = [settings.resampling_fn_data, settings.resampling_fn_probabilities];
  if (settings.previous_stage) resamplers.push(settings.resampling_fn_seg);
  const other = resamplers.find((name) => name !== DEFAULT_RESAMPLER);
  if (other) throw new BadConfig(`the resampling ${other} is not supported`);
  return {
    patch: (axes === 2 ? [1, ...patch_size] : patch_size) as Shape,
    isFlat: axes === 2,
    features:
      settings.architecture?.arch_kwargs?.features_per_stage?.[0] ?? settings.UNet_base_num_features ?? USUAL_FEATURES,
    spacingMm: (axes === 2 ? [null, ...spacing] : spacing) as Plan['spacingMm'],
    normalisation: normalization_schemes[0],
    useMask: use_mask_for_norm?.[0] ?? false,
    intensities: plans.foreground_intensity_properties_per_channel['0'],
    forImage: resamplingOf(settings.resampling_fn_data_kwargs, 3),
    forLogits: resamplingOf(settings.resampling_fn_probabilities_kwargs, 1),
    forLabels: resamplingOf(settings.resampling_fn_seg_kwargs, 1),
    previousStage: settings.previous_stage,
    transposeForward: plans.transpose_forward,
    transposeBackward: plans.transpose_backward,
  };
}

function isNormalisation(name: string): name is Normalisation {
  return NORMALISATIONS.some((known) => known === name);
}

/** Spacing of the network's voxels for an image: a 2D network takes the distance of slices as it is. */
export function networkSpacing({ spacingMm: [first, ...rest] }: Plan, imageMm: Shape): Shape {
  return [first ?? imageMm[0], ...rest];
}

type Configuration = z.infer<typeof configurationSchema>;

function inherited(configurations: Record<string, Configuration>, name: string): Configuration {
  const own = configurations[name];
  if (!own)
    throw new BadConfig(`configuration ${name} does not exist; there are ${Object.keys(configurations).join(', ')}`);
  return own.inherits_from ? { ...inherited(configurations, own.inherits_from), ...own } : own;
}

function resamplingOf(kwargs: z.infer<typeof resampling> | undefined, order: number): Resampling {
  return { order: kwargs?.order ?? order, separate: kwargs?.force_separate_z ?? null };
}
