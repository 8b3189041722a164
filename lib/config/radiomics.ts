import { z } from 'zod';
import { content, count, names, seconds } from './values.ts';

export const radiomics = z.strictObject({
  enabled: z.boolean().default(true).describe('compute radiomics features'),
  sequential: z.boolean().default(false).describe('one ROI at a time'),
  workers: count.nullable().default(null).describe('worker threads; default: all but one of the budget'),
  params_file: content.default(null).describe('PyRadiomics parameter file for CT; null means the built-in one'),
  mr_params_file: content.default(null).describe('the same for MR'),
  pet_params_file: content.default(null).describe('the same for PET in SUV'),
  thread_limit: count.nullable().default(null).describe('accepted and without effect: radiomics starts no programs'),
  skip_rois: names
    .default(['body', 'couchsurface', 'couchinterior', 'couchexterior', 'bones', 'm1', 'm2'])
    .describe('names, in any case, that get the status skipped_by_rule'),
  max_voxels: count.default(15_000_000).describe('larger ROIs: original image at 2 mm, first order and shape only'),
  min_voxels: count.default(10).describe('smaller ROIs get the status too_small'),
  task_timeout: seconds.default(600).describe('per ROI'),
  ibsi: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe('IBSI mode: processing and filters by IBSI names'),
});
