import { IDENTITY_COLUMNS, identityOf } from '../../course-store/identity.ts';
import { type Derivation, type StructureRecord, takenStructure } from '../../course-store/structures.ts';
import type { Course } from '../../rt/course.ts';
import { type Column, column, type Row } from '../../tables/table.ts';
import type { CroppedImage } from './crop-structures.ts';

const TG263 = 'doi:10.1016/j.ijrobp.2017.12.013';

export const STRUCTURE_COLUMNS: Column[] = [
  ...IDENTITY_COLUMNS,
  column('roi_name', 'string', 'name as written by the source', '', '(3006,0026)'),
  column('standard_name', 'string', 'name by AAPM TG-263, when a rule of the name table gives one', '', TG263),
  column(
    'name_rule',
    'string',
    'how standard_name was found: override (by the configuration), exact, totalsegmentator, target, prv, synonym; or why there is none: planning_aid, side_missing, none',
  ),
  column('suggested_name', 'string', 'a near name by AAPM TG-263 for a person to judge; never applied', '', TG263),
  column('roi_number', 'int', 'number within its structure set, else within its source', '', '(3006,0022)'),
  column('source', 'string', 'manual, totalsegmentator, custom:<model> or derived'),
  column('algorithm', 'string', 'model that drew it, with the versions of its programs'),
  column('interpreted_type', 'string', 'kind of structure: PTV, ORGAN, EXTERNAL, ...', '', '(3006,00A4)'),
  column('structure_set_uid', 'string', 'structure set that holds its contours', '', '(0008,0018)'),
  column('image_series_uid', 'string', 'image that the mask lies on', '', '(0020,000E)'),
  column(
    'status',
    'string',
    'ok; empty (nothing drawn, found or left); too_small (no voxel centre inside); outside_image (drawn where the image is not: there is no mask, a DVH from its contours may still exist); skipped_by_rule (a source of a derived structure is missing); failed',
  ),
  column('reason', 'string', 'why it is not ok'),
  column('voxels', 'int', 'voxels whose centre lies inside'),
  column('mask_volume_cc', 'double', 'volume of these voxels', 'cc'),
  column('touches', 'string', 'faces of the image that the mask reaches, in patient directions'),
  column('derived_operation', 'string', 'union, intersection, subtract or xor; of derived structures'),
  column('derived_definition', 'string', 'the whole definition of a derived structure, as JSON'),
  column('derived_sources', 'string', 'names asked for = structures taken (their source)'),
  column('derived_missing', 'string', 'names asked for that are missing or empty'),
  column('derived_partial', 'boolean', 'true when it is made without some source, or of one of which that is true'),
  column('crop_region', 'string', 'region that its image is cropped to; empty when it is not'),
  column('crop_superior_mm', 'double', 'upper boundary of the region, patient z', 'mm'),
  column('crop_inferior_mm', 'double', 'lower boundary of the region, patient z', 'mm'),
  column('cropped', 'boolean', 'true when part of it lies beyond the boundaries; its other columns are of the whole'),
  column('cropped_voxels', 'int', 'voxels between the boundaries'),
  column('cropped_volume_cc', 'double', 'volume between the boundaries', 'cc'),
];

export function structureRow(course: Course, record: StructureRecord, cropping: CroppedImage[]): Row {
  const image = record.imageNumber === undefined ? undefined : course.images[record.imageNumber];
  return {
    ...identityOf(course),
    roi_name: record.roiName,
    standard_name: record.standardName,
    name_rule: record.nameRule,
    suggested_name: record.suggestedName,
    roi_number: record.roiNumber,
    source: record.source,
    algorithm: record.algorithm ?? null,
    interpreted_type: record.interpretedType,
    structure_set_uid: record.structureSetUid ?? null,
    image_series_uid: image?.seriesInstanceUid ?? null,
    status: record.status,
    reason: record.reason,
    voxels: record.voxels,
    mask_volume_cc: record.volumeCc,
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
    cropped_volume_cc: record.cropped?.volumeCc ?? null,
  };
}
