import { roiIdentity, type StructureRecord } from '../../course-store/structures.ts';
import { INTENSITY_UNIT } from '../../radiomics/pyradiomics/columns.ts';
import type { Perturbation } from '../../robustness/perturbation-grid.ts';
import type { MaskStatus, RoiEnd } from '../../rt/roi-status.ts';
import { courseCells, roiCells } from '../../rt/row-identity.ts';
import type { Row } from '../../tables/table.ts';
import type { ImageFacts } from '../radiomics/rows.ts';
import type { ImageToPerturb, PerturbedStructure } from './image.ts';
import type { RobustnessCourse } from './inputs.ts';
import type { GeometryMask } from './masks.ts';

/** The rows of robustness_values of one structure: one per perturbation, or the one that says why there is none. */
export function rowsOfStructure(
  course: RobustnessCourse,
  { image, profile, columns }: ImageToPerturb,
  result: PerturbedStructure,
): Row[] {
  const about = { modality: image.modality, unit: profile.unit };
  const { record, refusal, perturbed, seed, isLarge } = result;
  if (refusal) return [rowWithoutPerturbation(course, record, about, refusal)];
  return perturbed.map(({ perturbation, geometry, features }) => ({
    ...structureCells(course, record, about),
    ...perturbationCells(perturbation),
    ...maskCells(geometry),
    seed,
    status: features.status,
    reason: features.reason,
    short: isLarge,
    ...Object.fromEntries(Array.from(features.values, (value, n) => [columns[n].name, value])),
  }));
}

export function rowWithoutPerturbation(
  course: RobustnessCourse,
  record: StructureRecord,
  image: ImageFacts | undefined,
  { status, reason }: RoiEnd<MaskStatus>,
): Row {
  return { ...structureCells(course, record, image), status, reason };
}

function maskCells({ made, voxels }: GeometryMask): Row {
  if ('status' in made) return {};
  const { displacementMm: displacement, contourMeanMm, contourRmsMm } = made;
  return { displacement, contour_shift: contourMeanMm, contour_rms: contourRmsMm, voxels };
}

function structureCells(course: RobustnessCourse, record: StructureRecord, image?: ImageFacts): Row {
  return {
    ...courseCells(course),
    ...roiCells(roiIdentity(course, record)),
    modality: image?.modality ?? null,
    [INTENSITY_UNIT.name]: image?.unit ?? null,
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
