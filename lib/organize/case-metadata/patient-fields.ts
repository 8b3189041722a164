import type { PatientFields } from '../../rt/course.ts';
import { type Field, field } from '../field.ts';
import type { CaseFacts } from './facts.ts';

const KEPT = 'only when identifiers are kept';

export const PATIENT_FIELDS: Field<CaseFacts>[] = [
  field('patient_name', 'string', (f) => f.course.patient.name, `name, ${KEPT}`, '', '(0010,0010)'),
  field('patient_birth_date', 'timestamp', (f) => f.course.patient.birthDate, `birth date, ${KEPT}`, '', '(0010,0030)'),
  field('patient_sex', 'string', (f) => f.course.patient.sex, 'M, F or O', '', '(0010,0040)'),
  field(
    'patient_age_years',
    'double',
    (f) => f.course.patient.ageYears,
    'age at the plan, from the birth date, else as written',
    'a',
    '(0010,0030), (0010,1010)',
  ),
  field('patient_weight_kg', 'double', (f) => f.course.patient.weightKg, 'weight', 'kg', '(0010,1030)'),
  field('patient_height_m', 'double', (f) => f.course.patient.heightM, 'height', 'm', '(0010,1020)'),
  field(
    'patient_bmi',
    'double',
    (f) => bodyMassIndex(f.course.patient),
    'weight / height²',
    'kg/m²',
    '(0010,1030), (0010,1020)',
  ),
  field(
    'physicians_of_record',
    'string',
    (f) => f.course.staff.physiciansOfRecord,
    `names, ${KEPT}`,
    '',
    '(0008,1048)',
  ),
  field('referring_physician', 'string', (f) => f.course.staff.referringPhysician, `name, ${KEPT}`, '', '(0008,0090)'),
  field(
    'performing_physician',
    'string',
    (f) => f.course.staff.performingPhysician,
    `names, ${KEPT}`,
    '',
    '(0008,1050)',
  ),
  field('operators_name', 'string', (f) => f.course.staff.operators, `names, ${KEPT}`, '', '(0008,1070)'),
  field('reviewer_name', 'string', (f) => f.course.staff.reviewer, `name, ${KEPT}`, '', '(300E,0008)'),
];

/** Undefined for a height that is no height in metres: some write centimetres. */
function bodyMassIndex({ weightKg, heightM }: PatientFields): number | undefined {
  if (weightKg === undefined || heightM === undefined || heightM < 0.3 || heightM > 2.5) return undefined;
  return weightKg / heightM ** 2;
}
