import type { RoiHeader } from '../../rt/structure-set-header.ts';
import { AID_TYPES, targetKind } from '../../rt/target.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined } from './facts.ts';

export const STRUCTURE_FIELDS: Field<CaseFacts>[] = [
  field('structure_sets_count', 'int', (f) => f.course.structureSets.length, 'structure sets of the course'),
  field(
    'structures',
    'string',
    (f) => joined(rois(f).map((roi) => roi.name)),
    'ROI names of the primary structure set',
    '',
    '(3006,0026)',
  ),
  field(
    'roi_count',
    'int',
    (f) => f.structureSet && rois(f).length,
    'ROIs of the primary structure set',
    '',
    '(3006,0020)',
  ),
  field(
    'ptv_count',
    'int',
    (f) => countOf(f, 'PTV'),
    'PTVs among them, by name, else by type',
    '',
    '(3006,00A4), (3006,0026)',
  ),
  field(
    'ctv_count',
    'int',
    (f) => countOf(f, 'CTV'),
    'CTVs among them, by name, else by type',
    '',
    '(3006,00A4), (3006,0026)',
  ),
  field(
    'gtv_count',
    'int',
    (f) => countOf(f, 'GTV'),
    'GTVs among them, by name, else by type',
    '',
    '(3006,00A4), (3006,0026)',
  ),
  field(
    'oar_count',
    'int',
    (f) => countOf(f, ''),
    'ROIs that are no target, body outline, support, marker or dose region',
    '',
    '(3006,00A4), (3006,0026)',
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
