import { codeDigest } from '#lib/code-digest.ts';
import { VERSION } from '#lib/code-version.ts';
import type { Config } from '#lib/config.ts';
import type { LogFields } from '#lib/log.ts';
import { programThreads } from '#lib/segmentation/total-segmentator/command-line.ts';
import { SEGMENTATION_VCPUS } from '#lib/stages/segmentation/segmentation.ts';
import type { JobStageName } from '#lib/stages/table.ts';
import type { Budget } from '#statemachine/local/budget.ts';
import type { MachineFacts } from './machine-budget.ts';

/** What a person looks for first in the log when a run is slow or fails: machine, workers, threads, device, timeouts. */
export function keyLines(machine: MachineFacts, config: Config, budget: Budget): [event: string, LogFields][] {
  const { cores, memoryBytes, gpus } = machine;
  const { segmentation, custom_models, radiomics, radiomics_robustness, organize, aggregation } = config;
  const memoryGib = Math.round(memoryBytes / 2 ** 30);
  const device = segmentation.device === 'gpu' && gpus.length === 0 ? 'cpu' : segmentation.device;
  const seconds = (value: number) => (value === 0 ? 'none' : `${value} s`);
  const of = (stage: JobStageName) => budget.stages?.[stage] ?? {};
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
        message: `courses at once: segmentation ${of('segmentation').jobs}, custom models ${of('custom_models').jobs}; workers of a course: dvh ${of('dvh').cpus}, radiomics ${of('radiomics').cpus}, robustness ${of('robustness').cpus}; of the tables: ${of('aggregate').cpus}`,
      },
    ],
    ['Run:Segmentation:Set', { message: segmentationLine(config, budget, device) }],
    [
      'Run:CustomModels:Set',
      { message: `Custom segmentation stage: using ${of('custom_models').jobs} parallel workers (device: ${device})` },
    ],
    ['Run:Threads:Set', { message: threadLine(config, budget), programThreads: radiomics.thread_limit }],
    [
      'Run:Device:Set',
      {
        message: `GPU device: ${device} (force_split=${segmentation.force_split}), ${gpus.length} cards, TotalSegmentator ${machine.hasSegmenter ? 'found' : 'not installed'}`,
        gpus,
      },
    ],
    [
      'Run:Timeouts:Set',
      {
        message: `Timeouts: reading headers=${seconds(organize.read_timeout)} per batch, TotalSegmentator=${seconds(segmentation.timeout)}, custom models=${seconds(custom_models.timeout)}, radiomics=${seconds(radiomics.task_timeout)} per ROI, robustness=${seconds(radiomics_robustness.task_timeout)} per ROI, tables=${seconds(aggregation.file_timeout)} per file, others=${seconds(config.task_timeout)}`,
      },
    ],
  ];
}

function segmentationLine(config: Config, budget: Budget, device: string): string {
  const { resample, save } = threadsOf(config, budget);
  const jobs = budget.stages?.segmentation?.jobs;
  return `Segmentation stage: using ${jobs} parallel workers (device: ${device}, per-worker threads: resample=${resample}, save=${save})`;
}

function threadLine(config: Config, budget: Budget): string {
  const { resample, save } = threadsOf(config, budget);
  return `TotalSegmentator: resampling threads=${resample}, saving threads=${save}`;
}

/** As the job will choose them: they follow from its processors, not from those of the machine. */
function threadsOf({ segmentation }: Config, { cpus, stages }: Budget) {
  return programThreads(segmentation, Math.min(cpus, stages?.segmentation?.cpus ?? SEGMENTATION_VCPUS));
}
