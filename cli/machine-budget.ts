import type { Config } from '#lib/config.ts';
import { deviceOn, type Gpu, MODEL_GPU_MIB, usableGpus } from '#lib/pool/gpus.ts';
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

/** Without a program or a converted task a segmentation job only reports that they are missing. */
const MEMORY_TO_SAY_SO_MIB = 512;

/** A sentence for each wish that is more than the machine has: it counts, but the jobs may not fit. */
export function wishNotes({ cores, memoryBytes }: MachineFacts, { cpus = 0, memoryGib = 0 }: BudgetWish): string[] {
  const gib = memoryBytes / 2 ** 30;
  return [
    ...(cpus > cores ? [`--cpus ${cpus} is more than the ${cores} cores of this machine`] : []),
    ...(memoryGib > gib ? [`--memory ${memoryGib} is more than the ${gib.toFixed(1)} GiB of this machine`] : []),
  ];
}

/** More courses on a GPU would only wait for its processors. */
const MOST_COURSES_ON_A_CARD = 4;

/** What this machine gives to jobs: the worker rule of the configuration, unless the person says otherwise. */
export function budgetOf(machine: MachineFacts, config: Config, wish: BudgetWish = {}): Budget {
  const most = config.max_workers ?? Number.POSITIVE_INFINITY;
  const workers = Math.min(most, config.workers === 'auto' ? autoWorkers(machine.cores) : config.workers);
  const cpus = Math.min(most, Math.floor(wish.cpus ?? workers));
  const memoryMiB = wish.memoryGib === undefined ? (0.9 * machine.memoryBytes) / 2 ** 20 : wish.memoryGib * 1024;
  const places = placesOf(usableGpus(config.segmentation.device, machine.gpus), config);
  const stages = stageBudgets(machine, config, cpus, workers, places.length);
  return { cpus, memoryMiB: Math.floor(memoryMiB), gpus: cardPlaces(places, stages), stages };
}

/**
 * Courses at once and CPUs of a job: half for the DVHs, all but one for radiomics, one for the tables. Where there are two
 * CPUs, both: a course that runs alone leaves none idle.
 */
function stageBudgets(
  machine: MachineFacts,
  config: Config,
  cpus: number,
  workers: number,
  places: number,
): Record<JobStageName, StageBudget> {
  const { segmentation, custom_models, radiomics } = config;
  const onCard = deviceOn(machine.gpus, segmentation.device) !== 'cpu';
  const usual = onCard ? Math.max(1, places) : Math.max(1, Math.min(2, Math.floor(workers / 2)));
  const atMost = (count: number | null) => Math.min(count ?? usual, Math.max(1, workers));
  const threads = (jobs: number) =>
    Math.min(cpus, onCard ? threadsBesideCard(machine.cores) : Math.max(1, Math.floor(cpus / jobs)));
  const [segmenting, predicting] = [segmentation.workers, custom_models.workers].map(atMost);
  const two = Math.min(2, cpus);
  const allButOne = Math.max(two, cpus - 1);
  const without = { memoryMiB: MEMORY_TO_SAY_SO_MIB, cpus: 1 };
  return {
    segmentation: {
      jobs: segmenting,
      cpus: segmentation.threads_per_worker || threads(segmenting),
      ...(!machine.hasSegmenter && without),
    },
    custom_models: { jobs: predicting, cpus: threads(predicting), ...(!machine.hasPredictor && without) },
    structures: { cpus: 1 },
    dvh: { cpus: Math.max(two, Math.floor(cpus / 2)) },
    radiomics: { cpus: radiomics.sequential ? 1 : Math.min(cpus, radiomics.workers ?? allButOne) },
    qc: { cpus: 1 },
    robustness: { cpus: Math.min(cpus, radiomics.workers ?? allButOne) },
    aggregate: { cpus: 1 },
  };
}

/** What a program on a GPU has to do on CPUs, resampling and saving, keeps half of them busy, 2 to 8. */
function threadsBesideCard(cores: number): number {
  return Math.max(2, Math.min(8, Math.floor(cores / 2)));
}

/** The places on GPUs: one on each in turn, as many on each as courses may share it. */
function placesOf(gpus: Gpu[], { segmentation }: Config): number[] {
  const each = gpus.map(({ memoryMiB }) => segmentation.per_card ?? coursesOn(memoryMiB));
  return Array.from({ length: Math.max(0, ...each) }, (_, turn) => gpus.filter((_, i) => turn < each[i])).flatMap(
    (turn) => turn.map(({ index }) => index),
  );
}

/** Courses that fit a GPU with room: too little memory would make the program choose its model for 3 mm. */
function coursesOn(memoryMiB: number): number {
  return Math.max(1, Math.min(MOST_COURSES_ON_A_CARD, Math.floor(memoryMiB / (2 * MODEL_GPU_MIB))));
}

/** The places, more of them where more jobs were asked for than there are: then more share a GPU. */
function cardPlaces(places: number[], stages: Record<JobStageName, StageBudget>): number[] {
  const jobs = Math.max(stages.segmentation.jobs ?? 1, stages.custom_models.jobs ?? 1);
  const times = Math.max(1, Math.ceil(jobs / places.length));
  return places.length === 0 ? [] : Array.from({ length: times }, () => places).flat();
}
