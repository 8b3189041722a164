import type { DoseGrid } from '../../rt/dose-header.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined } from './facts.ts';

export const DOSE_FIELDS: Field<CaseFacts>[] = [
  field(
    'dose_rule',
    'string',
    (f) => f.course.doseDecision.rule,
    'rule that decided which doses are the dose of the course',
  ),
  field(
    'dose_confidence',
    'string',
    (f) => f.course.doseDecision.confidence,
    'confidence of that decision: high, medium, low, none',
  ),
  field(
    'dose_summed',
    'boolean',
    (f) => f.course.doseDecision.sum,
    'whether doses are added or scaled to the dose of the course',
  ),
  field('doses_count', 'int', (f) => f.course.doses.length, 'doses of the course, selected or not'),
  field(
    'dose_summation_type',
    'string',
    (f) => joined(f.doses.map((dose) => dose.header.summationType)),
    'what the selected doses sum up',
    '',
    '(3004,000A)',
  ),
  field(
    'dose_units',
    'string',
    (f) => joined(f.doses.map((dose) => dose.header.units)),
    'units as written',
    '',
    '(3004,0002)',
  ),
  field(
    'dose_type',
    'string',
    (f) => joined(f.doses.map((dose) => dose.header.doseType)),
    'PHYSICAL or EFFECTIVE',
    '',
    '(3004,0004)',
  ),
  field('dose_rows', 'int', (f) => firstGrid(f)?.rows, 'rows of the first selected dose', '', '(0028,0010)'),
  field('dose_columns', 'int', (f) => firstGrid(f)?.columns, 'columns of the first selected dose', '', '(0028,0011)'),
  field('dose_frames', 'int', (f) => firstGrid(f)?.frames, 'frames of the first selected dose', '', '(0028,0008)'),
  field(
    'dose_row_spacing_mm',
    'double',
    (f) => firstGrid(f)?.pixelSpacingMm[0],
    'distance of the rows of the first selected dose',
    'mm',
    '(0028,0030)',
  ),
  field(
    'dose_column_spacing_mm',
    'double',
    (f) => firstGrid(f)?.pixelSpacingMm[1],
    'distance of the columns of the first selected dose',
    'mm',
    '(0028,0030)',
  ),
  field(
    'dose_frame_spacing_mm',
    'double',
    frameSpacing,
    'distance of the first two frames of the first selected dose',
    'mm',
    '(3004,000C)',
  ),
  field(
    'dose_grid_scaling',
    'double',
    (f) => firstGrid(f)?.gridScaling,
    'dose per stored unit of the first selected dose',
    'Gy',
    '(3004,000E)',
  ),
];

function firstGrid(f: CaseFacts): DoseGrid | undefined {
  return f.doses[0]?.header.grid;
}

function frameSpacing(f: CaseFacts): number | undefined {
  const offsets = firstGrid(f)?.frameOffsetsMm ?? [];
  return offsets.length < 2 ? undefined : Math.abs(offsets[1] - offsets[0]);
}
