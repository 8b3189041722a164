import { MODEL_GPU_MIB, usableGpus } from '#lib/pool/gpus.ts';
import { autoWorkers } from '#lib/pool/machine.ts';
import type { MachineFacts } from '../machine-budget.ts';
import type { Storage } from './storage.ts';

/** A proposed key with the reason for its value. */
export interface Proposal {
  key: string;
  value: unknown;
  why: string;
}

/** Memory of one worker over a usual planning CT: image, masks, filters. */
const WORKER_GIB = 2;
/** What TotalSegmentator's full model asks of the machine. */
const MODEL_GIB = 12;

/** A configuration for this machine, after the tuning advice of RTpipeline for four kinds of machines. */
export function proposeConfig({ cores, memoryBytes, gpus }: MachineFacts, { kind }: Storage): Proposal[] {
  const memoryGib = memoryBytes / 2 ** 30;
  const byMemory = Math.max(1, Math.floor(memoryGib / WORKER_GIB));
  const workers = Math.min(autoWorkers(cores), byMemory);
  const usable = usableGpus('auto', gpus).length;
  const segmenters =
    usable > 0 ? usable : Math.max(1, Math.min(4, Math.floor(cores / 16), Math.floor(memoryGib / MODEL_GIB)));
  const threads = Math.max(1, Math.min(8, Math.floor(cores / (2 * segmenters))));
  return [
    kind === 'network'
      ? { key: 'workers', value: Math.min(2, workers), why: 'network storage: few reads at the same time' }
      : {
          key: 'workers',
          value: workers,
          why: `${cores} cores, ${Math.round(memoryGib)} GiB at ${WORKER_GIB} GiB each`,
        },
    usable > 0
      ? { key: 'segmentation.device', value: 'gpu', why: gpus.map(({ name }) => name).join(', ') }
      : { key: 'segmentation.device', value: 'cpu', why: `no GPU with ${MODEL_GPU_MIB} MiB` },
    { key: 'segmentation.workers', value: segmenters, why: usable > 0 ? 'one per GPU' : 'from cores and memory' },
    { key: 'segmentation.threads_per_worker', value: threads, why: 'half of the cores, divided among the programs' },
    ...(usable > 0
      ? []
      : [{ key: 'segmentation.fast', value: true, why: 'without a GPU the full model is very slow' }]),
    {
      key: 'custom_models.workers',
      value: Math.max(1, usable),
      why: usable > 0 ? 'one per GPU' : 'they need much memory',
    },
  ];
}
