import { identityOf } from '../../course-store/identity.ts';
import type { ImageRecord } from '../../course-store/images.ts';
import type { StructureRecord } from '../../course-store/structures.ts';
import type { Perturbation } from '../../robustness/perturbation-grid.ts';
import type { Course } from '../../rt/course.ts';
import type { Row } from '../../tables/table.ts';
import type { ImageToPerturb, PerturbedStructure } from './image.ts';

/** The rows of robustness_values of one structure: one per perturbation, or the one that says why there is none. */
export function rowsOfStructure(course: Course, { image, columns }: ImageToPerturb, result: PerturbedStructure): Row[] {
  const { record, refusal, perturbed, seed, isLarge } = result;
  if (refusal) return [rowWithoutPerturbation(course, record, image, refusal)];
  return perturbed.map(({ perturbation, features }) => ({
    ...structureCells(course, record, image),
    ...perturbationCells(perturbation),
    contour_shift: features.contourShiftMm,
    voxels: features.voxels,
    seed,
    status: features.status,
    reason: features.reason,
    short: isLarge,
    ...Object.fromEntries(Array.from(features.values, (value, n) => [columns[n].name, value])),
  }));
}

export function rowWithoutPerturbation(
  course: Course,
  record: StructureRecord,
  image: ImageRecord | undefined,
  { status, reason }: { status: string; reason: string },
): Row {
  return { ...structureCells(course, record, image), status, reason };
}

function structureCells(course: Course, record: StructureRecord, image?: ImageRecord): Row {
  return {
    ...identityOf(course),
    roi_name: record.roiName,
    roi_number: record.roiNumber,
    source: record.source,
    standard_name: record.standardName,
    structure_set_uid: record.structureSetUid ?? null,
    image_series_uid: image?.seriesInstanceUid ?? null,
    modality: image?.modality ?? null,
  };
}

function perturbationCells(perturbation: Perturbation): Row {
  const [x, y, z] = perturbation.translationMm;
  return {
    perturbation_id: perturbation.id,
    noise: perturbation.noiseHu,
    translation_x: x,
    translation_y: y,
    translation_z: z,
    rotation: perturbation.rotationDeg,
    contour: perturbation.contour,
    volume_change: perturbation.volumeChange,
  };
}
