import type { RoiTask } from './measure-roi.ts';

/** What a pool of worker threads needs to run `measureRoi`: module, exported name, argument, label. */
export interface WorkerTask {
  module: string;
  name: string;
  argument: RoiTask;
  label: string;
}

/**
 * One ROI as a task for a worker thread. A dose on a shared buffer is not copied; contours and masks are. The label is
 * for progress and logs.
 */
export function workerTask(task: RoiTask, label: string): WorkerTask {
  return { module: new URL('./measure-roi.ts', import.meta.url).href, name: 'measureRoi', argument: task, label };
}
