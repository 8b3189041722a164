import { parse } from 'yaml';
import { ownKeys } from '#lib/own-keys.ts';
import { configKeys } from './config-keys.ts';

/** Variables that RTpipeline and TotalSegmentator know under names of their own. */
const OTHER_NAMES: Record<string, string> = ownKeys({
  WORKERS: 'workers',
  TOTALSEG_TIMEOUT: 'segmentation.timeout',
  TOTALSEG_LICENSE: 'segmentation.license',
  TOTALSEG_WEIGHTS_PATH: 'segmentation.weights',
  TOTALSEG_NUM_PROCESSES_PREPROCESSING: 'segmentation.num_proc_preprocessing',
  TOTALSEG_NUM_PROCESSES_SEGMENTATION_EXPORT: 'segmentation.num_proc_export',
  TOTALSEG_FORCE_TORCH_NUM_THREADS: 'segmentation.torch_threads',
  DCM2NIIX_TIMEOUT: 'organize.read_timeout',
});

/** `0` means "automatic" or "off" for these keys, as it did in the variables of RTpipeline. */
const ZERO_IS_NONE = ['radiomics.workers', 'radiomics.thread_limit', 'max_workers'];

/** The words that RTpipeline reads as true and false; the schema refuses others. */
const TRUTHS: Record<string, boolean> = ownKeys({
  '1': true,
  true: true,
  yes: true,
  '0': false,
  false: false,
  no: false,
});

/** The variables of a key: the rule's name `RTPIPELINE_<SECTION>_<KEY>`, then others that it is known by. */
export function variablesOf(key: string): string[] {
  const rule = `RTPIPELINE_${key.replaceAll('.', '_').toUpperCase()}`;
  return [rule, ...Object.keys(OTHER_NAMES).filter((name) => OTHER_NAMES[name] === key)];
}

/** Dotted keys that the environment sets; values are read as YAML, so `2`, `true` and `null` mean what they say. */
export function fromEnvironment(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const found = configKeys().flatMap(({ key, type }) => {
    const text = variablesOf(key)
      .map((name) => environment[name])
      .find((value) => value !== undefined && value !== '');
    return text === undefined ? [] : [[key, typed(key, type, text)]];
  });
  return Object.fromEntries(found);
}

function typed(key: string, type: string, text: string): unknown {
  if (type === 'true or false') return TRUTHS[text.trim().toLowerCase()] ?? text;
  const value = asYaml(text);
  return ZERO_IS_NONE.includes(key) && value === 0 ? null : value;
}

/** What is no YAML is a text, which the schema then judges under the name of the key. */
function asYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}
