import type { PatientFields } from '../../rt/course.ts';
import { column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import type { CaseFacts } from './facts.ts';

const KEPT = 'only if identifiers are kept';

export const PATIENT_FIELDS: Field<CaseFacts>[] = [
  field(column('patient_name', 'string', `name, ${KEPT}`, '', '(0010,0010)'), (f) => f.course.patient.name),
  field(
    column('patient_birth_date', 'timestamp', `birth date, ${KEPT}`, '', '(0010,0030)'),
    (f) => f.course.patient.birthDate,
  ),
  field(column('patient_sex', 'string', 'M, F or O', '', '(0010,0040)'), (f) => f.course.patient.sex),
  field(
    column(
      'patient_age_years',
      'double',
      'age at the plan date, from the birth date, else the value of the header',
      'a',
      '(0010,0030), (0010,1010)',
    ),
    (f) => f.course.patient.ageYears,
  ),
  field(column('patient_weight_kg', 'double', 'weight', 'kg', '(0010,1030)'), (f) => f.course.patient.weightKg),
  field(column('patient_height_m', 'double', 'height', 'm', '(0010,1020)'), (f) => f.course.patient.heightM),
  field(column('patient_bmi', 'double', 'weight / height²', 'kg/m²', '(0010,1030), (0010,1020)'), (f) =>
    bodyMassIndex(f.course.patient),
  ),
  field(
    column('physicians_of_record', 'string', `names, ${KEPT}`, '', '(0008,1048)'),
    (f) => f.course.staff.physiciansOfRecord,
  ),
  field(
    column('referring_physician', 'string', `name, ${KEPT}`, '', '(0008,0090)'),
    (f) => f.course.staff.referringPhysician,
  ),
  field(
    column('performing_physician', 'string', `names, ${KEPT}`, '', '(0008,1050)'),
    (f) => f.course.staff.performingPhysician,
  ),
  field(column('operators_name', 'string', `names, ${KEPT}`, '', '(0008,1070)'), (f) => f.course.staff.operators),
  field(column('reviewer_name', 'string', `name, ${KEPT}`, '', '(300E,0008)'), (f) => f.course.staff.reviewer),
];

/** Undefined for a height that is no height in metres: some write centimetres. */
function bodyMassIndex({ weightKg, heightM }: PatientFields): number | undefined {
  if (weightKg === undefined || heightM === undefined || heightM < 0.3 || heightM > 2.5) return undefined;
  return weightKg / heightM ** 2;
}
