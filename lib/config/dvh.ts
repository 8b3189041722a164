import { z } from 'zod';
import { content, names } from './values.ts';

export const dvh = z.strictObject({
  end_cap: z
    .enum(['rounded', 'half-gap', 'none', 'full'])
    .default('rounded')
    .describe('how an ROI ends beyond its first and last contour'),
  metrics: names.nullable().default(null).describe('metric columns in TG-263 style; null: the default set'),
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
    .describe('file with clinical goals; a goal names an ROI by its own name, its TG-263 name or a pattern'),
  all_dose_types: z
    .boolean()
    .default(false)
    .describe('if a plan has a physical and an effective dose: write rows for both, not only for the prescribed type'),
});
