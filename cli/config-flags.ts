import { type Command, InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import { type EffectiveConfig, effectiveConfig, type Settings } from './configuration.ts';

/** Flags that choose or change the configuration, under the names that RTpipeline gave them. */
export interface ConfigFlags {
  config?: string;
  profile?: string;
  set: Settings;
  forceSegmentation?: boolean;
  forceCustomModels?: boolean;
  workers?: number | 'auto';
  segWorkers?: number;
  segProcThreads?: number;
  customModelWorkers?: number;
  radiomicsProcThreads?: number;
  sequentialRadiomics?: boolean;
  taskTimeout?: number;
  totalsegTimeout?: number;
  totalsegNrThrResamp?: number;
  totalsegNrThrSaving?: number;
  totalsegNumProcPre?: number;
  totalsegNumProcExport?: number;
}

export function addConfigFlags(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (YAML)')
    .option('--profile <name>', 'machine preset; --config overrides it (see `rtpipeline config`)')
    .option('--set <key=value...>', 'set any configuration key: --set dvh.end_cap=none', assign, {})
    .option('--force-segmentation', 'run TotalSegmentator again, even where its results exist')
    .option('--force-custom-models', 'run custom models again, even where their results exist')
    .option('--workers <n>', 'workers that all jobs share, or auto', workers)
    .option('--seg-workers <n>', 'courses that run TotalSegmentator at the same time', positive)
    .option('--seg-proc-threads <n>', 'threads of each TotalSegmentator process; 0: no limit', Number)
    .option('--custom-model-workers <n>', 'courses that run custom models at the same time', positive)
    .option('--radiomics-proc-threads <n>', 'accepted but ignored: radiomics starts no other program', Number)
    .option('--sequential-radiomics', 'compute radiomics one ROI at a time')
    .option('--task-timeout <s>', 'time limit in seconds of a stage without its own limit; 0: none', Number)
    .option('--totalseg-timeout <s>', 'time limit of TotalSegmentator in seconds; 0: none', Number)
    .option('--totalseg-nr-thr-resamp <n>', 'threads that resample in TotalSegmentator', positive)
    .option('--totalseg-nr-thr-saving <n>', 'threads that save results in TotalSegmentator', positive)
    .option('--totalseg-num-proc-pre <n>', 'processes that prepare data in nnU-Net', positive)
    .option('--totalseg-num-proc-export <n>', 'processes that export results in nnU-Net', positive);
}

/** The configuration that file, environment and these flags make. @throws BadConfig */
export function configFrom(flags: ConfigFlags): Promise<EffectiveConfig> {
  return effectiveConfig(flags.config, process.env, settingsOf(flags), flags.profile);
}

function settingsOf(flags: ConfigFlags): Settings {
  const limit = (value: number | undefined) => (value === undefined ? undefined : value <= 0 ? null : value);
  return {
    workers: flags.workers,
    'segmentation.workers': flags.segWorkers,
    'segmentation.threads_per_worker':
      flags.segProcThreads === undefined ? undefined : Math.max(0, flags.segProcThreads),
    'segmentation.timeout': flags.totalsegTimeout,
    'segmentation.force': flags.forceSegmentation,
    'segmentation.nr_threads_resample': flags.totalsegNrThrResamp,
    'segmentation.nr_threads_save': flags.totalsegNrThrSaving,
    'segmentation.num_proc_preprocessing': flags.totalsegNumProcPre,
    'segmentation.num_proc_export': flags.totalsegNumProcExport,
    'custom_models.workers': flags.customModelWorkers,
    'custom_models.force': flags.forceCustomModels,
    'radiomics.thread_limit': limit(flags.radiomicsProcThreads),
    'radiomics.sequential': flags.sequentialRadiomics,
    task_timeout: flags.taskTimeout,
    ...flags.set,
  };
}

function assign(text: string, earlier: Settings): Settings {
  const [, key, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError('must be key=value');
  try {
    return { ...earlier, [key]: parse(value) };
  } catch (error) {
    const [what] = String((error as Error).message).split('\n');
    throw new InvalidArgumentError(`the value is not valid YAML: ${what.replace(/:$/, '')}`);
  }
}

function workers(text: string): number | 'auto' {
  return text === 'auto' ? text : whole(text);
}

export function whole(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('must be a whole number');
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
