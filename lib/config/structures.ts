import { z } from 'zod';

export const structures = z.strictObject({
  names: z
    .record(z.string(), z.string())
    .default({})
    .describe('own name -> standard name; goes before the TG-263 table'),
  max_contour_gap_mm: z.number().min(0).default(10).describe('contour planes further apart are separate pieces'),
  agreement_tolerance_mm: z
    .number()
    .positive()
    .default(2)
    .describe('tolerance for the agreement of manual and automatic surfaces, in mm'),
  empty_rois: z.boolean().default(true).describe('keep empty structures in RTSTRUCT and SEG, without contours'),
  contours: z
    .enum(['voxel', 'smooth'])
    .default('voxel')
    .describe('contours of masks in an RTSTRUCT: along the sides of voxels, or smooth around the same voxels'),
  segmentation_type: z
    .enum(['binary', 'labelmap'])
    .default('binary')
    .describe('how a SEG stores its segments; labelmap: one frame per slice, if no structures overlap'),
  roi_name_characters: z
    .int()
    .min(16)
    .max(64)
    .default(64)
    .describe(
      'longest name in RTSTRUCT and SEG; longer names are cut. Use 16 for planning systems that accept no more',
    ),
});
