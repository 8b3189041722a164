import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, readImage } from '../../course-store/images.ts';
import { readMask, type StructureRecord, structureSubject } from '../../course-store/structures.ts';
import { describeError } from '../../errors.ts';
import { type Finding, finding, findingsOn } from '../../findings.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { sharedVolume } from '../../image/shared-volume.ts';
import type { PoolTask, TaskResult } from '../../pool/pool.ts';
import type { NamedImage } from '../../radiomics/image-types/image-types.ts';
import type { PreparedImage } from '../../radiomics/preprocessing/prepare-image.ts';
import { roiDecision } from '../../radiomics/pyradiomics/roi-rules.ts';
import type { RadiomicsSettings } from '../../radiomics/settings/settings.ts';
import { contourReachMm, type Perturbation, perturbationGrid } from '../../robustness/perturbation-grid.ts';
import { seedOf } from '../../robustness/seed.ts';
import type { StructureField } from '../../robustness/structure-field.ts';
import { type PerturbationTask, type PerturbedFeatures, withoutFeatures } from '../../robustness/task.ts';
import type { MaskStatus, RoiEnd } from '../../rt/roi-status.ts';
import type { Column } from '../../tables/table.ts';
import type { FeatureMeans } from '../radiomics/inputs.ts';
import type { RadiomicsProfile } from '../radiomics/profile.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';
import type { Perturbations, RobustnessConfig, RobustnessCourse } from './inputs.ts';

/** An image with the structures on it that are to be perturbed, and the columns of their features. */
export interface ImageToPerturb {
  image: ImageRecord;
  profile: RadiomicsProfile;
  drawn: StructureRecord[];
  columns: Column[];
}

/** What became of a structure: its features under every perturbation, or why it was not perturbed. */
export interface PerturbedStructure {
  record: StructureRecord;
  isLarge: boolean;
  seed: number;
  perturbed: { perturbation: Perturbation; features: PerturbedFeatures }[];
  refusal?: RoiEnd<MaskStatus>;
  findings: Finding[];
  /** Tasks of it that another attempt may bring to their end. */
  failures: TaskFailure[];
}

interface PerturbWork {
  course: RobustnessCourse;
  image: ImageToPerturb;
  config: RobustnessConfig;
  means: FeatureMeans;
}

interface Admitted extends PerturbedStructure {
  mask?: Mask;
  structure?: StructureField;
  settings?: RadiomicsSettings;
}

const RADIOMICS_TASKS = new URL('../../radiomics/pyradiomics/task.ts', import.meta.url).href;
const TASKS = new URL('../../robustness/task.ts', import.meta.url).href;

/**
 * The structures of an image under every perturbation. The image is prepared once for each level of noise; then each
 * structure and perturbation is a task. A perturbation that fails is a result with its reason, the others stand.
 */
export async function perturbImage(
  { course, image: { image, profile, drawn, columns }, config, means }: PerturbWork,
  context: StageContext,
): Promise<PerturbedStructure[]> {
  const grid = gridFor(image, config.perturbation);
  const admitted = await Promise.all(drawn.map((record) => admit(course, record, image, profile, config, context)));
  await addFields(admitted, grid, { config, means }, context);
  const volume = sharedVolume(await readImage(context.store, image));
  const names = columns.map(({ name }) => name);
  for (const noiseHu of new Set(grid.map((perturbation) => perturbation.noiseHu))) {
    const level = grid.filter((perturbation) => perturbation.noiseHu === noiseHu);
    const noisy = await one<Volume>(task(TASKS, 'addNoiseTask', { image: volume, sigma: noiseHu }, 'noise'), context);
    for (const isLarge of [false, true]) {
      const group = admitted.filter((found) => found.structure && found.isLarge === isLarge);
      await perturbGroup(group, noisy, level, names, { config, means }, context);
    }
  }
  return admitted.map(({ mask: _, structure: __, settings: ___, ...rest }) => ({
    ...rest,
    findings: findingsOf(rest, image, config.perturbation),
  }));
}

/** Levels of noise are in HU: an image of other numbers gets none. */
function gridFor({ quantity }: ImageRecord, settings: Perturbations): Perturbation[] {
  return perturbationGrid(quantity === 'HU' ? settings : { ...settings, noise_levels: [0] });
}

async function admit(
  course: RobustnessCourse,
  record: StructureRecord,
  image: ImageRecord,
  { settings }: RadiomicsProfile,
  { features }: RobustnessConfig,
  { store }: StageContext,
): Promise<Admitted> {
  const seed = seedOf(course.courseId, record.structureSetUid ?? '', record.source, record.roiNumber);
  const base = { record, seed, isLarge: false, perturbed: [], findings: [], failures: [] };
  if (record.status !== 'ok' || !image.grid) {
    const status = record.status === 'ok' ? 'failed' : record.status;
    return { ...base, refusal: { status, reason: record.reason || record.status } };
  }
  const mask = await readMask(store, record, gridOf(image.grid));
  const { skip_rois: skip, min_voxels: minVoxels, max_voxels: maxVoxels } = features;
  const decided = roiDecision(record.roiName, mask, settings, { skip, minVoxels, maxVoxels });
  return 'status' in decided ? { ...base, refusal: decided } : { ...base, mask, ...decided };
}

async function addFields(
  admitted: Admitted[],
  grid: Perturbation[],
  { config: { perturbation: settings }, means: { taskTimeoutSeconds: seconds } }: Pick<PerturbWork, 'config' | 'means'>,
  context: StageContext,
): Promise<void> {
  const usable = admitted.filter(({ mask }) => mask !== undefined);
  const tasks = usable.map(({ mask, record }) => ({
    ...task(TASKS, 'structureFieldTask', { mask, grid, settings }, `roi ${record.roiNumber}`),
    timeoutMs: 1000 * seconds,
  }));
  const fields = await context.pool.map<StructureField>('robustness', tasks, context.signal);
  for (const [n, result] of fields.entries()) {
    usable[n].failures.push(...failuresOf(usable[n].record, result));
    if (result.ok) usable[n].structure = result.value;
    else usable[n].refusal = { status: 'failed', reason: describeError(result.error) };
  }
}

/** All perturbations of one level of noise; appends to `perturbed` of each structure in the order of the grid. */
async function perturbGroup(
  group: Admitted[],
  image: Volume,
  level: Perturbation[],
  names: string[],
  { config, means: { taskTimeoutSeconds: seconds } }: Pick<PerturbWork, 'config' | 'means'>,
  context: StageContext,
): Promise<void> {
  const settings = group[0]?.settings;
  if (!settings) return;
  const prepare = task(RADIOMICS_TASKS, 'prepareImageTask', { image, settings }, 'image');
  const prepared = await one<PreparedImage>(prepare, context);
  const filter = task(RADIOMICS_TASKS, 'filterImageTask', { prepared, settings }, 'filters');
  const { images: filtered } = await one<{ images: NamedImage[] }>(filter, context);
  const shared = { prepared, filtered, settings, names, contourMm: contourReachMm(config.perturbation) };
  const largestFirst = group.toSorted((a, b) => b.record.voxels - a.record.voxels);
  const tasks = largestFirst.flatMap(({ structure, seed, record }) =>
    level.map((perturbation) => {
      const argument: PerturbationTask = { ...shared, structure: structure!, seed, perturbation };
      const label = `roi ${record.roiNumber} ${perturbation.id}`;
      return { ...task(TASKS, 'perturbedFeaturesTask', argument, label), timeoutMs: 1000 * seconds };
    }),
  );
  const results = await context.pool.map<PerturbedFeatures>('robustness', tasks, context.signal);
  for (const [s, { perturbed, failures, record }] of largestFirst.entries()) {
    level.forEach((perturbation, p) => {
      const result = results[s * level.length + p];
      perturbed.push({ perturbation, features: featuresOf(result) });
      failures.push(...failuresOf(record, result));
    });
  }
}

function featuresOf(result: TaskResult<PerturbedFeatures>): PerturbedFeatures {
  return result.ok ? result.value : withoutFeatures('failed', describeError(result.error));
}

function task(module: string, name: string, argument: unknown, label: string): PoolTask {
  return { module, name, argument, label };
}

async function one<T>(only: PoolTask, { pool, signal }: StageContext): Promise<T> {
  const [result] = await pool.map<T>('robustness', [only], signal);
  if (result.ok) return result.value;
  throw result.error;
}

/** What is found under many perturbations is said once. */
function findingsOf(
  { record, perturbed, refusal }: PerturbedStructure,
  image: ImageRecord,
  { noise_levels: noise }: Perturbations,
): Finding[] {
  const where = `roi ${record.roiNumber} (${record.source})`;
  const subject = { ...structureSubject(record), imageSeriesUid: image.seriesInstanceUid };
  if (refusal) return findingsOn(subject, [finding('NOT_PERTURBED', where, refusal.reason)]);
  const found = new Map<string, Finding>();
  for (const one of perturbed.flatMap(({ features }) => features.findings)) {
    const key = `${one.code} ${one.where}`;
    if (!found.has(key)) found.set(key, { ...one, part: one.where, where: `${where} ${one.where}` });
  }
  const failed = perturbed.filter(({ features }) => features.status !== 'ok');
  if (failed.length > 0) {
    const example = `${failed[0].perturbation.id}: ${failed[0].features.reason}`;
    const message = `${failed.length} of ${perturbed.length} perturbations gave no features, such as ${example}`;
    found.set('', finding('PERTURBATIONS_FAILED', where, message));
  }
  if (image.quantity !== 'HU' && noise.some((level) => level > 0)) {
    const message = 'noise levels are in HU: the image, which is not, got none';
    found.set('noise', finding('NOISE_FOR_HU_ONLY', where, message));
  }
  return findingsOn(subject, [...found.values()]);
}
