import type { Course, Fraction } from '../rt/course.ts';
import { type DoseCandidate, instancesOf } from '../rt/dose-decision.ts';
import { COURSE_ID, COURSE_KEY, DOSE_UID, PATIENT_ID } from '../rt/row-identity.ts';
import { column, type Table } from '../tables/table.ts';
import { type Field, field, tableOf } from './field.ts';
import type { UnassignedRow } from './unassigned.ts';

/** One row per delivered fraction, from treatment records alone. */
export function fractionsTable(courses: Course[]): Table {
  const rows = courses.flatMap((course) => course.fractions.map((fraction) => ({ course, fraction })));
  return tableOf('fractions', FRACTION_KEY, FRACTION_FIELDS, rows);
}

/** One row per dose of a course, chosen or not, with the reason. */
export function dosesTable(courses: Course[]): Table {
  const rows = courses.flatMap((course) => course.doseDecision.candidates.map((candidate) => ({ course, candidate })));
  return tableOf('doses', [...COURSE_KEY, DOSE_UID.name], DOSE_FIELDS, rows);
}

/** One row per instance without a course, and per file that is not an instance. */
export function unassignedTable(rows: UnassignedRow[]): Table {
  return tableOf('unassigned', ['key', 'sop_instance_uid'], UNASSIGNED_FIELDS, rows);
}

type InCourse = { course: Course };

const IDENTITY: Field<InCourse>[] = [
  field(PATIENT_ID, ({ course }) => course.patient.id),
  field(COURSE_ID, ({ course }) => course.courseId),
];

/** A record without number and day counts as a separate fraction. */
const FRACTION_KEY = [
  ...COURSE_KEY,
  'plan_sop_uid',
  'treatment_date',
  'fraction_group_number',
  'fraction_number',
  'sop_instance_uids_all',
];

const FRACTION_FIELDS: Field<InCourse & { fraction: Fraction }>[] = [
  ...IDENTITY,
  field(column('treatment_date', 'timestamp', 'day of the fraction', '', '(3008,0250)'), (r) => r.fraction.date),
  field(
    column('treatment_time', 'string', 'time of its first record, HH:MM:SS', '', '(3008,0251)'),
    (r) => r.fraction.startTime,
  ),
  field(
    column('treatment_time_end', 'string', 'time of its last record, HH:MM:SS', '', '(3008,0251)'),
    (r) => r.fraction.endTime,
  ),
  field(
    column('plan_sop_uid', 'string', 'plan that was delivered', '', '(300C,0002) > (0008,1155)'),
    (r) => r.fraction.planUid,
  ),
  field(
    column('fraction_group_number', 'int', 'fraction group of the plan', '', '(300C,0022)'),
    (r) => r.fraction.groupNumber ?? undefined,
  ),
  field(
    column('fraction_number', 'int', 'number of the fraction within its fraction group', '', '(3008,0022)'),
    (r) => r.fraction.number,
  ),
  field(
    column(
      'fraction_number_source',
      'string',
      'recorded, rank_of_date among the sessions of the plan when the records give no number, or unknown',
    ),
    (r) => r.fraction.numberSource,
  ),
  field(
    column(
      'continues_fraction',
      'boolean',
      'true if it completes a fraction of an earlier session; both together count as one fraction',
    ),
    (r) => r.fraction.continuesFraction,
  ),
  field(
    column(
      'fraction_source',
      'string',
      'records of sessions, or a treatment summary, which has no dose and meterset of each fraction',
    ),
    (r) => r.fraction.source,
  ),
  field(column('treatment_machine', 'string', 'machines of its records', '', '(300A,0206) > (300A,00B2)'), (r) =>
    r.fraction.machines.join('; '),
  ),
  field(
    column(
      'delivered_dose_gy',
      'double',
      'dose to the first dose reference, sum of its beams',
      'Gy',
      '(3008,0090) > (3008,0076), else (3008,0080) > (3008,0016)',
    ),
    (r) => r.fraction.deliveredDoseGy,
  ),
  field(
    column('delivered_meterset', 'double', 'delivered meterset, sum of its beams', 'MU', '(3008,0036)'),
    (r) => r.fraction.deliveredMeterset,
  ),
  field(column('records_merged', 'int', 'treatment records of the fraction'), (r) => r.fraction.recordUids.length),
  field(column('sop_instance_uids_all', 'string', 'treatment records of the fraction', '', '(0008,0018)'), (r) =>
    r.fraction.recordUids.join('; '),
  ),
];

const DOSE_FIELDS: Field<InCourse & { candidate: DoseCandidate }>[] = [
  ...IDENTITY,
  field(DOSE_UID, (r) => r.candidate.doseUid),
  field(
    column('dose_summation_type', 'string', 'DoseSummationType: what the dose contains', '', '(3004,000A)'),
    (r) => r.candidate.summationType,
  ),
  field(
    column('plan_sop_uids', 'string', 'plans that it refers to, in the upload or not', '', '(300C,0002) > (0008,1155)'),
    (r) => r.candidate.planUids.join('; '),
  ),
  field(column('role', 'string', 'role in the course'), (r) => r.candidate.role),
  field(column('selected', 'boolean', 'true if it is part of the dose of the course'), (r) => r.candidate.selected),
  field(column('weight', 'double', 'factor by which it is multiplied before it is added'), weightOf),
  field(column('reason', 'string', 'reason why it is selected or not'), (r) => r.candidate.reason),
  field(column('rule', 'string', 'rule that decided the dose of the course'), (r) => r.course.doseDecision.rule),
  field(column('confidence', 'string', 'high, medium, low or none'), (r) => r.course.doseDecision.confidence),
];

function weightOf({ course, candidate }: InCourse & { candidate: DoseCandidate }): number | undefined {
  return course.doseDecision.selected.find((dose) => instancesOf(dose).includes(candidate.doseUid))?.weight;
}

const UNASSIGNED_FIELDS: Field<UnassignedRow>[] = [
  field(column('key', 'string', 'object in the upload'), (row) => row.key),
  field(column('bytes', 'int', 'its size', 'B'), (row) => row.bytes),
  field(PATIENT_ID, (row) => row.patientId),
  field(column('modality', 'string', 'modality', '', '(0008,0060)'), (row) => row.modality),
  field(column('sop_instance_uid', 'string', 'instance', '', '(0008,0018)'), (row) => row.sopInstanceUid),
  field(column('series_instance_uid', 'string', 'series', '', '(0020,000E)'), (row) => row.seriesInstanceUid),
  field(column('reason', 'string', 'reason code why it is in no course'), (row) => row.reason),
  field(column('message', 'string', 'the reason in a sentence'), (row) => row.message),
];
