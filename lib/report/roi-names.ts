import type { Cell, Row } from '../tables/table.ts';
import type { Shown } from './parts.ts';

/** What tells a structure of a course from the others, beside its name. */
const PARTS: { column: string; head: string; label(row: Row): string }[] = [
  { column: 'source', head: 'Source', label: ({ source }) => String(source ?? '') },
  { column: 'structure_set_uid', head: 'Structure set', label: setLabel },
  { column: 'dose_uid', head: 'Dose', label: ({ dose_uid }) => shortUid(dose_uid) },
];

/** The columns that these rows cannot do without: those in which structures of one source differ. */
export function tellingApart(rows: Row[]): Shown[] {
  return partsOf(rows).map(({ head, label }) => ({ head, cell: label }));
}

/** The name of the structure of a row, with what tells it from the other rows. */
export function roiLabel(row: Row, rows: Row[]): string {
  const parts = partsOf(rows).map(({ label }) => label(row));
  return [String(row.roi_name ?? ''), parts.length > 0 && `(${parts.join(', ')})`].filter(Boolean).join(' ');
}

function partsOf(rows: Row[]) {
  const perSource = Map.groupBy(rows, ({ source }) => source);
  return PARTS.filter(({ column }) => {
    const groups = column === 'source' ? [rows] : [...perSource.values()];
    return groups.some((group) => new Set(group.map((row) => row[column])).size > 1);
  });
}

function setLabel({ structure_set_uid: uid, primary }: Row): string {
  return [shortUid(uid), primary && 'primary'].filter(Boolean).join(' ');
}

/** The end of a UID, by which a person finds it in the tables. */
function shortUid(uid: Cell | undefined): string {
  const text = String(uid ?? '');
  return text.length > 8 ? `…${text.slice(-8)}` : text;
}
