import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, readImage } from '../../course-store/images.ts';
import { readMask, type StructureRecord } from '../../course-store/structures.ts';
import { describeError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { Mask } from '../../image/grid.ts';
import { sharedVolume } from '../../image/shared-volume.ts';
import type { TaskResult } from '../../pool/pool.ts';
import { roiDecision } from '../../radiomics/pyradiomics/roi-rules.ts';
import type { RadiomicsSettings } from '../../radiomics/settings/settings.ts';
import { contourReachMm, type Perturbation, perturbationGrid } from '../../robustness/perturbation-grid.ts';
import { seedOf } from '../../robustness/seed.ts';
import type { StructureField } from '../../robustness/structure-field.ts';
import type { MaskStatus, RoiEnd } from '../../rt/roi-status.ts';
import type { Column } from '../../tables/table.ts';
import type { FeatureMeans } from '../radiomics/inputs.ts';
import type { RadiomicsProfile } from '../radiomics/profile.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';
import { findingsOf } from './image-findings.ts';
import type { Perturbations, RobustnessConfig, RobustnessCourse } from './inputs.ts';
import { keptFeatures } from './kept-features.ts';
import { type KnownShapes, type Outcome, type Perturbed, perturbUnderNoise } from './level.ts';
import { masksOf, type StructureToPerturb } from './masks.ts';

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
  /** Tasks that may succeed at another attempt. */
  failures: TaskFailure[];
}

export interface PerturbWork {
  course: RobustnessCourse;
  image: ImageToPerturb;
  config: RobustnessConfig;
  means: FeatureMeans;
  force: boolean;
}

/** A structure as its record has it, with the seed of its contours, and why it is not perturbed. */
interface Named {
  record: StructureRecord;
  seed: number;
  refusal?: RoiEnd<MaskStatus>;
  failures: TaskFailure[];
}

type Admitted = Named & { mask: Mask; settings: RadiomicsSettings; isLarge: boolean };
type Masked = Admitted & StructureToPerturb;

const TASKS = new URL('../../robustness/task.ts', import.meta.url).href;

/**
 * The structures of an image under every perturbation. Masks are made once, the image is prepared once for each level of
 * noise; then each structure and perturbation is a task. A perturbation that fails is a result with its reason, the others
 * stand. What an interrupted run had finished is read back: the features of a structure under one level of noise.
 */
export async function perturbImage(work: PerturbWork, context: StageContext): Promise<PerturbedStructure[]> {
  const { image, drawn } = work.image;
  const grid = gridFor(image, work.config.perturbation);
  const admitted = await Promise.all(drawn.map((record) => admit(record, work, context)));
  const ready = await addMasks(admitted, grid, work, context);
  const found = await perturbAll(ready.filter(isMasked), grid, work, context);
  return ready.map(({ record, seed, refusal, failures, ...rest }) => {
    const { perturbed, failures: later } = found.get(record) ?? { perturbed: [], failures: [] };
    const isLarge = 'isLarge' in rest && rest.isLarge;
    const findings = findingsOf({ record, perturbed, refusal }, image, work.config.perturbation);
    return { record, seed, isLarge, perturbed, refusal, findings, failures: [...failures, ...later] };
  });
}

/** Levels of noise are in HU: an image of other numbers gets none. */
function gridFor({ quantity }: ImageRecord, settings: Perturbations): Perturbation[] {
  return perturbationGrid(quantity === 'HU' ? settings : { ...settings, noise_levels: [0] });
}

async function admit(
  record: StructureRecord,
  { course, image: { image, profile }, config: { features } }: PerturbWork,
  { store }: StageContext,
): Promise<Named | Admitted> {
  const seed = seedOf(course.courseId, record.structureSetUid ?? '', record.source, record.roiNumber);
  const named: Named = { record, seed, failures: [] };
  if (record.status !== 'ok' || !image.grid) {
    const status = record.status === 'ok' ? 'failed' : record.status;
    return { ...named, refusal: { status, reason: record.reason || record.status } };
  }
  const mask = await readMask(store, record, gridOf(image.grid));
  const { skip_rois: skip, min_voxels: minVoxels, max_voxels: maxVoxels } = features;
  const decided = roiDecision(record.roiName, mask, profile.settings, { skip, minVoxels, maxVoxels });
  return 'status' in decided ? { ...named, refusal: decided } : { ...named, mask, ...decided };
}

/** The surface of each structure, then its masks, each motion a task. */
async function addMasks(
  admitted: (Named | Admitted)[],
  grid: Perturbation[],
  { config: { perturbation: settings }, means: { taskTimeoutSeconds: seconds } }: PerturbWork,
  context: StageContext,
): Promise<(Named | Masked)[]> {
  const usable = admitted.filter((one) => 'mask' in one);
  const tasks = usable.map(({ mask, record }) => ({
    ...{ module: TASKS, name: 'structureFieldTask', argument: { mask, grid, settings } },
    ...{ label: `roi ${record.roiNumber}`, timeoutMs: 1000 * seconds },
  }));
  const fields = await context.pool.map<StructureField>('robustness', tasks, context.signal);
  const draws = (seed: number) => ({ reachMm: contourReachMm(settings), seed });
  const withMasks = async (one: Admitted, field: TaskResult<StructureField>): Promise<Named | Masked> => {
    const { record, seed } = one;
    const failures = failuresOf(record, field);
    if (!field.ok) return { record, seed, failures, refusal: { status: 'failed', reason: describeError(field.error) } };
    const made = await masksOf({ structure: field.value, grid, draws: draws(seed), record, seconds }, context);
    return { ...one, masks: made.masks, failures: [...failures, ...made.failures] };
  };
  return Promise.all(
    admitted.map((one) => ('mask' in one ? withMasks(one, fields[usable.indexOf(one)]) : Promise.resolve(one))),
  );
}

function isMasked(one: Named | Masked): one is Masked {
  return 'masks' in one;
}

/** What became of each structure, level of noise after level, in the order of the grid. */
async function perturbAll(
  structures: Masked[],
  grid: Perturbation[],
  { course, image: { image, columns }, means, force }: PerturbWork,
  context: StageContext,
): Promise<Map<StructureRecord, Outcome>> {
  const volume = sharedVolume(await readImage(context.store, image));
  const names = columns.map(({ name }) => name);
  const kept = keptFeatures({ courseId: course.courseId, image: volume, names, force }, context);
  const shapes: KnownShapes = new Map();
  const found = new Map(structures.map(({ record }) => [record, { perturbed: [], failures: [] } as Outcome]));
  for (const [noiseHu, level] of Map.groupBy(grid, (perturbation) => perturbation.noiseHu)) {
    for (const group of [structures.filter(({ isLarge }) => !isLarge), structures.filter(({ isLarge }) => isLarge)]) {
      const work = { volume, noiseHu, level, names, kept, means, shapes };
      for (const [{ record }, outcome] of await perturbUnderNoise(group, work, context)) {
        found.get(record)!.perturbed.push(...outcome.perturbed);
        found.get(record)!.failures.push(...outcome.failures);
      }
    }
  }
  return found;
}
