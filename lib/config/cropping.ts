import { z } from 'zod';

export const cropping = z.strictObject({
  enabled: z.boolean().default(false).describe('crop images to an anatomical region'),
  region: z.enum(['pelvis', 'thorax', 'abdomen', 'head_neck', 'brain']).default('pelvis').describe('the region'),
  superior_margin_cm: z
    .number()
    .nullable()
    .default(null)
    .describe('beyond its upper landmark, in cm; null: as the region says'),
  inferior_margin_cm: z.number().nullable().default(null).describe('beyond its lower landmark, in cm'),
  use_cropped_for_dvh: z.boolean().default(true).describe('DVHs of the cropped structures'),
  use_cropped_for_radiomics: z.boolean().default(false).describe('features of the cropped structures'),
  keep_original: z.boolean().default(true).describe('accepted and without effect: originals are always kept'),
});
