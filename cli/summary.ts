import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJsonIfAny } from '#lib/course-store/json.ts';
import type { FindingCode } from '#lib/findings.ts';
import type { RunRecord } from '#lib/stages/aggregate/run-record.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { resultKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Execution } from '#statemachine/engine/stay.ts';
import { type CourseName, courseNames, onScreen } from './course-names.ts';
import { type CountedFinding, countedText, countFindings } from './finding-text.ts';
import { type RunFailure, runFailure } from './run-failure.ts';
import { type CourseProgress, runStatus, verdictOf } from './run-status.ts';
import { textTable } from './text-table.ts';

export interface Summary {
  status: Execution['status'];
  courses: number;
  done: number;
  /** Courses of which some structures have no result. */
  partial: number;
  failed: number;
  counts?: RunRecord['counts'];
  /** What all stages found, by code; absent before the tables are written. */
  findings?: CountedFinding[];
  results: string;
  /** Why the run has no results; absent when it has. */
  failure?: RunFailure;
  /** The same for a person. */
  text: string;
}

/** A run that has ended. */
export interface EndedRun {
  store: ObjectStore;
  execution: Execution;
  /** The own account of the last failed job. */
  said?: string;
}

/** What a run came to, in numbers and in words. `showsPatients`: the words go to a screen, not into a file. */
export async function summarize({ store, execution, said }: EndedRun, showsPatients: boolean): Promise<Summary> {
  const courses = await runStatus(store);
  const partial = courses.filter((course) => verdictOf(course) === 'partial');
  const failed = courses.filter((course) => !['done', 'partial'].includes(verdictOf(course)));
  const named = showsPatients ? [...failed, ...partial].map(({ courseId }) => courseId) : [];
  const names = await courseNames(store, named);
  const run = await readJsonIfAny<RunRecord>(store, resultKeys.run);
  const folder = store.uri.startsWith('file:') ? fileURLToPath(store.uri) : store.uri;
  const base = {
    status: execution.status,
    courses: courses.length,
    done: courses.length - partial.length - failed.length,
    partial: partial.length,
    failed: failed.length,
    counts: run?.counts,
    findings: run && (await findingsOf(store, run)),
    results: join(folder, 'results'),
    failure: execution.status === 'SUCCEEDED' ? undefined : runFailure(execution, said),
  };
  return {
    ...base,
    text: [
      ...sentences(base),
      ...stageTable(courses),
      ...findingLines(base),
      ...failures([...failed, ...partial], names),
    ].join('\n'),
  };
}

async function findingsOf(store: ObjectStore, { rows }: RunRecord): Promise<CountedFinding[] | undefined> {
  if (!('findings' in rows)) return undefined;
  const table = await fromParquet(await store.get(resultKeys.table('findings', 'parquet')));
  return countFindings(
    table.rows.map((row) => ({
      code: row.code as FindingCode,
      course: String(row.course_id ?? ''),
      message: String(row.message),
    })),
  );
}

function findingLines({ status, findings, results }: Omit<Summary, 'text'>): string[] {
  if (status !== 'SUCCEEDED' || findings === undefined) return [];
  return [
    '',
    ...countedText(findings),
    ...(findings.length > 0 ? [`All of them: ${join(results, 'findings.csv')}`] : []),
  ];
}

function sentences(summary: Omit<Summary, 'text'>): string[] {
  if (summary.failure) return [`The run ${summary.status.toLowerCase()}: ${summary.failure.reason}`];
  const { counts, courses, done, partial, failed, results } = summary;
  const files = counts
    ? `${counts.files} files: ${counts.assigned} instances in courses, ${counts.duplicates} duplicates, ${counts.unassigned} unassigned, ${counts.notDicom} not DICOM.`
    : '';
  return [
    '',
    files,
    `${courses} courses: ${done} done, ${partial > 0 ? `${partial} in part, ` : ''}${failed} failed.`,
    `Results: ${results}`,
    `Report:  ${join(results, 'report.html')}`,
    '',
  ];
}

function stageTable(courses: CourseProgress[]): string[] {
  if (courses.length === 0) return [];
  const count = (stage: string, status: string) =>
    courses.filter((course) => course.stages.some((one) => one.stage === stage && one.status === status)).length;
  const columns = ['ok', 'partial', 'skipped', 'failed', 'not run'];
  const rows = COURSE_STAGE_NAMES.map((stage) => [stage, ...columns.map((status) => count(stage, status))]);
  return [textTable(['stage', ...columns], rows)];
}

function failures(courses: CourseProgress[], names: Map<string, CourseName>): string[] {
  return courses.flatMap((course) => {
    const { displayName, courseId, stages } = course;
    const line = (how: string, stage: string, reason: string) =>
      `\n${how}: ${onScreen(names.get(courseId), displayName)} (${courseId}) ${stage}: ${reason}`;
    const ended = stages.filter(({ status }) => status === 'failed' || status === 'partial');
    if (ended.length > 0)
      return ended.map(({ stage, status, reason }) => line(status === 'failed' ? 'failed' : 'in part', stage, reason));
    return line(
      'failed',
      stages.find(({ status }) => status === 'not run')?.stage ?? '',
      'did not run; see run/history/ for the reason',
    );
  });
}
