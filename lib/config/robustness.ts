import { z } from 'zod';
import { names, seconds } from './values.ts';

export const robustness = z.strictObject({
  enabled: z.boolean().default(true).describe('compute radiomics again under perturbations'),
  modes: z
    .array(z.enum(['segmentation_perturbation']))
    .default(['segmentation_perturbation'])
    .describe('kinds of perturbation'),
  segmentation_perturbation: z
    .strictObject({
      apply_to_structures: names
        .default(['GTV*', 'CTV*', 'PTV*'])
        .describe('structures to perturb: patterns of their own or standard names'),
      small_volume_changes: z
        .array(z.number().gt(-1))
        .default([-0.15, 0, 0.15])
        .describe('volume changes at mild and standard intensity, as fractions'),
      large_volume_changes: z
        .array(z.number().gt(-1))
        .default([-0.3, 0, 0.3])
        .describe('volume changes at aggressive intensity, as fractions'),
      max_translation_mm: z.number().min(0).default(4).describe('largest shift of a mask, in mm'),
      n_random_contour_realizations: z
        .int()
        .min(0)
        .default(2)
        .describe('number of masks with random contours; at mild intensity at most one'),
      contour_randomization_mm: z
        .number()
        .min(0)
        .default(0)
        .describe('size of the random contour changes, in mm; 0: half of max_translation_mm'),
      rotation_angles_deg: z
        .array(z.number())
        .default([0])
        .describe('rotations of the mask about the z axis, in degrees'),
      noise_levels: z
        .array(z.number().min(0))
        .default([0, 10, 20])
        .describe('standard deviations of the noise in HU, for CT only; at mild intensity only the first one is used'),
      intensity: z
        .enum(['mild', 'standard', 'aggressive'])
        .default('mild')
        .describe('number of perturbations: 12, 81 or 315 with the default settings'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      icc: z
        .strictObject({
          icc_type: z
            .enum(['ICC1', 'ICC2', 'ICC3'])
            .default('ICC1')
            .describe(
              'ICC that decides the label: one-way (ICC1), two-way random (ICC2), or two-way mixed together with CoV as in RTpipeline 2 (ICC3)',
            ),
          ci: z.boolean().default(true).describe('use the lower limit of the 95 % confidence interval'),
        })
        .prefault({}),
      cov: z
        .strictObject({ enabled: z.boolean().default(true).describe('compute the coefficient of variation') })
        .prefault({}),
      qcd: z
        .strictObject({ enabled: z.boolean().default(true).describe('compute the quartile coefficient of dispersion') })
        .prefault({}),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      icc: z
        .strictObject({
          robust: z.number().default(0.9).describe('a feature with at least this ICC is robust'),
          acceptable: z.number().default(0.75).describe('a feature with at least this ICC is acceptable'),
        })
        .prefault({}),
      cov: z
        .strictObject({
          robust_pct: z.number().default(10).describe('with ICC3: a feature with at most this CoV is robust, in %'),
          acceptable_pct: z
            .number()
            .default(20)
            .describe('with ICC3: a feature with at most this CoV is acceptable, in %'),
        })
        .prefault({}),
    })
    .prefault({}),
  task_timeout: seconds.default(600).describe('time limit in seconds for one ROI; 0: no limit'),
});
