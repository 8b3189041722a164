import { z } from 'zod';

export const cropping = z.strictObject({
  enabled: z.boolean().default(false).describe('crop images to an anatomical region'),
  region: z.enum(['pelvis', 'thorax', 'abdomen', 'head_neck', 'brain']).default('pelvis').describe('region to crop to'),
  superior_margin_cm: z
    .number()
    .nullable()
    .default(null)
    .describe('margin beyond the upper landmark of the region, in cm; null: the default of the region'),
  inferior_margin_cm: z
    .number()
    .nullable()
    .default(null)
    .describe('margin beyond the lower landmark of the region, in cm; null: the default of the region'),
  use_cropped_for_dvh: z.boolean().default(true).describe('compute DVHs of the cropped structures'),
  use_cropped_for_radiomics: z.boolean().default(false).describe('compute radiomics of the cropped structures'),
  keep_original: z.boolean().default(true).describe('accepted but ignored: originals are always kept'),
});
