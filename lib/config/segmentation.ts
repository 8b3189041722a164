import { z } from 'zod';
import { count, networkSize, programNames, seconds, secret } from './values.ts';

/** What is known of a converted task before a run. */
export const convertedTask = z.strictObject({ name: z.string(), digest: z.string(), networks: z.array(networkSize) });

export const segmentation = z.strictObject({
  enabled: z.boolean().default(true).describe('run TotalSegmentator if it is installed'),
  workers: count
    .nullable()
    .default(null)
    .describe(
      'courses segmented at the same time; default: as many as the GPUs take, max(1, min(2, workers / 2)) on a CPU. If it exceeds the places on the GPUs, more courses share a GPU',
    ),
  per_card: count
    .nullable()
    .default(null)
    .describe('courses that share a GPU; null: 1 for every 14000 MiB of the GPU, at least 1 and at most 4'),
  threads_per_worker: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('OMP, OpenBLAS, MKL, NumExpr and Numba threads of one program; 0: no limit; null: the CPUs of the job'),
  device: z
    .enum(['auto', 'gpu', 'cpu', 'mps'])
    .default('auto')
    .describe('device for the models; auto: GPUs with 7000 MiB or more, otherwise the CPU'),
  fast: z.boolean().default(false).describe('use the 3 mm model instead of the 1.5 mm model'),
  force: z.boolean().default(false).describe('run TotalSegmentator again, even where its results exist'),
  roi_subset: programNames.nullable().default(null).describe('segment only these classes; null: all'),
  extra_models: programNames
    .default([])
    .describe('further TotalSegmentator tasks; tasks whose name ends in _mr run on MR'),
  force_split: z.boolean().default(true).describe('split the image to save memory'),
  nr_threads_resample: count.nullable().default(null).describe('default: the CPUs of the job, 2 to 8'),
  nr_threads_save: count.nullable().default(null).describe('default: the CPUs of the job, 2 to 8'),
  num_proc_preprocessing: count.default(1).describe('processes that prepare the image in nnU-Net'),
  num_proc_export: count.default(1).describe('processes that write the result in nnU-Net'),
  torch_threads: count.default(1).describe('threads of PyTorch, for TotalSegmentator versions that have this option'),
  timeout: seconds.default(3600),
  license: secret('TotalSegmentator licence number, for the tasks that need one'),
  weights: z.string().nullable().default(null).describe('folder with the weights, or the URI of a published folder'),
  converted: z
    .array(convertedTask)
    .default([])
    .describe(
      'tasks that run without the program, with the size of their networks as in custom_models.networks. The command line writes it, so that an exchanged task runs again',
    ),
  command: z.string().default('TotalSegmentator').describe('the program, by name or path'),
});
