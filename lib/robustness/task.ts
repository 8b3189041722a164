import type { Finding } from '../findings.ts';
import type { Mask, Volume } from '../image/grid.ts';
import { sharedVolume } from '../image/shared-volume.ts';
import type { NamedImage } from '../radiomics/image-types/image-types.ts';
import type { PreparedImage } from '../radiomics/preprocessing/prepare-image.ts';
import { extractFromPrepared } from '../radiomics/pyradiomics/extract.ts';
import type { FoundValues } from '../radiomics/pyradiomics/region-shape.ts';
import type { Refusal } from '../radiomics/region/status.ts';
import type { RadiomicsSettings } from '../radiomics/settings/settings.ts';
import type { RegionStatus } from '../rt/roi-status.ts';
import { addNoise } from './noise.ts';
import { type MaskChange, type PerturbedMask, perturbedMasks } from './perturb-mask.ts';
import type { Perturbation, PerturbationSettings } from './perturbation-grid.ts';
import type { ContourDraws } from './place-contours.ts';
import { type StructureField, structureField } from './structure-field.ts';

/**
 * What worker threads run: functions of one plain argument. What several tasks read lies in shared memory. A result
 * follows from the argument alone, not from the worker or their number.
 */

/** Once per level of noise. */
export function addNoiseTask({ image, sigma }: { image: Volume; sigma: number }): Volume {
  return sharedVolume(addNoise(image, sigma));
}

/** Once per structure. */
export function structureFieldTask(argument: {
  mask: Mask;
  grid: Perturbation[];
  settings: PerturbationSettings;
}): StructureField {
  const structure = structureField(argument.mask, argument.grid, argument.settings);
  const data = sharedVolume(structure.mask).data;
  return { ...structure, mask: { ...structure.mask, data }, field: sharedVolume(structure.field) };
}

/** Once per structure and motion: the masks do not depend on the noise. */
export function perturbedMasksTask(argument: {
  structure: StructureField;
  changes: MaskChange[];
  draws: ContourDraws;
}): (PerturbedMask | Refusal)[] {
  return perturbedMasks(argument.structure, argument.changes, argument.draws).map((made) => {
    if ('status' in made) return made;
    const data = new Uint8Array(new SharedArrayBuffer(made.mask.data.length));
    data.set(made.mask.data);
    return { ...made, mask: { ...made.mask, data } };
  });
}

/** A structure under one perturbation. */
export interface PerturbedFeatures {
  status: RegionStatus;
  /** Why there are no values; '' when the status is ok. */
  reason: string;
  /** In the order of the names asked for, NaN where a feature has no value; empty unless the status is ok. */
  values: Float64Array;
  findings: Finding[];
}

export interface PerturbationTask {
  mask: Mask;
  /** The image with the perturbation's noise, prepared. */
  prepared: PreparedImage;
  filtered: NamedImage[];
  /** The shape of the mask, when it is known from another level of noise. */
  shape?: FoundValues;
  settings: RadiomicsSettings;
  names: string[];
}

export function perturbedFeaturesTask(task: PerturbationTask): PerturbedFeatures {
  const { prepared, mask, settings, filtered, shape } = task;
  const result = extractFromPrepared(prepared, mask, settings, { filtered, shape });
  const { status, reason, findings } = result;
  const values = Float64Array.from(status === 'ok' ? task.names : [], (name) => result.values[name] ?? Number.NaN);
  return { status, reason, values, findings };
}

export function withoutFeatures({ status, reason }: { status: RegionStatus; reason: string }): PerturbedFeatures {
  return { status, reason, values: new Float64Array(0), findings: [] };
}
