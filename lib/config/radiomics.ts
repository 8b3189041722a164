import { z } from 'zod';
import { content, count, names, seconds } from './values.ts';

export const radiomics = z.strictObject({
  enabled: z.boolean().default(true).describe('compute radiomics features'),
  sequential: z.boolean().default(false).describe('compute one ROI at a time'),
  workers: count.nullable().default(null).describe('worker threads; default: the CPU budget minus one'),
  params_file: content.default(null).describe('PyRadiomics parameter file for CT; null: the built-in one'),
  mr_params_file: content.default(null).describe('PyRadiomics parameter file for MR; null: the built-in one'),
  pet_params_file: content.default(null).describe('PyRadiomics parameter file for PET in SUV; null: the built-in one'),
  thread_limit: count.nullable().default(null).describe('accepted but ignored: radiomics starts no other program'),
  skip_rois: names
    .default(['body', 'couchsurface', 'couchinterior', 'couchexterior', 'bones', 'm1', 'm2'])
    .describe('ROI names to skip, in upper or lower case; they get the status skipped_by_rule'),
  max_voxels: count
    .default(15_000_000)
    .describe('ROIs with more voxels get first-order and shape features only, from the original image at 2 mm'),
  min_voxels: count.default(10).describe('ROIs with fewer voxels get the status too_small'),
  task_timeout: seconds.default(600).describe('time limit in seconds for one ROI; 0: no limit'),
  ibsi: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe('settings of IBSI mode: processing and filters by their IBSI names'),
});
