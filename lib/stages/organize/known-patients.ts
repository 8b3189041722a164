import { parseJson, sha256, stableJson } from '../../course-store/json.ts';
import type { UnassignedRow } from '../../organize/unassigned.ts';
import { runKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import type { Row } from '../../tables/table.ts';
import type { CourseEntry } from './course-entry.ts';

/** What organize makes of a group of patients: all that it needs of them when nothing about them has changed. */
export interface GroupResult {
  /** Of the settings and of what the list says of all instances of the group. */
  inputs: string;
  courses: CourseResult[];
  /** Of the table of patients. */
  patients: Row[];
  unassigned: UnassignedRow[];
  /** Instances in courses. */
  assigned: number;
}

export interface CourseResult {
  entry: CourseEntry;
  patientId: string;
  /** SHA-256 of its `course.json`. */
  digest: string;
  /** Its rows in the tables that follow from the headers alone. */
  rows: { caseMetadata: Row[]; fractions: Row[]; doses: Row[] };
}

const GROUPS_PER_PART = 1000;
const DIGEST_LENGTH = 64;
const NEWLINE = 10;

/** The results of the earlier run, by their inputs. A line that is not as it was written is no result. */
export async function readKnownPatients(store: ObjectStore): Promise<Map<string, GroupResult>> {
  const known = new Map<string, GroupResult>();
  for await (const { key } of store.list(runKeys.knownPatients)) {
    const body = await store.get(key);
    for (let start = 0; start < body.length; ) {
      const newline = body.indexOf(NEWLINE, start);
      const line = body.subarray(start, newline < 0 ? body.length : newline);
      start += line.length + 1;
      const [digest, text] = [line.subarray(0, DIGEST_LENGTH), line.subarray(DIGEST_LENGTH)];
      if (Buffer.from(digest).toString('latin1') !== sha256(text)) continue;
      const result = parseJson<GroupResult>(text);
      known.set(result.inputs, result);
    }
  }
  return known;
}

/** Writes them for the next run, each behind the SHA-256 of its line. */
export async function writeKnownPatients(store: ObjectStore, results: GroupResult[]): Promise<void> {
  const written = new Set<string>();
  for (let first = 0; first < results.length; first += GROUPS_PER_PART) {
    const key = runKeys.knownPatientsPart(first / GROUPS_PER_PART);
    const lines = results.slice(first, first + GROUPS_PER_PART).map((result) => {
      const text = stableJson(result);
      return Buffer.from(`${sha256(text)}${text}\n`);
    });
    await store.put(key, Buffer.concat(lines));
    written.add(key);
  }
  const earlier: string[] = [];
  for await (const { key } of store.list(runKeys.knownPatients)) earlier.push(key);
  // Emptied, not deleted: on AWS organize may delete nothing.
  for (const key of earlier) if (!written.has(key)) await store.put(key, new Uint8Array());
}
