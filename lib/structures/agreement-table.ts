import type { Mask } from '../image/grid.ts';
import { countVoxels, maskVolumeCc } from '../image/mask.ts';
import { COURSE_COLUMNS, ROI_COLUMNS, ROI_KEY, type RoiIdentity, roiCells } from '../rt/row-identity.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import { agreementOf } from './agreement.ts';

/** A structure of one course, on the grid that all of them share. */
export interface ComparedStructure {
  identity: RoiIdentity;
  mask: Mask;
}

const DICE = 'doi:10.2307/1932409';
const SURFACE_DICE = 'doi:10.2196/26151';
const ADDED_PATH_LENGTH = 'doi:10.1016/j.phro.2019.12.001';

/** The structure of each row is the manual one; `other_` begins the columns of the one that it is compared with. */
export const AGREEMENT_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
  column('other_structure_set_uid', 'string', 'structure_set_uid of the other structure', '', '(0008,0018)'),
  column('other_roi_number', 'int', 'roi_number of the other structure', '', '(3006,0022)'),
  column('other_roi_name', 'string', 'roi_name of the other structure', '', '(3006,0026)'),
  column('other_source', 'string', 'source of the other structure'),
  column('status', 'string', '`ok`, or `empty` if one of the two has no voxel'),
  column('mask_volume_cc', 'double', 'Volume of the voxels of the manual structure', 'cc'),
  column('other_mask_volume_cc', 'double', 'Volume of the voxels of the other structure', 'cc'),
  column('volume_ratio', 'double', 'Volume of the other structure divided by that of the manual one'),
  column('dice', 'double', 'Twice the shared volume divided by the sum of both', '', DICE),
  column('surface_dice', 'double', 'Part of both surfaces within the tolerance of the other', '', SURFACE_DICE),
  column('tolerance_mm', 'double', 'Tolerance of surface_dice', 'mm', SURFACE_DICE),
  column('hausdorff95_mm', 'double', 'Larger of both 95th percentiles of surface distances', 'mm'),
  column('mean_surface_distance_mm', 'double', 'Mean over both surfaces, by area', 'mm'),
  column('centroid_distance_mm', 'double', 'Distance of the centres of volume', 'mm'),
  column(
    'added_path_length_mm',
    'double',
    'Contour of the manual structure that the contour of the other one lacks, over all slices',
    'mm',
    ADDED_PATH_LENGTH,
  ),
];

export const AGREEMENT_KEY = [
  ...ROI_KEY,
  'other_structure_set_uid',
  'other_roi_number',
  'other_roi_name',
  'other_source',
];

/**
 * Every manual structure beside every structure of another source that has the same standard name, without the cells of
 * the course.
 */
export function agreementRows(structures: ComparedStructure[], toleranceMm: number): Row[] {
  return structures
    .filter(({ identity }) => identity.source === 'manual' && identity.standardName !== null)
    .flatMap((manual) =>
      structures
        .filter(
          ({ identity }) => identity.source !== 'manual' && identity.standardName === manual.identity.standardName,
        )
        .map((other) => rowOf(manual, other, toleranceMm)),
    );
}

function rowOf(manual: ComparedStructure, other: ComparedStructure, toleranceMm: number): Row {
  const figures = agreementOf(other.mask, manual.mask, toleranceMm);
  const isEmpty = countVoxels(manual.mask) === 0 || countVoxels(other.mask) === 0;
  return {
    ...roiCells(manual.identity),
    other_structure_set_uid: other.identity.structureSetUid,
    other_roi_number: other.identity.roiNumber,
    other_roi_name: other.identity.roiName,
    other_source: other.identity.source,
    status: isEmpty ? 'empty' : 'ok',
    mask_volume_cc: maskVolumeCc(manual.mask),
    other_mask_volume_cc: maskVolumeCc(other.mask),
    volume_ratio: figures.volumeRatio,
    dice: figures.dice,
    surface_dice: figures.surfaceDice,
    tolerance_mm: toleranceMm,
    hausdorff95_mm: figures.hausdorff95Mm,
    mean_surface_distance_mm: figures.meanSurfaceDistanceMm,
    centroid_distance_mm: figures.centroidDistanceMm,
    added_path_length_mm: figures.addedPathLengthMm,
  };
}
