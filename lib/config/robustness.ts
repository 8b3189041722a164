import { z } from 'zod';
import { names, seconds } from './values.ts';

export const robustness = z.strictObject({
  enabled: z.boolean().default(true).describe('compute features again under perturbations'),
  modes: z
    .array(z.enum(['segmentation_perturbation']))
    .default(['segmentation_perturbation'])
    .describe('what is perturbed'),
  segmentation_perturbation: z
    .strictObject({
      apply_to_structures: names.default(['GTV*', 'CTV*', 'PTV*']).describe('patterns of written or standard names'),
      small_volume_changes: z
        .array(z.number().gt(-1))
        .default([-0.15, 0, 0.15])
        .describe('parts of the volume that are added, at mild and standard intensity'),
      large_volume_changes: z
        .array(z.number().gt(-1))
        .default([-0.3, 0, 0.3])
        .describe('the same at aggressive intensity'),
      max_translation_mm: z.number().min(0).default(4).describe('how far masks are moved, in mm'),
      n_random_contour_realizations: z
        .int()
        .min(0)
        .default(2)
        .describe('masks with random contours; at mild intensity one at most'),
      contour_randomization_mm: z.number().min(0).default(0).describe('0 means half of max_translation_mm'),
      rotation_angles_deg: z.array(z.number()).default([0]).describe('turns of masks about the z axis, in degrees'),
      noise_levels: z
        .array(z.number().min(0))
        .default([0, 10, 20])
        .describe('standard deviations in HU; of CT alone; at mild intensity the first'),
      intensity: z
        .enum(['mild', 'standard', 'aggressive'])
        .default('mild')
        .describe('how many perturbations: 12, 81 or 315 with the other settings as they are'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      icc: z
        .strictObject({
          icc_type: z
            .enum(['ICC1', 'ICC2', 'ICC3'])
            .default('ICC1')
            .describe('what the label goes by: one way, two way random, or two way mixed with CoV as in RTpipeline 2'),
          ci: z.boolean().default(true).describe('by the lower end of its 95 % confidence interval'),
        })
        .prefault({}),
      cov: z.strictObject({ enabled: z.boolean().default(true).describe('coefficient of variation') }).prefault({}),
      qcd: z
        .strictObject({ enabled: z.boolean().default(true).describe('quartile coefficient of dispersion') })
        .prefault({}),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      icc: z
        .strictObject({
          robust: z.number().default(0.9).describe('a feature with an ICC from this on is robust'),
          acceptable: z.number().default(0.75).describe('a feature with an ICC from this on is acceptable'),
        })
        .prefault({}),
      cov: z
        .strictObject({
          robust_pct: z.number().default(10).describe('by ICC3: a feature with a CoV up to this is robust, in %'),
          acceptable_pct: z
            .number()
            .default(20)
            .describe('by ICC3: a feature with a CoV up to this is acceptable, in %'),
        })
        .prefault({}),
    })
    .prefault({}),
  task_timeout: seconds.default(600).describe('per ROI'),
});
