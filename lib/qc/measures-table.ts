import { COURSE_COLUMNS, CUT_AT_BORDER, ROI_COLUMNS, roiCells } from '../rt/row-identity.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import type { StructureFacts } from './facts.ts';

/** What the checks measured in every structure with a mask: a row for each, to look at a cohort with. */
export const MEASURE_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
  column('mask_volume_cc', 'double', 'volume of the voxels whose centre lies inside', 'cc'),
  CUT_AT_BORDER,
  column('centroid_x_mm', 'double', 'x of the centroid (to the left of the patient)', 'mm'),
  column('centroid_y_mm', 'double', 'y of the centroid (to the back of the patient)', 'mm'),
  column('centroid_z_mm', 'double', 'z of the centroid (to the head of the patient)', 'mm'),
  column('pieces', 'int', 'connected pieces of three voxels or more; voxels that share a corner are connected'),
  column('largest_piece_cc', 'double', 'volume of the largest piece', 'cc'),
  column('median_hu', 'double', 'median HU of the structure in a CT', 'HU'),
  column('outside_body', 'double', 'part outside the body outline of its image, 0 to 1'),
  column('outer_air', 'double', 'for a body outline: part that is air around the patient, 0 to 1'),
  column(
    'median_dose_gy',
    'double',
    'median dose of the course at its voxels; empty if the dose is known at fewer than half of them',
    'Gy',
  ),
  column('dose_coverage', 'double', 'part inside the dose grid, 0 to 1'),
];

/** A row for every structure that was measured. */
export function measureRows(identity: Row, structures: StructureFacts[]): Row[] {
  return structures.flatMap((structure) => {
    const { measures, volumeCc, doseCoverage } = structure;
    if (!measures) return [];
    const [x, y, z] = measures.centroidMm;
    return [
      {
        ...identity,
        ...roiCells(structure),
        mask_volume_cc: volumeCc,
        cut_at_border: structure.touches.length > 0,
        centroid_x_mm: x,
        centroid_y_mm: y,
        centroid_z_mm: z,
        pieces: measures.piecesCc.length,
        largest_piece_cc: measures.piecesCc[0],
        median_hu: measures.medianHu ?? null,
        outside_body: measures.outsideBody?.part ?? null,
        outer_air: measures.outline?.outerAir ?? null,
        median_dose_gy: measures.medianDoseGy ?? null,
        dose_coverage: doseCoverage ?? null,
      },
    ];
  });
}
