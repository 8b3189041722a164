import { FINDINGS } from '../../finding-register.ts';
import { distinctFindings, type Finding, type FindingSubject } from '../../findings.ts';
import type { UploadFinding } from '../../organize/upload-findings.ts';
import type { CohortFinding } from '../../qc/cohort-outliers.ts';
import type { Course } from '../../rt/course.ts';
import {
  COURSE_COLUMNS,
  COURSE_KEY,
  courseCells,
  DOSE_UID,
  POSITION_COLUMNS,
  positionCells,
  ROI_COLUMNS,
  ROI_KEY,
} from '../../rt/row-identity.ts';
import { sortRows } from '../../tables/sort.ts';
import { type Column, column, type Row, type Table } from '../../tables/table.ts';
import { COURSE_STAGE_NAMES } from '../table.ts';
import type { ReportedStatus } from './status-rows.ts';

const SUBJECT = [...ROI_KEY, 'image_series_uid'];

const FINDING_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  column('stage', 'string', 'first stage of the pipeline that reported it'),
  column('code', 'string', 'code of the finding; docs/findings.md lists all codes'),
  column('severity', 'string', 'error (a result is missing or doubtful), warning (a result may differ) or info'),
  column('where', 'string', 'object of the finding: a UID, a structure, a key'),
  ...ROI_COLUMNS.filter(({ name }) => SUBJECT.includes(name)),
  DOSE_UID,
  ...POSITION_COLUMNS,
  column('message', 'string', 'the finding in words'),
  column('remedy', 'string', 'what to do about it'),
];

const FINDING_KEY = [
  ...COURSE_KEY,
  'stage',
  'code',
  'where',
  ...SUBJECT.slice(COURSE_KEY.length),
  'dose_uid',
  'message',
];

interface CourseStatuses {
  course: Course;
  statuses: Map<string, ReportedStatus>;
}

/** What was found in the upload beyond its courses, in the courses, and in the tables of the cohort. */
export interface AllFindings {
  upload: UploadFinding[];
  courses: CourseStatuses[];
  /** What only the comparison of all courses shows. */
  cohort: CohortFinding[];
  tables: Finding[];
}

/** Everything odd that any stage found: a row per fact, under the stage that found it first. */
export function findingsTable({ upload, courses, cohort, tables }: AllFindings): Table {
  const rows = [
    ...upload.map(({ patientId, ...found }) =>
      rowOf(found, { ...OF_NO_COURSE, patient_id: patientId || null }, 'organize'),
    ),
    ...courses.flatMap(courseRows),
    ...cohort.flatMap(({ courseId, ...found }) => {
      const of = courses.find(({ course }) => course.courseId === courseId);
      return of ? [rowOf(found, courseCells(of.course), 'aggregate')] : [];
    }),
    ...tables.map((found) => rowOf(found, OF_NO_COURSE, 'aggregate')),
  ];
  return sortRows({ name: 'findings', key: FINDING_KEY, columns: FINDING_COLUMNS, rows });
}

const OF_NO_COURSE: Row = { patient_id: null, course_id: null };

function courseRows({ course, statuses }: CourseStatuses): Row[] {
  const byStage: [stage: string, findings: Finding[]][] = [
    ['organize', course.findings],
    ...COURSE_STAGE_NAMES.map((stage): [string, Finding[]] => [stage, standing(statuses.get(stage))]),
  ];
  const known: Finding[] = [];
  return byStage.flatMap(([stage, findings]) => {
    const located = findings.map((found) => ({ ...subjectAt(course, found.where), ...found }));
    const fresh = distinctFindings(located, known);
    known.push(...fresh);
    return fresh.map((found) => rowOf(found, courseCells(course), stage));
  });
}

/** What a result that no longer stands found is no longer true; what a failed stage found tells why it failed. */
function standing(status: ReportedStatus | undefined): Finding[] {
  return status && status.status !== 'not_run' ? status.findings : [];
}

/** The object of the course that a UID names. */
function subjectAt(course: Course, uid: string): FindingSubject {
  if (course.structureSets.some((set) => set.sopInstanceUid === uid)) return { structureSetUid: uid };
  if (course.doses.some((dose) => dose.sopInstanceUid === uid)) return { doseUid: uid };
  if (course.images.some((image) => image.seriesInstanceUid === uid)) return { imageSeriesUid: uid };
  return {};
}

function rowOf(found: Finding, identity: Row, stage: string): Row {
  return {
    ...identity,
    stage,
    code: found.code,
    severity: found.severity,
    where: found.where,
    structure_set_uid: found.structureSetUid ?? '',
    roi_number: found.roiNumber ?? null,
    roi_name: found.roiName ?? '',
    source: found.source ?? '',
    dose_uid: found.doseUid ?? null,
    image_series_uid: found.imageSeriesUid ?? null,
    ...positionCells(found.positionMm),
    message: found.message,
    remedy: FINDINGS[found.code].remedy,
  };
}
