import { parseJson } from '../../course-store/json.ts';
import { putPieces } from '../../course-store/put-pieces.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { StoreMissing } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import { courseCells } from '../../rt/row-identity.ts';
import { courseKeys, resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { repeatedKeys } from '../../tables/key.ts';
import { parquetPieces } from '../../tables/parquet.ts';
import { compareCells, sortRows } from '../../tables/sort.ts';
import type { Row } from '../../tables/table.ts';
import type { CourseTable } from './course-tables.ts';
import { type CourseResults, hasResults } from './read-courses.ts';
import { type Sifted, siftPart } from './refused-rows.ts';
import type { WrittenSource } from './write-results.ts';

/**
 * Puts the tables of all stages that ran together from the parts of the courses, as Parquet: without a row too they have
 * their columns. One course at a time is held, so that a large cohort needs no more memory than a small one.
 */
export async function writeCourseTables(
  store: ObjectStore,
  heads: CourseTable[],
  courses: CourseResults[],
): Promise<{ tables: WrittenSource[]; findings: Finding[] }> {
  const inOrder = courses.toSorted(byIdentity);
  const tables: WrittenSource[] = [];
  const findings: Finding[] = [];
  for (const head of heads) {
    if (!courses.some(({ statuses }) => hasResults(statuses.get(head.stage)))) continue;
    const made = await writeCourseTable(store, head, inOrder);
    tables.push(made.table);
    findings.push(...made.findings);
  }
  return { tables, findings };
}

/** Rows are sorted by their key, which begins with patient and course: so are the courses. */
function byIdentity(a: CourseResults, b: CourseResults): number {
  const [one, other] = [a, b].map(({ course }) => courseCells(course));
  return compareCells(one.patient_id, other.patient_id) || compareCells(one.course_id, other.course_id);
}

async function writeCourseTable(
  store: ObjectStore,
  table: CourseTable,
  courses: CourseResults[],
): Promise<{ table: WrittenSource; findings: Finding[] }> {
  const { stage: _, ...head } = table;
  const findings: Finding[] = [];
  let [count, repeated] = [0, 0];
  async function* counted(): AsyncGenerator<Row[]> {
    for await (const sifted of rowsByCourse(store, table, courses)) {
      findings.push(...sifted.findings);
      count += sifted.sound.length;
      repeated += repeatedKeys({ ...head, rows: sifted.sound });
      yield sifted.sound;
    }
  }
  async function* batches(): AsyncGenerator<Row[]> {
    for await (const { sound } of rowsByCourse(store, table, courses)) yield sound;
  }
  const parquet = await putPieces(store, resultKeys.table(head.name, 'parquet'), parquetPieces(head, counted()));
  return { table: { ...head, count, repeatedKeys: repeated, parquet, batches }, findings };
}

/** The sound rows of each course, sorted by the key of the table. */
async function* rowsByCourse(
  store: ObjectStore,
  { stage, ...head }: CourseTable,
  courses: CourseResults[],
): AsyncGenerator<Sifted<Row[]>> {
  for (const { courseId, parts } of courses) {
    if (!parts.has(head.name)) continue;
    const { sound, findings } = siftPart(
      head,
      courseId,
      await readPart(store, courseKeys(courseId).part(stage, head.name)),
    );
    yield { sound: sortRows({ ...head, rows: sound.rows }).rows, findings };
  }
}

/** What a course wrote; undefined when it cannot be read. A store that gives no answer is another matter. */
async function readPart(store: ObjectStore, key: string): Promise<TablePart | undefined> {
  try {
    return parseJson<TablePart>(await store.get(key));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof StoreMissing) return undefined;
    throw error;
  }
}
