import { z } from 'zod';
import { count, names, seconds } from './values.ts';

export const customModels = z.strictObject({
  enabled: z.boolean().default(false).describe("run models of one's own"),
  root: z
    .string()
    .default('custom_models')
    .describe('folder of folders with a custom_model.yaml, or the URI of a published one'),
  digest: z
    .string()
    .nullable()
    .default(null)
    .describe('of the models in that folder: written by the command line, so that a changed model is run again'),
  networks: z
    .array(z.tuple([z.int(), z.number().positive().nullable(), z.int().positive().nullable()]))
    .default([])
    .describe(
      'classes, mm^3 of a voxel and voxels of a window of each network, which its memory follows from: written by the command line',
    ),
  models: names.default([]).describe('only these; empty means all'),
  workers: count.nullable().default(null).describe('courses at once; default as for segmentation'),
  force: z.boolean().default(false).describe('run them again where they have run'),
  nnunet_predict: z.string().default('nnUNetv2_predict').describe('the program of nnU-Net, by name or path'),
  retain_weights: z.boolean().default(true).describe('keep unpacked weights after the run'),
  conda_activate: z
    .string()
    .nullable()
    .default(null)
    .describe('shell command that comes before nnU-Net, such as `conda activate nnunet`'),
  timeout: seconds.default(3600),
});
