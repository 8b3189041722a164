import { countFractions } from '../../rt/course.ts';
import { type Plan, plannedFractions, planPrescription, targetPrescriptions } from '../../rt/plan.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined, json, sumOf } from './facts.ts';

export const TREATMENT_FIELDS: Field<CaseFacts>[] = [
  field(
    'planned_fractions',
    'int',
    (f) => (isDecided(f) ? sumOf(f.plans.map(plannedFractions)) : undefined),
    'fractions planned, added over the plans of the dose',
    '',
    '(300A,0070) > (300A,0078)',
  ),
  field(
    'total_prescription_gy',
    'double',
    (f) => prescriptionOf(f).doseGy,
    'highest target level of each plan, added over the plans that are summed; of the only plan where no dose stands for the course',
    'Gy',
    '(300A,0010) > (300A,0026)',
  ),
  field('prescription_source', 'string', (f) => prescriptionOf(f).source, 'what the prescription was read from'),
  field(
    'course_start_date',
    'timestamp',
    (f) => f.course.startDate,
    'first treatment day, else plan date',
    '',
    '(3008,0250), (300A,0006)',
  ),
  field('course_end_date', 'timestamp', (f) => f.course.endDate, 'last treatment day', '', '(3008,0250)'),
  field(
    'fractions_count',
    'int',
    (f) => countFractions(f.course.fractions),
    'delivered fractions that treatment records hold',
    '',
    '(3008,0022), else (3008,005A)',
  ),
  field(
    'fractions_source',
    'string',
    (f) => joined(f.course.fractions.map((fraction) => fraction.source)),
    'what the fractions were read from: records of the sessions, or a treatment summary',
  ),
  field(
    'plan_label',
    'string',
    (f) => joined(f.plans.map((plan) => plan.label)),
    'labels of the plans',
    '',
    '(300A,0002)',
  ),
  field(
    'plan_name',
    'string',
    (f) => joined(f.plans.map((plan) => plan.name)),
    'names of the plans',
    '',
    '(300A,0003)',
  ),
  field('plan_date', 'timestamp', (f) => firstOf(f, (plan) => plan.date), 'date of the first plan', '', '(300A,0006)'),
  field(
    'plan_time',
    'string',
    (f) => firstOf(f, (plan) => plan.time),
    'time of the first plan, HH:MM:SS',
    '',
    '(300A,0007)',
  ),
  field(
    'plan_intent',
    'string',
    (f) => joined(f.plans.map((plan) => plan.intent)),
    'intent of the plans',
    '',
    '(300A,000A)',
  ),
  field(
    'approval',
    'string',
    (f) => joined(f.plans.map((plan) => plan.approvalStatus)),
    'approval of the plans',
    '',
    '(300E,0002)',
  ),
  field(
    'review_date',
    'timestamp',
    (f) => firstOf(f, (plan) => plan.reviewDate),
    'day of approval or rejection of the first plan',
    '',
    '(300E,0004)',
  ),
  field(
    'review_time',
    'string',
    (f) => firstOf(f, (plan) => plan.reviewTime),
    'time of approval or rejection, HH:MM:SS',
    '',
    '(300E,0005)',
  ),
  field(
    'prescriptions',
    'string',
    (f) =>
      json(
        f.plans.flatMap((plan) =>
          plan.doseReferences.map((reference) => ({ plan: plan.sopInstanceUid, ...reference })),
        ),
      ),
    'all dose references of the plans, as JSON; doses in Gy',
    '',
    '(300A,0010)',
  ),
  field(
    'prescriptions_by_roi',
    'string',
    (f) =>
      json(
        f.plans.flatMap((plan) =>
          targetPrescriptions(plan).map((r) => ({
            plan: plan.sopInstanceUid,
            roi_number: r.roiNumber,
            roi_name: roiName(f, r.roiNumber),
            description: r.description,
            dose_gy: r.targetPrescriptionGy,
          })),
        ),
      ),
    'levels that targets are prescribed to, as JSON',
    '',
    '(300A,0010) > (3006,0084), (300A,0026)',
  ),
];

/** Of the dose of the course; where there is none, what its only plan states. */
function prescriptionOf({ course, plans }: CaseFacts): { doseGy: number | null; source: string } {
  const { selected, prescriptionGy: doseGy, prescriptionSource: source } = course.doseDecision;
  const only = selected.length === 0 && plans.length === 1 ? planPrescription(plans[0]) : undefined;
  return only ?? { doseGy, source };
}

function isDecided(f: CaseFacts): boolean {
  return f.doses.length > 0 || f.plans.length === 1;
}

function firstOf(f: CaseFacts, read: (plan: Plan) => string): string {
  const dated = f.plans.toSorted((a, b) => (a.date || '9').localeCompare(b.date || '9', 'en'));
  return dated.length > 0 ? read(dated[0]) : '';
}

function roiName(f: CaseFacts, number: number | undefined): string | undefined {
  return f.structureSet?.header.rois.find((roi) => roi.number === number)?.name;
}
