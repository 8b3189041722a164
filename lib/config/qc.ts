import { z } from 'zod';
import { percent } from './values.ts';

export const qc = z.strictObject({
  enabled: z.boolean().default(true).describe('check every course'),
  volumes_cc: z
    .record(z.string(), z.tuple([z.number().min(0), z.number().min(0)]))
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> least and most volume in cc, before the built-in ranges'),
  thresholds: z
    .strictObject({
      air_hu: z.number().min(0).default(60).describe('HU that the air around the patient may lie off -1000'),
      tissue_hu: z.number().min(0).default(150).describe('HU that the most frequent soft tissue may lie off 0'),
      metal_hu: z.number().default(2500).describe('voxels above this many HU are metal'),
      metal_cc: z.number().min(0).default(1).describe('metal of more than this volume is told, in cc'),
      contrast_hu: z.number().default(100).describe('median HU of great vessels from which on contrast is in them'),
      island_percent: percent
        .default(5)
        .describe('pieces of a structure below this part of its largest piece are islands'),
      overlap_percent: percent.default(10).describe('organs may share this part of the smaller one'),
      nesting_percent: percent.default(2).describe('part of a GTV or CTV that may lie outside its CTV or PTV'),
      outside_body_percent: percent.default(2).describe('part of a structure that may lie outside the body outline'),
      body_air_percent: percent.default(2).describe('part of the body outline that may be air around the patient'),
      side_mm: z.number().min(0).default(20).describe('how far a lone left or right organ may lie on the other side'),
      dose_spacing_mm: z.number().positive().default(4).describe('coarsest distance of dose voxels, in mm'),
      stereotactic_fraction_gy: z
        .number()
        .positive()
        .default(5)
        .describe('from this dose of a fraction on, in Gy, the limit for stereotactic treatments counts'),
      stereotactic_dose_spacing_mm: z
        .number()
        .positive()
        .default(3)
        .describe('coarsest distance of dose voxels of stereotactic treatments, in mm'),
      target_dose_percent: percent.default(10).describe('how far D50% of a target may lie off its prescription'),
      prescription_percent: percent
        .default(10)
        .describe('how far fractions times beam doses may lie off the prescription of the plan'),
      mu_per_gy_least: z.number().min(0).default(70).describe('fewest monitor units for 1 Gy'),
      mu_per_gy_most: z.number().min(0).default(3000).describe('most monitor units for 1 Gy'),
      meterset_percent: percent
        .default(5)
        .describe('how far delivered monitor units of a fraction may lie off the plan'),
      planning_days: z.number().min(0).default(60).describe('most days between planning image and plan'),
      outlier_courses: z
        .int()
        .min(3)
        .default(10)
        .describe('structures of one name from which on outliers are looked for'),
      outlier_deviations: z
        .number()
        .positive()
        .default(5)
        .describe('robust standard deviations (1.4826 MAD) off the median of the cohort from which on a value is told'),
    })
    .prefault({}),
});
