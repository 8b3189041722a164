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
import { type PerturbedFeatures, withoutFeatures } from '../../robustness/task.ts';
import type { MaskStatus, RoiEnd } from '../../rt/roi-status.ts';
import type { Column } from '../../tables/table.ts';
import type { FeatureMeans } from '../radiomics/inputs.ts';
import type { RadiomicsProfile } from '../radiomics/profile.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';
import type { Perturbations, RobustnessConfig, RobustnessCourse } from './inputs.ts';
import { type KeptFeatures, keptFeatures } from './kept-features.ts';
import { type GeometryMask, masksOf } from './masks.ts';

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
  perturbed: Perturbed[];
  refusal?: RoiEnd<MaskStatus>;
  findings: Finding[];
  /** Tasks of it that another attempt may bring to their end. */
  failures: TaskFailure[];
}

/** A structure under one perturbation: its mask, or why there is none, and its features. */
export interface Perturbed {
  perturbation: Perturbation;
  geometry: GeometryMask;
  features: PerturbedFeatures;
}

interface PerturbWork {
  course: RobustnessCourse;
  image: ImageToPerturb;
  config: RobustnessConfig;
  means: FeatureMeans;
  force: boolean;
}

interface Admitted extends PerturbedStructure {
  mask?: Mask;
  structure?: StructureField;
  settings?: RadiomicsSettings;
  /** One for each change of the mask, whatever the noise, by its perturbation. */
  masks: Map<string, GeometryMask>;
}

const RADIOMICS_TASKS = new URL('../../radiomics/pyradiomics/task.ts', import.meta.url).href;
const TASKS = new URL('../../robustness/task.ts', import.meta.url).href;

/**
 * The structures of an image under every perturbation. Masks are made once, the image is prepared once for each level of
 * noise; then each structure and perturbation is a task. A perturbation that fails is a result with its reason, the others
 * stand. What an interrupted run had finished is read back: the features of a structure under one level of noise.
 */
export async function perturbImage(work: PerturbWork, context: StageContext): Promise<PerturbedStructure[]> {
  const {
    course,
    image: { image, profile, drawn, columns },
    config,
    means,
  } = work;
  const grid = gridFor(image, config.perturbation);
  const admitted = await Promise.all(drawn.map((record) => admit(course, record, image, profile, config, context)));
  await addMasks(admitted, grid, { config, means }, context);
  const volume = sharedVolume(await readImage(context.store, image));
  const names = columns.map(({ name }) => name);
  const kept = keptFeatures({ courseId: course.courseId, image: volume, names, force: work.force }, context);
  for (const noiseHu of new Set(grid.map((perturbation) => perturbation.noiseHu))) {
    const level = grid.filter((perturbation) => perturbation.noiseHu === noiseHu);
    for (const isLarge of [false, true]) {
      const group = admitted.filter((found) => found.structure && found.isLarge === isLarge);
      await perturbGroup(group, { volume, noiseHu, level, names, kept, means }, context);
    }
  }
  return admitted.map(({ mask: _, structure: __, settings: ___, masks: ____, ...rest }) => ({
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
  const base = { record, seed, isLarge: false, perturbed: [], findings: [], failures: [], masks: new Map() };
  if (record.status !== 'ok' || !image.grid) {
    const status = record.status === 'ok' ? 'failed' : record.status;
    return { ...base, refusal: { status, reason: record.reason || record.status } };
  }
  const mask = await readMask(store, record, gridOf(image.grid));
  const { skip_rois: skip, min_voxels: minVoxels, max_voxels: maxVoxels } = features;
  const decided = roiDecision(record.roiName, mask, settings, { skip, minVoxels, maxVoxels });
  return 'status' in decided ? { ...base, refusal: decided } : { ...base, mask, ...decided };
}

/** The surface of each structure, then its masks, each motion a task. */
async function addMasks(
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
  const makeMasks = async (one: Admitted, result: TaskResult<StructureField>) => {
    one.failures.push(...failuresOf(one.record, result));
    if (!result.ok) {
      one.refusal = { status: 'failed', reason: describeError(result.error) };
      return;
    }
    one.structure = result.value;
    const draws = { reachMm: contourReachMm(settings), seed: one.seed };
    const made = await masksOf({ structure: result.value, grid, draws, record: one.record, seconds }, context);
    one.masks = made.masks;
    one.failures.push(...made.failures);
  };
  await Promise.all(usable.map((one, n) => makeMasks(one, fields[n])));
}

interface Level {
  volume: Volume;
  noiseHu: number;
  level: Perturbation[];
  names: string[];
  kept: KeptFeatures;
  means: FeatureMeans;
}

/** All perturbations of one level of noise; appends to `perturbed` of each structure in the order of the grid. */
async function perturbGroup(group: Admitted[], work: Level, context: StageContext): Promise<void> {
  const { level, kept, noiseHu } = work;
  const waiting: Admitted[] = [];
  for (const one of group) {
    const features = await kept.read(one, noiseHu);
    if (features) settle(one, level, features);
    else waiting.push(one);
  }
  const settings = waiting[0]?.settings;
  if (!settings) return;
  const noise = task(TASKS, 'addNoiseTask', { image: work.volume, sigma: noiseHu }, 'noise');
  const prepare = { image: await one<Volume>(noise, context), settings };
  const prepared = await one<PreparedImage>(task(RADIOMICS_TASKS, 'prepareImageTask', prepare, 'image'), context);
  const filter = task(RADIOMICS_TASKS, 'filterImageTask', { prepared, settings }, 'filters');
  const { images: filtered } = await one<{ images: NamedImage[] }>(filter, context);
  const shared = { prepared, filtered, settings, names: work.names };
  const largestFirst = waiting.toSorted((a, b) => b.record.voxels - a.record.voxels);
  const atOnce = Math.max(1, Math.ceil((TASKS_PER_WORKER * context.pool.width) / level.length));
  for (let first = 0; first < largestFirst.length; first += atOnce) {
    const batch = largestFirst.slice(first, first + atOnce);
    const tasks = batch.flatMap((structure) => tasksOf(structure, level, shared, work.means));
    const results = await context.pool.map<PerturbedFeatures>('robustness', tasks, context.signal);
    const next = results.values();
    for (const structure of batch) {
      const failuresBefore = structure.failures.length;
      const features = level.map((perturbation) => {
        const { made } = maskFor(structure, perturbation);
        if ('status' in made) return withoutFeatures(made);
        const result = next.next().value as TaskResult<PerturbedFeatures>;
        structure.failures.push(...failuresOf(structure.record, result));
        return featuresOf(result);
      });
      settle(structure, level, features);
      if (structure.failures.length === failuresBefore) await kept.write(structure, noiseHu, features);
    }
  }
}

/** So many that no worker waits long for the slowest, and so few that little is lost when a run is interrupted. */
const TASKS_PER_WORKER = 8;

function tasksOf(
  structure: Admitted,
  level: Perturbation[],
  shared: object,
  { taskTimeoutSeconds: seconds }: FeatureMeans,
): PoolTask[] {
  return level.flatMap((perturbation) => {
    const { made } = maskFor(structure, perturbation);
    if ('status' in made) return [];
    const label = `roi ${structure.record.roiNumber} ${perturbation.id}`;
    const argument = { ...shared, mask: made.mask };
    return [{ ...task(TASKS, 'perturbedFeaturesTask', argument, label), timeoutMs: 1000 * seconds }];
  });
}

function settle(structure: Admitted, level: Perturbation[], features: PerturbedFeatures[]): void {
  for (const [n, perturbation] of level.entries())
    structure.perturbed.push({ perturbation, geometry: maskFor(structure, perturbation), features: features[n] });
}

function maskFor({ masks }: Admitted, perturbation: Perturbation): GeometryMask {
  return masks.get(perturbation.id)!;
}

function featuresOf(result: TaskResult<PerturbedFeatures>): PerturbedFeatures {
  return result.ok ? result.value : withoutFeatures({ status: 'failed', reason: describeError(result.error) });
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
