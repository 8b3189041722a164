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
    .option('--config <file>', 'configuration, YAML')
    .option('--profile <name>', 'machine preset; --config overrides it (see `rtpipeline config`)')
    .option('--set <key=value...>', 'any key of the configuration: --set dvh.end_cap=none', assign, {})
    .option('--force-segmentation', 'segment again')
    .option('--force-custom-models', 'run custom models again')
    .option('--workers <n>', 'worker budget, or auto', workers)
    .option('--seg-workers <n>', 'courses in TotalSegmentator at once', positive)
    .option('--seg-proc-threads <n>', 'threads of one TotalSegmentator; 0: no limit', Number)
    .option('--custom-model-workers <n>', 'courses in custom models at once', positive)
    .option('--radiomics-proc-threads <n>', 'accepted, without effect: radiomics starts no programs', Number)
    .option('--sequential-radiomics', 'one ROI at a time')
    .option('--task-timeout <s>', 'limit of stages without one of their own; 0: none', Number)
    .option('--totalseg-timeout <s>', 'limit of TotalSegmentator; 0: none', Number)
    .option('--totalseg-nr-thr-resamp <n>', 'threads of TotalSegmentator that resample', positive)
    .option('--totalseg-nr-thr-saving <n>', 'threads of TotalSegmentator that save', positive)
    .option('--totalseg-num-proc-pre <n>', 'processes of nnU-Net that prepare', positive)
    .option('--totalseg-num-proc-export <n>', 'processes of nnU-Net that export', positive);
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
