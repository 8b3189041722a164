import type { Config } from '../../config.ts';

/** Threads of TotalSegmentator that resample and save: half of the cores, 2 to 8, unless the configuration says otherwise. */
export function segmenterThreads(
  { nr_threads_resample, nr_threads_save }: Config['segmentation'],
  cores: number,
): { resample: number; save: number } {
  const half = Math.max(2, Math.min(8, Math.floor(cores / 2)));
  return { resample: nr_threads_resample ?? half, save: nr_threads_save ?? half };
}
