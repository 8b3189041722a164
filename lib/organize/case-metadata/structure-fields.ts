import type { RoiHeader } from '../../rt/structure-set-header.ts';
import { AID_TYPES, targetKind } from '../../rt/target.ts';
import { column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined } from './facts.ts';

export const STRUCTURE_FIELDS: Field<CaseFacts>[] = [
  field(column('structure_sets_count', 'int', 'structure sets of the course'), (f) => f.course.structureSets.length),
  field(column('structures', 'string', 'ROI names of the primary structure set', '', '(3006,0026)'), (f) =>
    joined(rois(f).map((roi) => roi.name)),
  ),
  field(
    column('roi_count', 'int', 'ROIs of the primary structure set', '', '(3006,0020)'),
    (f) => f.structureSet && rois(f).length,
  ),
  field(column('ptv_count', 'int', 'PTVs among them, by name, else by type', '', '(3006,00A4), (3006,0026)'), (f) =>
    countOf(f, 'PTV'),
  ),
  field(column('ctv_count', 'int', 'CTVs among them, by name, else by type', '', '(3006,00A4), (3006,0026)'), (f) =>
    countOf(f, 'CTV'),
  ),
  field(column('gtv_count', 'int', 'GTVs among them, by name, else by type', '', '(3006,00A4), (3006,0026)'), (f) =>
    countOf(f, 'GTV'),
  ),
  field(
    column(
      'oar_count',
      'int',
      'ROIs that are not a target, body outline, support, marker or dose region',
      '',
      '(3006,00A4), (3006,0026)',
    ),
    (f) => countOf(f, ''),
  ),
];

const COUNTED = ['PTV', 'CTV', 'GTV'];

function rois(f: CaseFacts): RoiHeader[] {
  return f.structureSet?.header.rois ?? [];
}

function countOf(f: CaseFacts, role: string): number | undefined {
  return f.structureSet && rois(f).filter((roi) => roleOf(roi) === role).length;
}

/** PTV, CTV, GTV, OTHER, or '' of an organ. */
function roleOf(roi: RoiHeader): string {
  const kind = targetKind(roi);
  if (kind !== undefined) return COUNTED.includes(kind) ? kind : 'OTHER';
  return roi.interpretedType === 'TREATED_VOLUME' || AID_TYPES.includes(roi.interpretedType) ? 'OTHER' : '';
}
