/**
 * Memory and time of the features of a large cohort on their way into the tables: `node bench/aggregate-wide.ts [--courses 500]
 * [--rois 40]`. The columns are those of the built-in settings for CT.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../lib/config.ts';
import { writeJson } from '../lib/course-store/json.ts';
import { seededRandom } from '../lib/random.ts';
import type { Course } from '../lib/rt/course.ts';
import { writeCourseTables } from '../lib/stages/aggregate/course-rows.ts';
import { type CourseTable, courseTableHeads } from '../lib/stages/aggregate/course-tables.ts';
import type { CourseResults } from '../lib/stages/aggregate/read-courses.ts';
import type { ReportedStatus } from '../lib/stages/aggregate/status-rows.ts';
import { writeExports } from '../lib/stages/aggregate/write-results.ts';
import { fileStore } from '../lib/store/file.ts';
import { courseKeys, resultKeys } from '../lib/store/keys.ts';
import type { Row } from '../lib/tables/table.ts';

const TABLE = 'radiomics_ct';
const { values } = parseArgs({
  options: { courses: { type: 'string', default: '500' }, rois: { type: 'string', default: '40' } },
});

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-wide-'));
const store = fileStore(folder);
const random = seededRandom(1);
try {
  const head = (await courseTableHeads(parseConfig({}))).find(({ name }) => name === TABLE);
  if (!head) throw new Error(`there is no table ${TABLE}`);
  const courses: CourseResults[] = [];
  for (let n = 0; n < Number(values.courses); n++) courses.push(await writeCourse(head, n));
  const before = process.cpuUsage();
  const { tables, findings } = await writeCourseTables(store, [head], courses);
  await writeExports(store, tables, []);
  const { user, system } = process.cpuUsage(before);
  const sizes = ['parquet', 'csv'].map((kind) => megabytes(resultKeys.table(TABLE, kind as 'csv')));
  console.log(
    `${tables[0].count} rows of ${head.columns.length} columns, ${findings.length} findings: ` +
      `${((user + system) / 1e6).toFixed(0)} s of work, ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most; ` +
      `Parquet ${sizes[0]} MB, CSV ${sizes[1]} MB, Excel ${megabytes(resultKeys.workbook)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

async function writeCourse(head: CourseTable, n: number): Promise<CourseResults> {
  const courseId = n.toString(16).padStart(16, '0');
  const identity = { patient_id: `P${n}`, course_id: courseId, structure_set_uid: `2.25.${n}`, source: 'manual' };
  const rows = Array.from({ length: Number(values.rois) }, (_, roi): Row => {
    const features = head.columns.filter(({ type }) => type === 'double').map(({ name }) => [name, 100 * random()]);
    return { ...Object.fromEntries(features), ...identity, roi_number: roi, roi_name: `ROI ${roi}` };
  });
  await writeJson(store, courseKeys(courseId).part(head.stage, TABLE), { columns: head.columns, rows });
  const status = { status: 'ok' } as ReportedStatus;
  const course = { courseId, patient: { id: `P${n}` } } as Course;
  return { courseId, course, statuses: new Map([[head.stage, status]]), parts: new Set([TABLE]) };
}

function megabytes(key: string): string {
  return (statSync(join(folder, key)).size / 1e6).toFixed(0);
}
