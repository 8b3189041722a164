import { codeDigest } from '#lib/code-digest.ts';
import { VERSION } from '#lib/code-version.ts';
import type { Config } from '#lib/config.ts';
import type { LogFields } from '#lib/log.ts';
import { type Device, deviceOn, MODEL_GPU_MIB } from '#lib/pool/gpus.ts';
import { programThreads } from '#lib/segmentation/total-segmentator/command-line.ts';
import { readsAtOnce } from '#lib/stages/aggregate/read-courses.ts';
import { CUSTOM_MODELS_MIB } from '#lib/stages/segmentation/custom-models.ts';
import { SEGMENTATION_CPUS, SEGMENTATION_MIB } from '#lib/stages/segmentation/segmentation.ts';
import type { JobStageName } from '#lib/stages/table.ts';
import type { Budget } from '#statemachine/local/budget.ts';
import type { MachineFacts } from './machine-budget.ts';

/** What a person looks for first in the log when a run is slow or fails: machine, workers, threads, device, timeouts. */
export function keyLines(machine: MachineFacts, config: Config, budget: Budget): [event: string, LogFields][] {
  const { cores, memoryBytes, gpus } = machine;
  const { segmentation, custom_models, radiomics, radiomics_robustness, organize, aggregation } = config;
  const memoryGib = Math.round(memoryBytes / 2 ** 30);
  const device = deviceOn(gpus, segmentation.device);
  const seconds = (value: number) => (value === 0 ? 'none' : `${value} s`);
  const of = (stage: JobStageName) => budget.stages?.[stage] ?? {};
  const atOnce = coursesAtOnce(budget);
  return [
    ['Run:Version:Read', { rtpipeline: VERSION, code: codeDigest().all, node: process.version }],
    [
      'Run:Budget:Set',
      {
        message: `CPU cores: ${cores}, using ${budget.cpus} workers; memory: ${memoryGib} GiB, using ${budget.memoryMiB} MiB`,
        cores,
        budget,
      },
    ],
    [
      'Run:Workers:Set',
      {
        message: `courses at once: segmentation ${atOnce.segmentation}, custom models ${atOnce.custom_models}; workers of a course: dvh ${of('dvh').cpus}, radiomics ${of('radiomics').cpus}, robustness ${of('robustness').cpus}; files read at once for the tables: ${readsAtOnce(config, cores)}`,
      },
    ],
    ['Run:Segmentation:Set', { message: segmentationLine(config, budget, atOnce.segmentation, device) }],
    [
      'Run:CustomModels:Set',
      { message: `Custom segmentation stage: using ${atOnce.custom_models} parallel workers (device: ${device})` },
    ],
    ['Run:Threads:Set', { message: threadLine(config, budget) }],
    [
      'Run:Device:Set',
      {
        message: `GPU device: ${device} (force_split=${segmentation.force_split}), ${gpus.length} GPUs${sharing(budget)}, TotalSegmentator ${machine.hasSegmenter ? 'found' : 'not installed'}`,
        gpus,
      },
    ],
    ...slowDevice(machine, config, device),
    [
      'Run:Timeouts:Set',
      {
        message: `Timeouts: reading headers=${seconds(organize.read_timeout)} per batch, TotalSegmentator=${seconds(segmentation.timeout)}, custom models=${seconds(custom_models.timeout)}, radiomics=${seconds(radiomics.task_timeout)} per ROI, robustness=${seconds(radiomics_robustness.task_timeout)} per ROI, tables=${seconds(aggregation.file_timeout)} per file, others=${seconds(config.task_timeout)}`,
      },
    ],
  ];
}

/** Courses that the two stages really segment at once: their memory and their places on GPUs count too. */
function coursesAtOnce({ stages, gpus, memoryMiB }: Budget): Record<'segmentation' | 'custom_models', number> {
  const atMost = (stage: 'segmentation' | 'custom_models', least: number) => {
    const { jobs = 1, memoryMiB: own = least } = stages?.[stage] ?? {};
    return Math.max(1, Math.min(jobs, gpus.length || jobs, Math.floor(memoryMiB / own)));
  };
  return {
    segmentation: atMost('segmentation', SEGMENTATION_MIB),
    custom_models: atMost('custom_models', CUSTOM_MODELS_MIB),
  };
}

/** The full model takes very long on a CPU: names the alternative, unless the user chose this. */
function slowDevice(
  { gpus, hasSegmenter }: MachineFacts,
  { segmentation }: Config,
  device: Device,
): [event: string, LogFields][] {
  if (device !== 'cpu' || segmentation.fast || !segmentation.enabled || !hasSegmenter) return [];
  const why = gpus.length > 0 ? `no GPU has ${MODEL_GPU_MIB} MiB` : 'there is no GPU';
  const message = `TotalSegmentator runs on the CPU: ${why}. For the 3 mm model, several times faster, set segmentation.fast: true`;
  return [['Run:Device:Slow', { message }]];
}

function sharing({ gpus }: Budget): string {
  const distinct = new Set(gpus).size;
  return gpus.length > distinct ? `, each shared by up to ${gpus.length / distinct} courses` : '';
}

function segmentationLine(config: Config, budget: Budget, jobs: number, device: string): string {
  const { resample, save } = threadsOf(config, budget);
  return `Segmentation stage: using ${jobs} parallel workers (device: ${device}, per-worker threads: resample=${resample}, save=${save})`;
}

function threadLine(config: Config, budget: Budget): string {
  const { resample, save } = threadsOf(config, budget);
  return `TotalSegmentator: resampling threads=${resample}, saving threads=${save}`;
}

/** As the job will choose them: they follow from its CPUs, not from those of the machine. */
function threadsOf({ segmentation }: Config, { cpus, stages }: Budget) {
  return programThreads(segmentation, Math.min(cpus, stages?.segmentation?.cpus ?? SEGMENTATION_CPUS));
}
