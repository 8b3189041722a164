import type { Course, Fraction } from '../rt/course.ts';
import { type DoseCandidate, instancesOf } from '../rt/dose-decision.ts';
import { COURSE_ID, COURSE_KEY, DOSE_UID, PATIENT_ID } from '../rt/row-identity.ts';
import type { Table } from '../tables/table.ts';
import { type Field, field, fieldOf, tableOf } from './field.ts';
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

/** One row per instance, or file that is none, that ended in no course. */
export function unassignedTable(rows: UnassignedRow[]): Table {
  return tableOf('unassigned', ['key', 'sop_instance_uid'], UNASSIGNED_FIELDS, rows);
}

type InCourse = { course: Course };

const IDENTITY: Field<InCourse>[] = [
  fieldOf(PATIENT_ID, ({ course }) => course.patient.id),
  fieldOf(COURSE_ID, ({ course }) => course.courseId),
];

/** A record without number and day is a fraction of its own. */
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
  field('treatment_date', 'timestamp', (r) => r.fraction.date, 'day of the fraction', '', '(3008,0250)'),
  field(
    'treatment_time',
    'string',
    (r) => r.fraction.startTime,
    'time of its first record, HH:MM:SS',
    '',
    '(3008,0251)',
  ),
  field(
    'treatment_time_end',
    'string',
    (r) => r.fraction.endTime,
    'time of its last record, HH:MM:SS',
    '',
    '(3008,0251)',
  ),
  field(
    'plan_sop_uid',
    'string',
    (r) => r.fraction.planUid,
    'plan that was delivered',
    '',
    '(300C,0002) > (0008,1155)',
  ),
  field(
    'fraction_group_number',
    'int',
    (r) => r.fraction.groupNumber ?? undefined,
    'fraction group of the plan',
    '',
    '(300C,0022)',
  ),
  field(
    'fraction_number',
    'int',
    (r) => r.fraction.number,
    'number of the fraction within its fraction group',
    '',
    '(3008,0022)',
  ),
  field(
    'fraction_number_source',
    'string',
    (r) => r.fraction.numberSource,
    'recorded, rank_of_date among the sessions of the plan when the records give no number, or unknown',
  ),
  field(
    'continues_fraction',
    'boolean',
    (r) => r.fraction.continuesFraction,
    'true when it completes a fraction that was begun in an earlier session, with which it counts as one',
  ),
  field(
    'fraction_source',
    'string',
    (r) => r.fraction.source,
    'records of sessions, or the summary of a treatment, which holds no doses and metersets of each fraction',
  ),
  field(
    'treatment_machine',
    'string',
    (r) => r.fraction.machines.join('; '),
    'machines of its records',
    '',
    '(300A,0206) > (300A,00B2)',
  ),
  field(
    'delivered_dose_gy',
    'double',
    (r) => r.fraction.deliveredDoseGy,
    'dose to the first dose reference, added over its beams',
    'Gy',
    '(3008,0090) > (3008,0076), else (3008,0080) > (3008,0016)',
  ),
  field(
    'delivered_meterset',
    'double',
    (r) => r.fraction.deliveredMeterset,
    'meterset delivered, added over its beams',
    'MU',
    '(3008,0036)',
  ),
  field('records_merged', 'int', (r) => r.fraction.recordUids.length, 'treatment records of the fraction'),
  field(
    'sop_instance_uids_all',
    'string',
    (r) => r.fraction.recordUids.join('; '),
    'treatment records of the fraction',
    '',
    '(0008,0018)',
  ),
];

const DOSE_FIELDS: Field<InCourse & { candidate: DoseCandidate }>[] = [
  ...IDENTITY,
  fieldOf(DOSE_UID, (r) => r.candidate.doseUid),
  field('dose_summation_type', 'string', (r) => r.candidate.summationType, 'what it sums up', '', '(3004,000A)'),
  field(
    'plan_sop_uids',
    'string',
    (r) => r.candidate.planUids.join('; '),
    'plans that it names, in the upload or not',
    '',
    '(300C,0002) > (0008,1155)',
  ),
  field('role', 'string', (r) => r.candidate.role, 'what it is in the course'),
  field('selected', 'boolean', (r) => r.candidate.selected, 'whether it is part of the dose of the course'),
  field('weight', 'double', weightOf, 'factor that it is multiplied by before it is added'),
  field('reason', 'string', (r) => r.candidate.reason, 'why it is selected or not'),
  field('rule', 'string', (r) => r.course.doseDecision.rule, 'rule that decided the dose of the course'),
  field('confidence', 'string', (r) => r.course.doseDecision.confidence, 'high, medium, low or none'),
];

function weightOf({ course, candidate }: InCourse & { candidate: DoseCandidate }): number | undefined {
  return course.doseDecision.selected.find((dose) => instancesOf(dose).includes(candidate.doseUid))?.weight;
}

const UNASSIGNED_FIELDS: Field<UnassignedRow>[] = [
  field('key', 'string', (row) => row.key, 'object in the upload'),
  field('bytes', 'int', (row) => row.bytes, 'its size', 'B'),
  fieldOf(PATIENT_ID, (row) => row.patientId),
  field('modality', 'string', (row) => row.modality, 'modality', '', '(0008,0060)'),
  field('sop_instance_uid', 'string', (row) => row.sopInstanceUid, 'instance', '', '(0008,0018)'),
  field('series_instance_uid', 'string', (row) => row.seriesInstanceUid, 'series', '', '(0020,000E)'),
  field('reason', 'string', (row) => row.reason, 'why it is in no course'),
  field('message', 'string', (row) => row.message, 'the reason in a sentence'),
];
