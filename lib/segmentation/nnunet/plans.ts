import { z } from 'zod';
import { BadConfig } from '../../errors.ts';
import type { Shape } from './array.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const resampling = z.looseObject({
  order: z.int().min(0).max(3),
  order_z: z.literal(0).default(0),
  force_separate_z: z.boolean().nullable().default(null),
});
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
  resampling_fn_probabilities: z.string().default(DEFAULT_RESAMPLER),
  resampling_fn_probabilities_kwargs: resampling.optional(),
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
  patch: Shape;
  spacingMm: Shape;
  normalisation: string;
  useMask: boolean;
  intensities?: Intensities;
  forImage: Resampling;
  forLogits: Resampling;
  transposeForward: Shape;
  transposeBackward: Shape;
}

/**
 * @param configuration `3d_fullres`, ...
 * @throws BadConfig for plans of several channels, of 2D or cascaded networks, and with resampling of another kind
 */
export function readPlan(json: unknown, configuration: string): Plan {
  const parsed = plansSchema.safeParse(json);
  if (!parsed.success) throw new BadConfig(`plans.json: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  const plans = parsed.data;
  const settings = inherited(plans.configurations, configuration);
  const { patch_size, spacing, normalization_schemes, use_mask_for_norm } = settings;
  if (patch_size?.length !== 3 || spacing?.length !== 3) throw new BadConfig(`${configuration} is no 3D configuration`);
  if (settings.previous_stage) throw new BadConfig(`${configuration} is the second stage of a cascade`);
  if (normalization_schemes?.length !== 1)
    throw new BadConfig(`${configuration} needs several channels, and there is one image`);
  const resamplers = [settings.resampling_fn_data, settings.resampling_fn_probabilities];
  const other = resamplers.find((name) => name !== DEFAULT_RESAMPLER);
  if (other) throw new BadConfig(`the resampling ${other} is not supported`);
  return {
    patch: patch_size as Shape,
    spacingMm: spacing as Shape,
    normalisation: normalization_schemes[0],
    useMask: use_mask_for_norm?.[0] ?? false,
    intensities: plans.foreground_intensity_properties_per_channel['0'],
    forImage: resamplingOf(settings.resampling_fn_data_kwargs, 3),
    forLogits: resamplingOf(settings.resampling_fn_probabilities_kwargs, 1),
    transposeForward: plans.transpose_forward,
    transposeBackward: plans.transpose_backward,
  };
}

type Configuration = z.infer<typeof configurationSchema>;

function inherited(configurations: Record<string, Configuration>, name: string): Configuration {
  const own = configurations[name];
  if (!own)
    throw new BadConfig(`there is no configuration ${name}; there are ${Object.keys(configurations).join(', ')}`);
  return own.inherits_from ? { ...inherited(configurations, own.inherits_from), ...own } : own;
}

function resamplingOf(kwargs: z.infer<typeof resampling> | undefined, order: number): Resampling {
  return { order: kwargs?.order ?? order, separate: kwargs?.force_separate_z ?? null };
}
