import { z } from 'zod';
import { count, programNames, seconds, secret } from './values.ts';

export const segmentation = z.strictObject({
  enabled: z.boolean().default(true).describe('run TotalSegmentator where it is installed'),
  workers: count
    .nullable()
    .default(null)
    .describe(
      'courses segmented at once; default 1 on a GPU, max(1, min(2, workers / 2)) on a CPU; more than there are GPUs: courses share a GPU',
    ),
  threads_per_worker: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe(
      'OMP, OpenBLAS, MKL, NumExpr and Numba threads of one program; 0: no limit; null: as many as the job has CPUs',
    ),
  device: z
    .enum(['auto', 'gpu', 'cpu', 'mps'])
    .default('auto')
    .describe('where models compute; auto: on GPUs with 7000 MiB or more, else on the CPU'),
  fast: z.boolean().default(false).describe('3 mm instead of 1.5 mm model'),
  force: z.boolean().default(false).describe('segment again what is segmented'),
  roi_subset: programNames.nullable().default(null).describe('only these classes'),
  extra_models: programNames.default([]).describe('further TotalSegmentator tasks; names ending in _mr apply to MR'),
  force_split: z.boolean().default(true).describe('split the image to save memory'),
  nr_threads_resample: count.nullable().default(null).describe('default: the CPUs of the job, 2 to 8'),
  nr_threads_save: count.nullable().default(null).describe('default: the CPUs of the job, 2 to 8'),
  num_proc_preprocessing: count.default(1).describe('processes of nnU-Net that prepare the image'),
  num_proc_export: count.default(1).describe('processes of nnU-Net that write the result'),
  torch_threads: count.default(1).describe('threads of PyTorch in releases and forks that ask for it'),
  timeout: seconds.default(3600),
  license: secret('TotalSegmentator licence for the tasks that need one'),
  weights: z.string().nullable().default(null).describe('folder of the weights, or the URI of a published one'),
  command: z.string().default('TotalSegmentator').describe('the program, by name or path'),
});
