import { type Finding, finding } from '../findings.ts';
import { type Unassignable, type UnassignedRow, unassigned } from './unassigned.ts';

/** An instance that the upload holds more than once, byte for byte. */
export interface DuplicateRow {
  key: string;
  bytes: number;
  sopInstanceUid: string;
  patientId: string;
  /** Key of the copy that is used. */
  keptKey: string;
}

/** What copies are told apart by. */
interface Copy extends Unassignable {
  createdAt: string;
  digest?: string;
}

export interface Deduplicated<T> {
  rows: T[];
  duplicates: DuplicateRow[];
  conflicts: UnassignedRow[];
  findings: Finding[];
}

/** The rows whose SOP Instance UIDs collide: these need a `digest` before `organize`. */
export function duplicateCandidates<T extends Copy>(rows: T[]): T[] {
  return collisions(rows).flat();
}

/**
 * One row per SOP Instance UID. Same digest: the lowest key stays and the others are counted as duplicates. Other
 * content under the same UID breaks the standard, and nothing in the data says which is meant: the one created last
 * stays (then the larger, then the lower digest, then the lower key), the others are unassigned and reported.
 * A colliding row without digest counts as other content.
 */
export function removeDuplicates<T extends Copy>(rows: T[]): Deduplicated<T> {
  const result: Deduplicated<T> = { rows: [], duplicates: [], conflicts: [], findings: [] };
  const groups = collisions(rows);
  const colliding = new Set(groups.map(([{ sopInstanceUid }]) => sopInstanceUid));
  for (const row of rows) if (!colliding.has(row.sopInstanceUid)) result.rows.push(row);
  for (const group of groups) {
    const uid = group[0].sopInstanceUid;
    const contents = groupByDigest(group);
    const kept = contents.map((copies) => copies[0]).sort(byPreference);
    result.rows.push(kept[0]);
    for (const [first, ...copies] of contents)
      for (const copy of copies) result.duplicates.push(duplicate(copy, first));
    if (kept.length === 1) continue;
    for (const row of kept.slice(1)) result.conflicts.push(unassigned(row, 'conflicting_duplicate', conflictMessage()));
    result.findings.push(
      finding('CONFLICTING_DUPLICATE', uid, `${kept.length} instances with different content share this UID`),
    );
  }
  return result;
}

/** Rows of one UID, where there are several; most UIDs of an upload are those of one row. */
function collisions<T extends Copy>(rows: T[]): T[][] {
  const first = new Map<string, T>();
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const uid = row.sopInstanceUid;
    const earlier = first.get(uid);
    if (!earlier) first.set(uid, row);
    else if (groups.has(uid)) groups.get(uid)?.push(row);
    else groups.set(uid, [earlier, row]);
  }
  return [...groups.values()];
}

/** Copies of each content, lowest key first. */
function groupByDigest<T extends Copy>(rows: T[]): T[][] {
  const sorted = rows.toSorted((a, b) => compare(a.key, b.key));
  return [...Map.groupBy(sorted, (row) => row.digest ?? `key:${row.key}`).values()];
}

function byPreference(a: Copy, b: Copy): number {
  return (
    compare(b.createdAt, a.createdAt) ||
    b.bytes - a.bytes ||
    compare(a.digest ?? '', b.digest ?? '') ||
    compare(a.key, b.key)
  );
}

function duplicate(copy: Copy, kept: Copy): DuplicateRow {
  return {
    key: copy.key,
    bytes: copy.bytes,
    sopInstanceUid: copy.sopInstanceUid,
    patientId: copy.patient.id,
    keptKey: kept.key,
  };
}

function conflictMessage(): string {
  return 'another instance with the same SOP Instance UID and other content is used';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
