import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patientsTable } from '#lib/organize/patients-table.ts';
import type { Course } from '#lib/rt/course.ts';
import { validateTable } from '#lib/tables/validate.ts';

const fraction = { continuesFraction: false };
const course = (patient: string, courseId: string, startDate: string, more: object = {}) =>
  ({
    courseId,
    patient: { id: patient, sex: 'M', ageYears: 70 },
    startDate,
    endDate: '',
    plans: [],
    images: [{ modality: 'CT' }],
    fractions: [],
    doseDecision: { prescriptionGy: null },
    ...more,
  }) as unknown as Course;

test('two courses of a patient are one row, ordered by time', () => {
  const later = course('P1', 'a', '2024-06-01', {
    patient: { id: 'P1', sex: 'M', ageYears: 71 },
    endDate: '2024-06-20',
    plans: [{ plan: { label: 'BOOST' } }],
    images: [{ modality: 'MR' }, { modality: 'CT' }],
    fractions: [fraction, { continuesFraction: true }],
    doseDecision: { prescriptionGy: 16 },
  });
  const table = patientsTable([
    later,
    course('P2', 'c', ''),
    course('P1', 'b', '2024-03-01', { fractions: [fraction] }),
  ]);
  validateTable(table);
  assert.deepEqual(table.rows, [
    {
      patient_id: 'P1',
      sex: 'M',
      age_years: 70,
      courses: 2,
      course_ids: 'b; a',
      first_date: '2024-03-01',
      last_date: '2024-06-20',
      plan_labels: 'BOOST',
      prescriptions_gy: '?; 16',
      fractions_delivered: 2,
      modalities: 'CT; MR',
    },
    {
      patient_id: 'P2',
      sex: 'M',
      age_years: 70,
      courses: 1,
      course_ids: 'c',
      first_date: null,
      last_date: null,
      plan_labels: null,
      prescriptions_gy: '?',
      fractions_delivered: 0,
      modalities: 'CT',
    },
  ]);
});
