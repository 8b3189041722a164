import type { Config } from '#lib/config.ts';
import type { Gpu } from '#lib/pool/gpus.ts';
import { autoWorkers, type Machine } from '#lib/pool/machine.ts';
import type { JobStageName } from '#lib/stages/table.ts';
import type { Budget, StageBudget } from '#statemachine/local/budget.ts';

/** What this machine has, and which of the programs of the segmentation stages are on it. */
export interface MachineFacts extends Machine {
  gpus: Gpu[];
  hasSegmenter: boolean;
  hasPredictor: boolean;
}

/** What the person says of the machine for one run. */
export interface BudgetWish {
  cpus?: number;
  memoryGib?: number;
}

/** Without its program a segmentation job only says that there is none. */
const MEMORY_TO_SAY_SO_MIB = 512;

/** What this machine gives to jobs: the worker rule of the configuration, unless the person says otherwise. */
export function budgetOf(machine: MachineFacts, config: Config, wish: BudgetWish = {}): Budget {
  const workers = config.workers === 'auto' ? autoWorkers(machine.cores) : config.workers;
  const cpus = Math.floor(wish.cpus ?? Math.min(workers, config.max_workers ?? workers));
  const memoryMiB = wish.memoryGib === undefined ? (0.9 * machine.memoryBytes) / 2 ** 20 : wish.memoryGib * 1024;
  return {
    cpus,
    memoryMiB: Math.floor(memoryMiB),
    gpus: config.segmentation.device === 'gpu' ? machine.gpus.map((gpu) => gpu.index) : [],
    stages: stageBudgets(machine, config, cpus, workers),
  };
}

/** Courses at once and processors of a job: half for the DVHs, all but one for radiomics, all for the tables. */
function stageBudgets(
  machine: MachineFacts,
  config: Config,
  cpus: number,
  workers: number,
): Record<JobStageName, StageBudget> {
  const { segmentation, custom_models, radiomics, aggregation } = config;
  const onCard = segmentation.device === 'mps' || (segmentation.device === 'gpu' && machine.gpus.length > 0);
  const jobs = onCard ? 1 : Math.max(1, Math.min(2, Math.floor(workers / 2)));
  const atMost = (count: number | null) => Math.min(count ?? jobs, Math.max(1, workers));
  const allButOne = Math.max(1, cpus - 1);
  const segmenter = {
    jobs: atMost(segmentation.workers),
    ...(segmentation.threads_per_worker && { cpus: segmentation.threads_per_worker }),
  };
  const without = { memoryMiB: MEMORY_TO_SAY_SO_MIB, cpus: 1 };
  return {
    segmentation: { ...segmenter, ...(!machine.hasSegmenter && without) },
    custom_models: { jobs: atMost(custom_models.workers), ...(!machine.hasPredictor && without) },
    structures: { cpus: 1 },
    dvh: { cpus: Math.max(1, Math.floor(cpus / 2)) },
    radiomics: { cpus: radiomics.sequential ? 1 : (radiomics.workers ?? allButOne) },
    qc: { cpus: 1 },
    robustness: { cpus: radiomics.workers ?? allButOne },
    aggregate: { cpus: aggregation.threads === 'auto' ? cpus : aggregation.threads },
  };
}
