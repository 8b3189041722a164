import type { Config } from '../../config.ts';
import type { Device } from '../../pool/gpus.ts';

export type TotalSegmentatorSettings = Omit<Config['segmentation'], 'workers' | 'per_card' | 'converted'>;

/** One call of the program: a task on an image. */
export interface Call {
  /** `total`, `total_mr`, ... */
  task: string;
  inputPath: string;
  /** The label map, .nii.gz. */
  outputPath: string;
  /** Classes to keep; only tasks `total` and `total_mr` can. */
  roiSubset?: string[];
  fast: boolean;
  forceSplit: boolean;
  device: Device;
}

/**
 * Arguments of TotalSegmentator 2 (checked against 2.18): one inference, one label map with its names in the header.
 * @param cores of this job, which the numbers of threads follow by default
 */
export function totalSegmentatorArgs(call: Call, settings: TotalSegmentatorSettings, cores: number): string[] {
  const threads = programThreads(settings, cores);
  return [
    ...['-i', call.inputPath],
    ...['-o', call.outputPath],
    '--ml',
    ...['--task', call.task],
    ...['--device', call.device],
    ...['--nr_thr_resamp', String(threads.resample)],
    ...['--nr_thr_saving', String(threads.save)],
    ...(call.fast ? ['--fast'] : []),
    ...(call.forceSplit ? ['--force_split'] : []),
    ...(settings.license ? ['--license_number', settings.license] : []),
    ...(call.roiSubset ? ['--roi_subset', ...call.roiSubset] : []),
  ];
}

/** Threads that resample and save: the CPUs of the job, 2 to 8, unless the configuration says otherwise. */
export function programThreads(
  settings: Pick<TotalSegmentatorSettings, 'nr_threads_resample' | 'nr_threads_save'>,
  cores: number,
): { resample: number; save: number } {
  const usual = Math.max(2, Math.min(8, cores));
  return { resample: settings.nr_threads_resample ?? usual, save: settings.nr_threads_save ?? usual };
}

/**
 * Environment beside the thread limits of numeric libraries. Current releases read the folder of the weights alone; the
 * numbers of processes are for releases and forks that do read them.
 */
export function totalSegmentatorEnv(settings: TotalSegmentatorSettings): Record<string, string> {
  return {
    TOTALSEG_NUM_PROCESSES_PREPROCESSING: String(settings.num_proc_preprocessing),
    TOTALSEG_NUM_PROCESSES_SEGMENTATION_EXPORT: String(settings.num_proc_export),
    TOTALSEG_FORCE_TORCH_NUM_THREADS: String(settings.torch_threads),
    ...(settings.weights && { TOTALSEG_WEIGHTS_PATH: settings.weights }),
    ...(settings.license && { TOTALSEG_LICENSE: settings.license }),
  };
}
