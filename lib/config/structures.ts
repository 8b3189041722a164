import { z } from 'zod';

export const structures = z.strictObject({
  names: z.record(z.string(), z.string()).default({}).describe('own name -> standard name, before the TG-263 table'),
  max_contour_gap_mm: z.number().min(0).default(10).describe('contour planes further apart are separate pieces'),
  agreement_tolerance_mm: z
    .number()
    .positive()
    .default(2)
    .describe('surfaces of manual and automatic structures this close agree'),
  empty_rois: z.boolean().default(true).describe('RTSTRUCT and SEG keep structures without voxels, without contours'),
  contours: z
    .enum(['voxel', 'smooth'])
    .default('voxel')
    .describe('how an RTSTRUCT draws masks: along the sides of voxels, or smoothly around the same voxels'),
  segmentation_type: z
    .enum(['binary', 'labelmap'])
    .default('binary')
    .describe('how a SEG holds its segments; labelmap: one frame a slice, where no structures overlap'),
  roi_name_characters: z
    .int()
    .min(16)
    .max(64)
    .default(64)
    .describe('longer names are cut in RTSTRUCT and SEG: 16 for planning systems that take no more'),
});
