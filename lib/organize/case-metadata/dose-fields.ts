import type { DoseGrid } from '../../rt/dose-header.ts';
import { column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined } from './facts.ts';

export const DOSE_FIELDS: Field<CaseFacts>[] = [
  field(column('dose_rule', 'string', 'rule that chose the doses of the course'), (f) => f.course.doseDecision.rule),
  field(
    column('dose_confidence', 'string', 'confidence of that decision: high, medium, low, none'),
    (f) => f.course.doseDecision.confidence,
  ),
  field(
    column('dose_summed', 'boolean', 'whether doses are added or scaled to the dose of the course'),
    (f) => f.course.doseDecision.sum,
  ),
  field(column('doses_count', 'int', 'doses of the course, selected or not'), (f) => f.course.doses.length),
  field(column('dose_summation_type', 'string', 'summation types of the selected doses', '', '(3004,000A)'), (f) =>
    joined(f.doses.map((dose) => dose.header.summationType)),
  ),
  field(column('dose_units', 'string', 'units as written', '', '(3004,0002)'), (f) =>
    joined(f.doses.map((dose) => dose.header.units)),
  ),
  field(column('dose_type', 'string', 'PHYSICAL or EFFECTIVE', '', '(3004,0004)'), (f) =>
    joined(f.doses.map((dose) => dose.header.doseType)),
  ),
  field(column('dose_rows', 'int', 'rows of the first selected dose', '', '(0028,0010)'), (f) => firstGrid(f)?.rows),
  field(
    column('dose_columns', 'int', 'columns of the first selected dose', '', '(0028,0011)'),
    (f) => firstGrid(f)?.columns,
  ),
  field(
    column('dose_frames', 'int', 'frames of the first selected dose', '', '(0028,0008)'),
    (f) => firstGrid(f)?.frames,
  ),
  field(
    column('dose_row_spacing_mm', 'double', 'distance of the rows of the first selected dose', 'mm', '(0028,0030)'),
    (f) => firstGrid(f)?.pixelSpacingMm[0],
  ),
  field(
    column(
      'dose_column_spacing_mm',
      'double',
      'distance of the columns of the first selected dose',
      'mm',
      '(0028,0030)',
    ),
    (f) => firstGrid(f)?.pixelSpacingMm[1],
  ),
  field(
    column(
      'dose_frame_spacing_mm',
      'double',
      'distance of the first two frames of the first selected dose',
      'mm',
      '(3004,000C)',
    ),
    frameSpacing,
  ),
  field(
    column('dose_grid_scaling', 'double', 'dose per stored unit of the first selected dose', 'Gy', '(3004,000E)'),
    (f) => firstGrid(f)?.gridScaling,
  ),
];

function firstGrid(f: CaseFacts): DoseGrid | undefined {
  return f.doses[0]?.header.grid;
}

function frameSpacing(f: CaseFacts): number | undefined {
  const offsets = firstGrid(f)?.frameOffsetsMm ?? [];
  return offsets.length < 2 ? undefined : Math.abs(offsets[1] - offsets[0]);
}
