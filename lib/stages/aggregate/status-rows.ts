import type { Course } from '../../rt/course.ts';
import { courseCells } from '../../rt/row-identity.ts';
import type { Row } from '../../tables/table.ts';
import type { StageStatus } from '../status.ts';
import { COURSE_STAGE_NAMES } from '../table.ts';

/** What the tables say of a stage: `not_run` also for a result that no longer stands. */
export type ReportedStatus = Omit<StageStatus, 'status'> & { status: StageStatus['status'] | 'not_run' };

/** One row per course and stage, also for a stage that never ran: nothing is missing without a row that says so. */
export function statusRows(course: Course, statuses: Map<string, ReportedStatus>): Row[] {
  return COURSE_STAGE_NAMES.map((stage) => {
    const found = statuses.get(stage);
    return {
      ...courseCells(course),
      stage,
      status: found?.status ?? 'not_run',
      reason: found?.reason ?? '',
      findings: found?.findings.length ?? 0,
    };
  });
}

/** The rows of a course of which nothing but its id is known. */
export function damagedRows(courseId: string): Row[] {
  const reason = 'stored results of the course are damaged: run again to compute them again';
  return COURSE_STAGE_NAMES.map((stage) => ({
    ...{ patient_id: null, course_id: courseId, stage },
    ...{ status: 'not_run', reason, findings: 0 },
  }));
}

export function timingRows(course: Course, statuses: Map<string, ReportedStatus>): Row[] {
  return [...statuses].map(([stage, { startedAt, seconds, peakMemoryMiB }]) => ({
    ...courseCells(course),
    stage,
    started_at: startedAt,
    seconds,
    peak_memory_mib: peakMemoryMiB,
  }));
}
