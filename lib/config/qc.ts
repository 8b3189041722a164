import { z } from 'zod';
import { percent } from './values.ts';

export const qc = z.strictObject({
  enabled: z.boolean().default(true).describe('check every course'),
  volumes_cc: z
    .record(z.string(), z.tuple([z.number().min(0), z.number().min(0)]))
    .default({})
    .describe(
      'ROI name (its own or by TG-263) or pattern -> smallest and largest volume in cc; goes before the built-in ranges',
    ),
  thresholds: z
    .strictObject({
      air_hu: z.number().min(0).default(60).describe('largest difference from -1000 HU of the air around the patient'),
      tissue_hu: z
        .number()
        .min(0)
        .default(150)
        .describe('largest difference from 0 HU of the most frequent soft tissue'),
      metal_hu: z.number().default(2500).describe('voxels above this HU count as metal'),
      metal_cc: z.number().min(0).default(1).describe('metal volume above this is reported, in cc'),
      contrast_hu: z
        .number()
        .default(100)
        .describe('great vessels with at least this median HU count as contrast enhanced'),
      island_percent: percent
        .default(5)
        .describe('a piece smaller than this fraction of the largest piece is an island'),
      overlap_percent: percent.default(10).describe('largest allowed overlap of two organs, in % of the smaller one'),
      nesting_percent: percent.default(2).describe('largest part of a GTV or CTV outside its CTV or PTV, in %'),
      outside_body_percent: percent.default(2).describe('largest part of a structure outside the body outline, in %'),
      body_air_percent: percent
        .default(2)
        .describe('largest part of the body outline that is air around the patient, in %'),
      side_mm: z
        .number()
        .min(0)
        .default(20)
        .describe('how far a left or right organ without its pair may lie on the other side, in mm'),
      dose_spacing_mm: z.number().positive().default(4).describe('largest allowed spacing of dose voxels, in mm'),
      stereotactic_fraction_gy: z
        .number()
        .positive()
        .default(5)
        .describe('fraction dose in Gy from which the stereotactic limit applies'),
      stereotactic_dose_spacing_mm: z
        .number()
        .positive()
        .default(3)
        .describe('largest allowed spacing of dose voxels for stereotactic treatments, in mm'),
      region_organs: z
        .int()
        .min(1)
        .default(2)
        .describe('fewest organs with a mask that tell the body region of an image'),
      target_dose_percent: percent
        .default(10)
        .describe('largest difference between D50% of a target and its prescription, in %'),
      prescription_percent: percent
        .default(10)
        .describe('largest difference between fractions times beam doses and the prescription of the plan, in %'),
      mu_per_gy_least: z.number().min(0).default(70).describe('smallest plausible number of monitor units for 1 Gy'),
      mu_per_gy_most: z.number().min(0).default(3000).describe('largest plausible number of monitor units for 1 Gy'),
      meterset_percent: percent
        .default(5)
        .describe('largest difference between delivered and planned monitor units of a fraction, in %'),
      planning_days: z.number().min(0).default(60).describe('largest number of days between planning image and plan'),
      outlier_courses: z
        .int()
        .min(3)
        .default(10)
        .describe('smallest number of structures with one name for the outlier search'),
      outlier_deviations: z
        .number()
        .positive()
        .default(5)
        .describe('a value this many robust standard deviations (1.4826 MAD) from the cohort median is an outlier'),
    })
    .prefault({}),
});
