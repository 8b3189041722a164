import { countFractions } from '../../rt/course.ts';
import { type Plan, plannedFractions, planPrescription, targetPrescriptions } from '../../rt/plan.ts';
import { column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined, json, sumOf } from './facts.ts';

export const TREATMENT_FIELDS: Field<CaseFacts>[] = [
  field(
    column(
      'planned_fractions',
      'int',
      'planned fractions, sum of the plans of the dose',
      '',
      '(300A,0070) > (300A,0078)',
    ),
    (f) => (isDecided(f) ? sumOf(f.plans.map(plannedFractions)) : undefined),
  ),
  field(
    column(
      'total_prescription_gy',
      'double',
      'highest target level of each plan, added for summed plans; without a dose of the course: of the only plan',
      'Gy',
      '(300A,0010) > (300A,0026)',
    ),
    (f) => prescriptionOf(f).doseGy,
  ),
  field(column('prescription_source', 'string', 'source of the prescription'), (f) => prescriptionOf(f).source),
  field(
    column('course_start_date', 'timestamp', 'first treatment day, else plan date', '', '(3008,0250), (300A,0006)'),
    (f) => f.course.startDate,
  ),
  field(column('course_end_date', 'timestamp', 'last treatment day', '', '(3008,0250)'), (f) => f.course.endDate),
  field(
    column('fractions_count', 'int', 'delivered fractions in treatment records', '', '(3008,0022), else (3008,005A)'),
    (f) => countFractions(f.course.fractions),
  ),
  field(
    column('fractions_source', 'string', 'source of the fractions: records of the sessions, or a treatment summary'),
    (f) => joined(f.course.fractions.map((fraction) => fraction.source)),
  ),
  field(column('plan_label', 'string', 'labels of the plans', '', '(300A,0002)'), (f) =>
    joined(f.plans.map((plan) => plan.label)),
  ),
  field(column('plan_name', 'string', 'names of the plans', '', '(300A,0003)'), (f) =>
    joined(f.plans.map((plan) => plan.name)),
  ),
  field(column('plan_date', 'timestamp', 'date of the first plan', '', '(300A,0006)'), (f) =>
    firstOf(f, (plan) => plan.date),
  ),
  field(column('plan_time', 'string', 'time of the first plan, HH:MM:SS', '', '(300A,0007)'), (f) =>
    firstOf(f, (plan) => plan.time),
  ),
  field(column('plan_intent', 'string', 'intent of the plans', '', '(300A,000A)'), (f) =>
    joined(f.plans.map((plan) => plan.intent)),
  ),
  field(column('approval', 'string', 'approval of the plans', '', '(300E,0002)'), (f) =>
    joined(f.plans.map((plan) => plan.approvalStatus)),
  ),
  field(column('review_date', 'timestamp', 'day of approval or rejection of the first plan', '', '(300E,0004)'), (f) =>
    firstOf(f, (plan) => plan.reviewDate),
  ),
  field(column('review_time', 'string', 'time of approval or rejection, HH:MM:SS', '', '(300E,0005)'), (f) =>
    firstOf(f, (plan) => plan.reviewTime),
  ),
  field(
    column('prescriptions', 'string', 'all dose references of the plans, as JSON; doses in Gy', '', '(300A,0010)'),
    (f) =>
      json(
        f.plans.flatMap((plan) =>
          plan.doseReferences.map((reference) => ({ plan: plan.sopInstanceUid, ...reference })),
        ),
      ),
  ),
  field(
    column(
      'prescriptions_by_roi',
      'string',
      'prescribed dose levels of targets, as JSON',
      '',
      '(300A,0010) > (3006,0084), (300A,0026)',
    ),
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
  ),
];

/** From the dose of the course; without a dose, from its only plan. */
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
