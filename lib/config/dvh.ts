import { z } from 'zod';
import { content, names } from './values.ts';

export const dvh = z.strictObject({
  end_cap: z
    .enum(['rounded', 'half-gap', 'none', 'full'])
    .default('rounded')
    .describe('what lies beyond the end contours of an ROI'),
  metrics: names.nullable().default(null).describe('metric columns in TG-263 style; null means the default set'),
  prescriptions: z
    .record(z.string(), z.number().positive())
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> prescribed dose in Gy'),
  alpha_beta_gy: z
    .record(z.string(), z.number().positive())
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> alpha/beta in Gy, adds BED and EQD2'),
  geud_a: z
    .record(z.string(), z.number())
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> exponent a, adds gEUD'),
  goals: content
    .default(null)
    .describe('clinical goals file; a goal names a ROI as its source or TG-263 does, or by a pattern'),
  all_dose_types: z
    .boolean()
    .default(false)
    .describe('where a plan has a physical and an effective dose: rows of both, not of the prescribed type alone'),
});
