import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, readImage } from '../../course-store/images.ts';
import { readMask, type TakenStructure } from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { describeError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { sharedVolume } from '../../image/shared-volume.ts';
import type { Pool, PoolTask, TaskResult } from '../../pool/pool.ts';
import type { NamedImage } from '../../radiomics/image-types/image-types.ts';
import type { PreparedImage } from '../../radiomics/preprocessing/prepare-image.ts';
import { featureColumns } from '../../radiomics/pyradiomics/columns.ts';
import { diagnosticColumns } from '../../radiomics/pyradiomics/diagnostics.ts';
import { type FeatureResult, joinParts } from '../../radiomics/pyradiomics/extract.ts';
import { mostParts } from '../../radiomics/pyradiomics/region-part.ts';
import { type RoiRules, roiDecision } from '../../radiomics/pyradiomics/roi-rules.ts';
import type { RegionTask } from '../../radiomics/pyradiomics/task.ts';
import type { RadiomicsSettings } from '../../radiomics/settings/settings.ts';
import type { MaskStatus, RoiEnd } from '../../rt/roi-status.ts';
import { type Column, column, type Row } from '../../tables/table.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';
import type { FeatureConfig, FeatureMeans, RadiomicsCourse } from './inputs.ts';
import type { RadiomicsProfile } from './profile.ts';
import { findingsOnImage, type ImageFacts, REGION_COLUMNS, regionCells } from './rows.ts';

const TASKS = new URL('../../radiomics/pyradiomics/task.ts', import.meta.url).href;

/** A structure during the stage: its settings, or its status without features. */
interface Admitted {
  record: TakenStructure;
  mask?: Mask;
  settings?: RadiomicsSettings;
  isLarge: boolean;
  outcome?: RoiEnd<MaskStatus>;
}

interface ImageWork {
  course: RadiomicsCourse;
  image: ImageRecord;
  drawn: TakenStructure[];
  profile: RadiomicsProfile;
  config: FeatureConfig;
  means: FeatureMeans;
}

/**
 * The features of all structures drawn on one image: the image is resampled and filtered once, then every structure is a
 * task. Every structure is a row, in the order of the course's structures.
 */
export async function imageFeatures(
  { course, image, drawn, profile, config, means }: ImageWork,
  context: StageContext,
): Promise<TablePart & { findings: Finding[]; failures: TaskFailure[] }> {
  const admitted = await Promise.all(drawn.map((record) => admit(record, image, profile, config, context)));
  const { results, failures } = await compute(admitted, await readImage(context.store, image), means, context);
  const findings = results.flatMap((result, i) => findingsOnImage(admitted[i].record, image, result?.findings ?? []));
  const about = { modality: image.modality, unit: profile.unit };
  const rows = admitted.map((one, i) => rowOf(course, about, one, results[i]));
  return { columns: pyradiomicsColumns(profile.settings), rows, findings, failures };
}

async function admit(
  record: TakenStructure,
  image: ImageRecord,
  { settings }: RadiomicsProfile,
  config: FeatureConfig,
  { store }: StageContext,
): Promise<Admitted> {
  const rules: RoiRules = {
    skip: config.skip_rois,
    minVoxels: config.min_voxels,
    maxVoxels: config.max_voxels,
  };
  if (record.status !== 'ok' || !image.grid) {
    const status = record.status === 'ok' ? 'failed' : record.status;
    return { record, isLarge: false, outcome: { status, reason: record.reason || record.status } };
  }
  const mask = await readMask(store, record, gridOf(image.grid));
  const decided = roiDecision(record.roiName, mask, settings, rules);
  if ('status' in decided) return { record, mask, isLarge: false, outcome: decided };
  return { record, mask, ...decided };
}

async function compute(
  admitted: Admitted[],
  volume: Volume,
  { taskTimeoutSeconds }: FeatureMeans,
  { pool, signal }: StageContext,
): Promise<{ results: (FeatureResult | undefined)[]; failures: TaskFailure[] }> {
  const image = sharedVolume(volume);
  const results = new Array<FeatureResult | undefined>(admitted.length);
  const failures: TaskFailure[] = [];
  const settle = ({ record, i }: Admitted & { i: number }, result: TaskResult<FeatureResult>) => {
    results[i] = resultOf(result);
    failures.push(...failuresOf(record, result));
  };
  for (const isLarge of [false, true]) {
    const group = admitted.flatMap((one, i) => (one.settings && one.isLarge === isLarge ? [{ ...one, i }] : []));
    const settings = group[0]?.settings;
    if (!settings) continue;
    const ready = await readyImage(image, settings, pool, signal);
    if (!ready.ok) {
      for (const one of group) settle(one, ready);
      continue;
    }
    const { prepared, filtered } = ready.value;
    const largestFirst = group.toSorted((a, b) => b.record.voxels - a.record.voxels);
    const count = largestFirst.length === 1 ? Math.min(PARTS, mostParts(settings)) : 1;
    const timeoutMs = 1000 * taskTimeoutSeconds;
    const tasks = largestFirst.flatMap(({ mask, record }) => {
      const shares = sharesOf(count);
      const argumentOf = (share?: RegionTask['share']) => ({ prepared, mask, settings, filtered, share });
      return shares.map((share) => ({
        ...task('extractRegionTask', argumentOf(share), `roi ${record.roiNumber}`),
        timeoutMs,
      }));
    });
    const done = await pool.map<FeatureResult>('radiomics', tasks, signal);
    for (const [n, one] of largestFirst.entries()) settle(one, joined(done.slice(n * count, (n + 1) * count)));
  }
  return { results, failures };
}

/** A region that is alone is divided, so that a second core can help. */
const PARTS = 2;
let divided = 0;

/** The parts of a region; undefined for one that is not divided. */
function sharesOf(count: number): RegionTask['share'][] {
  if (count === 1) return [undefined];
  const region = divided++;
  return Array.from({ length: count }, (_, index) => ({ region, part: { index, count } }));
}

/** A region fails with any of its parts. */
function joined(parts: TaskResult<FeatureResult>[]): TaskResult<FeatureResult> {
  const failed = parts.find((part) => !part.ok);
  return failed ?? { ok: true, value: joinParts(parts.flatMap((part) => (part.ok ? [part.value] : []))) };
}

function task(name: string, argument: unknown, label: string): PoolTask {
  return { module: TASKS, name, argument, label };
}

interface ReadyImage {
  prepared: PreparedImage;
  filtered: NamedImage[];
}

/** An image that cannot be prepared or filtered fails its own structures, not those of the other images. */
async function readyImage(
  image: Volume,
  settings: RadiomicsSettings,
  pool: Pool,
  signal: AbortSignal,
): Promise<TaskResult<ReadyImage>> {
  const prepare = task('prepareImageTask', { image, settings }, 'image');
  const prepared = await one<PreparedImage>(pool, prepare, signal);
  if (!prepared.ok) return prepared;
  const filter = task('filterImageTask', { prepared: prepared.value, settings }, 'filters');
  const filtered = await one<{ images: NamedImage[] }>(pool, filter, signal);
  return filtered.ok ? { ok: true, value: { prepared: prepared.value, filtered: filtered.value.images } } : filtered;
}

async function one<T>(pool: Pool, only: PoolTask, signal: AbortSignal): Promise<TaskResult<T>> {
  const [result] = await pool.map<T>('radiomics', [only], signal);
  return result;
}

function resultOf(result: TaskResult<FeatureResult>): FeatureResult {
  if (result.ok) return result.value;
  return { status: 'failed', reason: describeError(result.error), values: {}, diagnostics: {}, findings: [] };
}

/** Columns of a table of PyRadiomics' features: they follow from the settings alone. */
export function pyradiomicsColumns(settings: RadiomicsSettings): Column[] {
  const short = column('short', 'boolean', 'large region: original image at 2 mm, shape and first order only');
  return [...REGION_COLUMNS, short, ...diagnosticColumns(settings), ...featureColumns(settings)];
}

function rowOf(
  course: RadiomicsCourse,
  image: ImageFacts,
  { record, isLarge, outcome }: Admitted,
  result?: FeatureResult,
): Row {
  return {
    ...regionCells(course, image, record, outcome ?? result ?? { status: 'failed', reason: 'not computed' }),
    short: isLarge,
    ...result?.diagnostics,
    ...result?.values,
  };
}
