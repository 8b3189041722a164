import { z } from 'zod';
import { count, names, networkSize, seconds } from './values.ts';

export const customModels = z.strictObject({
  enabled: z.boolean().default(false).describe('run your own models'),
  root: z
    .string()
    .default('custom_models')
    .describe('folder with the models, one subfolder each with a custom_model.yaml; or the URI of a published folder'),
  digest: z
    .string()
    .nullable()
    .default(null)
    .describe('digest of the models in that folder. The command line writes it, so that a changed model runs again'),
  networks: z
    .array(networkSize)
    .default([])
    .describe(
      'size of each network (classes, voxel size in mm, window, MiB for any image, bytes of a voxel of the image), from which its memory is estimated. The command line writes it',
    ),
  models: names.default([]).describe('run only these models; empty: all'),
  workers: count
    .nullable()
    .default(null)
    .describe('courses that run custom models at the same time; default as for segmentation'),
  force: z.boolean().default(false).describe('run custom models again, even where their results exist'),
  nnunet_predict: z.string().default('nnUNetv2_predict').describe('the program of nnU-Net, by name or path'),
  retain_weights: z.boolean().default(true).describe('keep unpacked weights after the run'),
  conda_activate: z
    .string()
    .nullable()
    .default(null)
    .describe('shell command to run before nnU-Net, such as `conda activate nnunet`'),
  timeout: seconds.default(3600),
});
