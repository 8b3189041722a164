import type { StageContext } from '../../course-store/context.ts';
import { describeError } from '../../errors.ts';
import type { Volume } from '../../image/grid.ts';
import type { PoolTask, TaskResult } from '../../pool/pool.ts';
import type { NamedImage } from '../../radiomics/image-types/image-types.ts';
import type { PreparedImage } from '../../radiomics/preprocessing/prepare-image.ts';
import { type FoundValues, sharedShape } from '../../radiomics/pyradiomics/region-shape.ts';
import { boxOfMasks } from '../../robustness/perturb-mask.ts';
import type { Perturbation } from '../../robustness/perturbation-grid.ts';
import { type PerturbationTask, type PerturbedFeatures, withoutFeatures } from '../../robustness/task.ts';
import type { FeatureMeans } from '../radiomics/inputs.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';
import type { KeptFeatures } from './kept-features.ts';
import type { GeometryMask, StructureToPerturb } from './masks.ts';

/** A structure under one perturbation: its mask, or why there is none, and its features. */
export interface Perturbed {
  perturbation: Perturbation;
  geometry: GeometryMask;
  features: PerturbedFeatures;
}

/** What became of a structure under one level of noise, in the order of the grid. */
export interface Outcome {
  perturbed: Perturbed[];
  failures: TaskFailure[];
}

/** The shapes of masks that have been computed: noise does not change them. */
export type KnownShapes = Map<GeometryMask['made'], FoundValues>;

interface Level {
  volume: Volume;
  noiseHu: number;
  /** The perturbations of this noise. */
  level: Perturbation[];
  names: string[];
  kept: KeptFeatures;
  means: FeatureMeans;
  shapes: KnownShapes;
}

const RADIOMICS_TASKS = new URL('../../radiomics/pyradiomics/task.ts', import.meta.url).href;
const TASKS = new URL('../../robustness/task.ts', import.meta.url).href;
/** So many that no worker waits long for the slowest, and so few that little is lost when a run is interrupted. */
const TASKS_PER_WORKER = 8;

/** Structures of one set of settings under one level of noise; those that an earlier run had finished are read back. */
export async function perturbUnderNoise<S extends StructureToPerturb>(
  structures: S[],
  work: Level,
  context: StageContext,
): Promise<Map<S, Outcome>> {
  const { level, kept, noiseHu } = work;
  const outcomes = new Map<S, Outcome>();
  for (const one of structures) {
    const features = await kept.read(one, noiseHu);
    if (features) outcomes.set(one, { perturbed: perturbedBy(one, level, features), failures: [] });
  }
  const waiting = structures.filter((one) => !outcomes.has(one));
  if (waiting.length === 0) return outcomes;
  const shared = await noisyImage(waiting, work, context);
  const largestFirst = waiting.toSorted((a, b) => b.record.voxels - a.record.voxels);
  const atOnce = Math.max(1, Math.ceil((TASKS_PER_WORKER * context.pool.width) / level.length));
  for (let first = 0; first < largestFirst.length; first += atOnce) {
    const batch = largestFirst.slice(first, first + atOnce);
    const tasks = batch.flatMap((structure) => tasksOf(structure, work, shared));
    const results = (await context.pool.map<PerturbedFeatures>('robustness', tasks, context.signal)).values();
    for (const structure of batch) {
      const { features, failures } = collect(structure, work, results);
      outcomes.set(structure, { perturbed: perturbedBy(structure, level, features), failures });
      if (failures.length === 0) await kept.write(structure, noiseHu, features);
    }
  }
  return outcomes;
}

type SharedImage = Pick<PerturbationTask, 'prepared' | 'filtered' | 'settings'>;

/** The image with its noise, prepared once for all regions, which have the same settings. */
async function noisyImage(
  structures: StructureToPerturb[],
  { volume, noiseHu }: Level,
  context: StageContext,
): Promise<SharedImage> {
  const [{ settings }] = structures;
  const within = boxOfMasks(structures.flatMap(({ masks }) => [...masks.values()].map(({ made }) => made)));
  const noise = task(TASKS, 'addNoiseTask', { image: volume, sigma: noiseHu }, 'noise');
  const prepare = { image: await one<Volume>(noise, context), settings };
  const prepared = await one<PreparedImage>(task(RADIOMICS_TASKS, 'prepareImageTask', prepare, 'image'), context);
  const filter = task(RADIOMICS_TASKS, 'filterImageTask', { prepared, settings, within }, 'filters');
  const { images: filtered } = await one<{ images: NamedImage[] }>(filter, context);
  return { prepared, filtered, settings };
}

/** A task for each perturbation that gave a mask. */
function tasksOf(
  structure: StructureToPerturb,
  { level, names, shapes, means: { taskTimeoutSeconds: seconds } }: Level,
  shared: SharedImage,
): PoolTask[] {
  return level.flatMap((perturbation) => {
    const { made } = maskFor(structure, perturbation);
    if ('status' in made) return [];
    const label = `roi ${structure.record.roiNumber} ${perturbation.id}`;
    const argument: PerturbationTask = { ...shared, mask: made.mask, names, shape: shapes.get(made) };
    return [{ ...task(TASKS, 'perturbedFeaturesTask', argument, label), timeoutMs: 1000 * seconds }];
  });
}

/** Takes the results of a structure's tasks, and keeps the shapes among them. */
function collect(
  structure: StructureToPerturb,
  { level, names, shapes }: Level,
  results: Iterator<TaskResult<PerturbedFeatures>>,
): { features: PerturbedFeatures[]; failures: TaskFailure[] } {
  const failures: TaskFailure[] = [];
  const features = level.map((perturbation) => {
    const { made } = maskFor(structure, perturbation);
    if ('status' in made) return withoutFeatures(made);
    const result = results.next().value as TaskResult<PerturbedFeatures>;
    failures.push(...failuresOf(structure.record, result));
    if (!result.ok) return withoutFeatures({ status: 'failed', reason: describeError(result.error) });
    const { status, values } = result.value;
    if (status !== 'ok' || shapes.has(made)) return result.value;
    const byName = Object.fromEntries(names.map((name, n) => [name, values[n]]));
    const shape = sharedShape(byName, structure.settings);
    if (shape) shapes.set(made, shape);
    return result.value;
  });
  return { features, failures };
}

function perturbedBy(structure: StructureToPerturb, level: Perturbation[], features: PerturbedFeatures[]): Perturbed[] {
  return level.map((perturbation, n) => ({
    perturbation,
    geometry: maskFor(structure, perturbation),
    features: features[n],
  }));
}

function maskFor({ masks }: StructureToPerturb, perturbation: Perturbation): GeometryMask {
  return masks.get(perturbation.id)!;
}

function task(module: string, name: string, argument: unknown, label: string): PoolTask {
  return { module, name, argument, label };
}

async function one<T>(only: PoolTask, { pool, signal }: StageContext): Promise<T> {
  const [result] = await pool.map<T>('robustness', [only], signal);
  if (result.ok) return result.value;
  throw result.error;
}
