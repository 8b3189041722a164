import type { Cell, Row } from '../tables/table.ts';
import type { Shown } from './parts.ts';

/** What a reader calls an object, by its UID. */
export type Names = Record<string, string>;

/** What tells a structure of a course from the others, beside its name. */
const PARTS: { column: string; head: string; label(row: Row, names: Names): string }[] = [
  { column: 'source', head: 'Source', label: ({ source }) => String(source ?? '') },
  { column: 'structure_set_uid', head: 'Structure set', label: setLabel },
  { column: 'dose_uid', head: 'Dose', label: ({ dose_uid }, names) => nameOf(dose_uid, names) },
];

/** The columns that these rows cannot do without: those in which structures of one source differ. */
export function tellingApart(rows: Row[], names: Names = {}): Shown[] {
  return partsOf(rows).map(({ head, label }) => ({ head, cell: (row) => label(row, names) }));
}

/** The name of the structure of a row, with what tells it from the other rows. */
export function roiLabel(row: Row, rows: Row[], names: Names = {}): string {
  const parts = partsOf(rows).map(({ label }) => label(row, names));
  return [String(row.roi_name ?? ''), parts.length > 0 && `(${parts.join(', ')})`].filter(Boolean).join(' ');
}

/** The key of a structure of a course in every table, for any dose. */
export function structureKey(row: Row): string {
  return [row.structure_set_uid ?? '', row.source ?? '', row.roi_number ?? '', row.roi_name ?? ''].join('\n');
}

/** The name of an object, else the end of its UID, by which a person finds it in the tables. */
export function nameOf(uid: Cell | undefined, names: Names): string {
  const text = String(uid ?? '');
  return names[text] ?? (text.length > 8 ? `…${text.slice(-8)}` : text);
}

/** A sentence with names in place of the UIDs that have one. */
export function withNames(text: string, names: Names): string {
  return text.replace(/\b\d+(?:\.\d+){2,}\b/g, (uid) => (uid in names ? `“${names[uid]}”` : uid));
}

function partsOf(rows: Row[]) {
  const perSource = Map.groupBy(rows, ({ source }) => source);
  return PARTS.filter(({ column }) => {
    const groups = column === 'source' ? [rows] : [...perSource.values()];
    return groups.some((group) => new Set(group.map((row) => row[column])).size > 1);
  });
}

function setLabel({ structure_set_uid: uid, primary }: Row, names: Names): string {
  return [nameOf(uid, names), primary && 'primary'].filter(Boolean).join(' ');
}
