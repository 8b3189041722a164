import type { StageContext } from '../../course-store/context.ts';
import type { StructureRecord } from '../../course-store/structures.ts';
import { describeError } from '../../errors.ts';
import { countVoxels } from '../../image/mask.ts';
import type { PoolTask } from '../../pool/pool.ts';
import type { Refusal } from '../../radiomics/region/status.ts';
import type { RadiomicsSettings } from '../../radiomics/settings/settings.ts';
import { motionOf, type PerturbedMask } from '../../robustness/perturb-mask.ts';
import type { Perturbation } from '../../robustness/perturbation-grid.ts';
import type { ContourDraws } from '../../robustness/place-contours.ts';
import type { StructureField } from '../../robustness/structure-field.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';

const TASKS = new URL('../../robustness/task.ts', import.meta.url).href;

/** The mask of a perturbation, which those that differ by noise share, or why there is none. */
export interface GeometryMask {
  made: PerturbedMask | Refusal;
  /** NaN without a mask. */
  voxels: number;
}

/** A structure with its masks: one for each change of it, whatever the noise, by its perturbation. */
export interface StructureToPerturb {
  record: StructureRecord;
  settings: RadiomicsSettings;
  masks: Map<string, GeometryMask>;
}

export interface MaskWork {
  structure: StructureField;
  grid: Perturbation[];
  draws: ContourDraws;
  record: StructureRecord;
  /** Longest for one motion. */
  seconds: number;
}

/** The masks of a structure by perturbation: each motion is a task, which makes them for no noise. */
export async function masksOf(
  { structure, grid, draws, record, seconds }: MaskWork,
  { pool, signal }: StageContext,
): Promise<{ masks: Map<string, GeometryMask>; failures: TaskFailure[] }> {
  const motions = [...Map.groupBy(grid, motionOf).values()];
  const tasks = motions.map((members): PoolTask => {
    const changes = unlikeMasks(members);
    const argument = { structure, changes, draws };
    const label = `roi ${record.roiNumber} ${members[0].id}`;
    return { module: TASKS, name: 'perturbedMasksTask', argument, label, timeoutMs: 1000 * seconds };
  });
  const results = await pool.map<(PerturbedMask | Refusal)[]>('robustness', tasks, signal);
  const masks = new Map<string, GeometryMask>();
  for (const [m, members] of motions.entries()) {
    const result = results[m];
    const changes = unlikeMasks(members);
    for (const perturbation of members) {
      const at = changes.findIndex((change) => isSameMask(change, perturbation));
      const made: PerturbedMask | Refusal = result.ok
        ? result.value[at]
        : { status: 'failed', reason: describeError(result.error) };
      masks.set(perturbation.id, { made, voxels: 'status' in made ? Number.NaN : countVoxels(made.mask) });
    }
  }
  return { masks, failures: results.flatMap((result) => failuresOf(record, result)) };
}

/** Of perturbations that differ by noise alone the first. */
function unlikeMasks(members: Perturbation[]): Perturbation[] {
  return members.filter((one, n) => members.findIndex((other) => isSameMask(one, other)) === n);
}

function isSameMask(a: Perturbation, b: Perturbation): boolean {
  return a.contour === b.contour && a.volumeChange === b.volumeChange;
}
