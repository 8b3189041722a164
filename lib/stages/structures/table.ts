import { type Derivation, roiIdentity, type StructureRecord, takenStructure } from '../../course-store/structures.ts';
import { MASK_STATUS, STATUS_REASON } from '../../rt/roi-status.ts';
import { COURSE_COLUMNS, CUT_AT_BORDER, courseCells, ROI_COLUMNS, roiCells } from '../../rt/row-identity.ts';
import { type Column, column, type Row } from '../../tables/table.ts';
import type { CroppedImage } from './crop-structures.ts';
import type { StructuresCourse } from './inputs.ts';

const TG263 = 'doi:10.1016/j.ijrobp.2017.12.013';

export const STRUCTURE_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
  column(
    'name_rule',
    'string',
    'how standard_name was found: override (configuration), exact, totalsegmentator, target, prv, synonym; or the reason why there is none: planning_aid, side_missing, none',
  ),
  column(
    'name_status',
    'string',
    'valid: roi_name follows AAPM TG-263; mapped: standard_name differs from it; suggested: only suggested_name; none',
    '',
    TG263,
  ),
  column(
    'suggested_name',
    'string',
    'a similar name by AAPM TG-263, for a person to judge; the analysis never uses it',
    '',
    TG263,
  ),
  column('algorithm', 'string', 'model that made it, with the versions of its programs'),
  column('interpreted_type', 'string', 'kind of structure: PTV, ORGAN, EXTERNAL, ...', '', '(3006,00A4)'),
  MASK_STATUS,
  STATUS_REASON,
  column('voxels', 'int', 'voxels whose centre lies inside'),
  column(
    'mask_volume_cc',
    'double',
    'volume of these voxels. In contrast, Volume[cc] of dvh_metrics is the volume of the solid between the contours',
    'cc',
  ),
  column(
    'mask_path',
    'string',
    'NIfTI file of the mask on the full grid of its image, in the folder of the run; empty without a mask',
  ),
  CUT_AT_BORDER,
  column('touches', 'string', 'sides of the image that it touches, in patient directions'),
  column('derived_operation', 'string', 'for derived structures: union, intersection, subtract or xor'),
  column('derived_definition', 'string', 'for derived structures: the full definition, as JSON'),
  column('derived_sources', 'string', 'requested names = structures used (their source)'),
  column('derived_missing', 'string', 'requested names that are missing or empty'),
  column('derived_partial', 'boolean', 'true if a source is missing, or if it is made from a partial structure'),
  column('crop_region', 'string', 'region to which its image is cropped; empty without cropping'),
  column('crop_superior_mm', 'double', 'upper boundary of the region, patient z', 'mm'),
  column('crop_inferior_mm', 'double', 'lower boundary of the region, patient z', 'mm'),
  column(
    'cropped',
    'boolean',
    'true if a part lies beyond the boundaries; the other columns describe the whole structure',
  ),
  column('cropped_voxels', 'int', 'number of voxels between the boundaries'),
  column('cropped_mask_volume_cc', 'double', 'volume of these voxels', 'cc'),
];

export function structureRow(course: StructuresCourse, record: StructureRecord, cropping: CroppedImage[]): Row {
  return {
    ...courseCells(course),
    ...roiCells(roiIdentity(course, record)),
    name_rule: record.nameRule,
    name_status: record.nameStatus,
    suggested_name: record.suggestedName,
    algorithm: record.algorithm ?? null,
    interpreted_type: record.interpretedType,
    status: record.status,
    reason: record.reason,
    voxels: record.voxels,
    mask_volume_cc: record.volumeCc,
    mask_path: record.wholeMaskKey ?? null,
    cut_at_border: record.touches.length > 0,
    touches: record.touches.join(', '),
    ...derivationCells(record.derivation),
    ...croppingCells(record, cropping),
  };
}

function derivationCells(derivation?: Derivation): Row {
  if (!derivation)
    return {
      derived_operation: null,
      derived_definition: null,
      derived_sources: null,
      derived_missing: null,
      derived_partial: null,
    };
  const { definition, sources, partial } = derivation;
  const taken = sources.filter(({ used }) => used !== null);
  const missing = sources.filter(({ used }) => used === null);
  return {
    derived_operation: definition.operation,
    derived_definition: JSON.stringify(definition),
    derived_sources: taken
      .map(({ requested, used, derived, source }) => `${requested} = ${used} (${derived ? 'derived' : source})`)
      .join('; '),
    derived_missing: missing.map(({ requested }) => requested).join('; '),
    derived_partial: partial,
  };
}

function croppingCells(record: StructureRecord, cropping: CroppedImage[]): Row {
  const boundaries = cropping.find(({ imageNumber }) => imageNumber === record.imageNumber)?.boundaries;
  return {
    crop_region: boundaries?.region ?? null,
    crop_superior_mm: boundaries?.superior.appliedMm ?? null,
    crop_inferior_mm: boundaries?.inferior.appliedMm ?? null,
    cropped: takenStructure(record, true).isCropped,
    cropped_voxels: record.cropped?.voxels ?? null,
    cropped_mask_volume_cc: record.cropped?.volumeCc ?? null,
  };
}
