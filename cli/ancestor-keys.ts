import { kindOfKey } from '#lib/config.ts';
import { ownKeys } from '#lib/own-keys.ts';

/**
 * Keys of configuration files of RTpipeline 1 and 2 that this product renamed or does not use. Such a file works
 * unchanged, and every key without effect is reported.
 */

/** Key there -> key here, unless the file also has that. */
const RENAMED: Record<string, string> = ownKeys({
  'segmentation.max_workers': 'segmentation.workers',
  'custom_models.max_workers': 'custom_models.workers',
  'radiomics_robustness.thresholds.cov.robust': 'radiomics_robustness.thresholds.cov.robust_pct',
  'radiomics_robustness.thresholds.cov.acceptable': 'radiomics_robustness.thresholds.cov.acceptable_pct',
});

/** Key -> what counts here instead. */
const WITHOUT_EFFECT: Record<string, string> = ownKeys({
  dicom_root: 'give the input as the argument of the command',
  output_dir: 'give the output folder with --out',
  logs_dir: 'logs are in run/ and courses/*/logs/ of the output',
  scheduler: 'CPUs go to the jobs that can use them; workers, max_workers and --courses limit them',
  container_mode: 'no container is needed',
  container_env_prefix: 'no environment is needed',
  environments: 'no environment is needed',
  snakemake_threads_io_bound: 'aggregation.threads sets the number of files read at the same time',
  'segmentation.temp_dir': 'the variable TMPDIR sets the folder of temporary files',
  'organize.dedup_by_sop_uid': 'an instance always counts once',
  'organize.use_hardlinks': 'DICOM files are not copied',
  'organize.verify_checksum': 'DICOM files are not copied',
  'organize.cache_headers': 'headers are always kept',
  'dvh.enabled': '--stage chooses stages',
  'dvh.force': '--force computes finished results again',
  'dvh.prescription_dose_source': 'prescriptions come from the plan, or from dvh.prescriptions',
  'dvh.volume_type': 'tables hold cc and %',
  'dvh.dose_presentation': 'tables hold Gy, and % of the prescription',
  'dvh.dose_metrics': 'dvh.metrics names the columns',
  'dvh.volume_metrics': 'dvh.metrics names the columns',
  'qc.force': '--force computes finished results again',
  'radiomics_robustness.metrics.icc.implementation': 'the ICC is computed here, with the numbers of pingouin',
  'radiomics.thread_limit': 'radiomics starts no programs; radiomics.workers limits its threads',
  'ct_cropping.keep_original': 'originals are always kept',
});

/** What `null` leaves to the product there, and `auto` here. */
const NULL_IS_AUTO = ['workers', 'aggregation.threads'];

/** The settings of a file under the names of this product, and a sentence for each key that does nothing. */
export function readAncestorKeys(file: Record<string, unknown>): {
  settings: Record<string, unknown>;
  notes: string[];
} {
  const settings: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(file)) {
    const name = Object.hasOwn(RENAMED, key) ? RENAMED[key] : key;
    if (name !== key && file[name] !== undefined && file[name] !== null) continue;
    const isLeftOpen = value === null && NULL_IS_AUTO.includes(key);
    if (!isLeftOpen && !isUnknownHere(key)) settings[name] = value;
  }
  return { settings, notes: notesOn(Object.keys(file)) };
}

/** A sentence for each of these keys that is accepted and does nothing. */
export function notesOn(keys: string[]): string[] {
  return keys
    .filter((key) => Object.hasOwn(WITHOUT_EFFECT, key))
    .map((key) => `${key}: accepted but ignored: ${WITHOUT_EFFECT[key]}`);
}

/** Keys without effect that the schema of this product does not have either. */
function isUnknownHere(key: string): boolean {
  return Object.hasOwn(WITHOUT_EFFECT, key) && kindOfKey(key.split('.')) === 'unknown';
}
