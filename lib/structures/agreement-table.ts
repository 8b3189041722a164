import type { Mask } from '../image/grid.ts';
import { countVoxels, maskVolumeCc } from '../image/mask.ts';
import { type Column, column, type Row, type Table } from '../tables/table.ts';
import { agreementOf } from './agreement.ts';
import { harmonise } from './names/harmonise.ts';

/** A structure of one course, on the grid that all of them share. */
export interface ComparedStructure {
  roiName: string;
  roiNumber: number;
  /** `manual`, `totalsegmentator`, `custom:<model>` or `derived`. */
  source: string;
  /** The structure set of a manual structure. */
  structureSetUid?: string;
  mask: Mask;
}

export interface AgreementOptions {
  patientId: string;
  courseId: string;
  toleranceMm: number;
  /** Own name -> standard name. */
  nameOverrides?: Readonly<Record<string, string>>;
}

const DICE = 'doi:10.2307/1932409';
const SURFACE_DICE = 'doi:10.2196/26151';

export const AGREEMENT_COLUMNS: Column[] = [
  column('patient_id', 'string', 'Patient', '', '(0010,0020)'),
  column('course_id', 'string', 'Course'),
  column('standard_name', 'string', 'TG-263 name that both structures bear', '', 'AAPM TG-263'),
  column('roi_name', 'string', 'Name of the manual structure', '', '(3006,0026)'),
  column('roi_number', 'int', 'Number of the manual structure', '', '(3006,0022)'),
  column('structure_set_uid', 'string', 'Structure set of the manual structure', '', '(0008,0018)'),
  column('other_roi_name', 'string', 'Name of the structure it is compared with'),
  column('other_roi_number', 'int', 'Number of the structure it is compared with'),
  column('other_source', 'string', 'Source of the structure it is compared with'),
  column('status', 'string', '`ok`, or `empty` when one of the two has no voxel'),
  column('volume_cc', 'double', 'Volume of the manual structure', 'cc'),
  column('other_volume_cc', 'double', 'Volume of the other structure', 'cc'),
  column('volume_ratio', 'double', 'Volume of the other structure over that of the manual one'),
  column('dice', 'double', 'Twice the shared volume over the sum of both', '', DICE),
  column('surface_dice', 'double', 'Part of both surfaces within the tolerance of the other', '', SURFACE_DICE),
  column('tolerance_mm', 'double', 'Tolerance of surface_dice', 'mm', SURFACE_DICE),
  column('hausdorff95_mm', 'double', 'Larger of both 95th percentiles of surface distances', 'mm'),
  column('mean_surface_distance_mm', 'double', 'Mean over both surfaces, by area', 'mm'),
  column('centroid_distance_mm', 'double', 'Distance of the centres of volume', 'mm'),
];

/** Every manual structure beside every structure of another source that has the same standard name. */
export function agreementTable(structures: ComparedStructure[], options: AgreementOptions): Table {
  const named = structures.map((structure) => ({
    ...structure,
    standardName: harmonise(structure.roiName, options.nameOverrides).standardName,
  }));
  const rows = named
    .filter(({ source, standardName }) => source === 'manual' && standardName !== null)
    .flatMap((manual) =>
      named
        .filter((other) => other.source !== 'manual' && other.standardName === manual.standardName)
        .map((other) => rowOf(manual, other, manual.standardName as string, options)),
    );
  return { name: 'agreement', columns: AGREEMENT_COLUMNS, rows };
}

function rowOf(manual: ComparedStructure, other: ComparedStructure, name: string, options: AgreementOptions): Row {
  const figures = agreementOf(other.mask, manual.mask, options.toleranceMm);
  const isEmpty = countVoxels(manual.mask) === 0 || countVoxels(other.mask) === 0;
  return {
    patient_id: options.patientId,
    course_id: options.courseId,
    standard_name: name,
    roi_name: manual.roiName,
    roi_number: manual.roiNumber,
    structure_set_uid: manual.structureSetUid ?? null,
    other_roi_name: other.roiName,
    other_roi_number: other.roiNumber,
    other_source: other.source,
    status: isEmpty ? 'empty' : 'ok',
    volume_cc: maskVolumeCc(manual.mask),
    other_volume_cc: maskVolumeCc(other.mask),
    volume_ratio: figures.volumeRatio,
    dice: figures.dice,
    surface_dice: figures.surfaceDice,
    tolerance_mm: options.toleranceMm,
    hausdorff95_mm: figures.hausdorff95Mm,
    mean_surface_distance_mm: figures.meanSurfaceDistanceMm,
    centroid_distance_mm: figures.centroidDistanceMm,
  };
}
