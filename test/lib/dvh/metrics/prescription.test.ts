import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prescriptionOf } from '#lib/dvh/metrics/prescription.ts';

const ptv = { name: 'PTV_6000', number: 7, interpretedType: 'PTV' };
const rectum = { name: 'Rectum', number: 2, interpretedType: 'ORGAN' };
const level = (planUid: string, roiNumber: number | undefined, doseGy: number) => ({
  planUid,
  description: '',
  roiNumber,
  doseGy,
});

test('a configured dose overrides all other sources', () => {
  const course = { levels: [level('p', 7, 60)], planUids: ['p'], courseGy: 60, configured: { 'PTV*': 55 } };
  assert.deepEqual(prescriptionOf(ptv, course), { doseGy: 55, source: 'config' });
});

test('a configured dose matches a target by standard name, but an exact name takes precedence', () => {
  const target = { ...ptv, name: 'Boost', standardName: 'PTV_6000' };
  const dose = (configured: Record<string, number>) =>
    prescriptionOf(target, { levels: [], planUids: [], configured }).doseGy;
  assert.deepEqual([dose({ 'PTV*': 55 }), dose({ 'PTV*': 55, boost: 56 }), dose({ 'CTV*': 57 })], [55, 56, undefined]);
});

test('a plan that names the ROI overrides the ROI name; levels within one plan are not added', () => {
  const course = { levels: [level('p', 7, 54), level('p', 8, 60), level('p', 7, 50)], planUids: ['p'], courseGy: 60 };
  assert.deepEqual(prescriptionOf(ptv, course), { doseGy: 54, source: 'plan_roi' });
});

test('plans are added for an ROI that all of them name; otherwise the ROI name decides', () => {
  const both = { levels: [level('p', 7, 50), level('q', 7, 10)], planUids: ['p', 'q'], courseGy: 60 };
  assert.deepEqual(prescriptionOf(ptv, both), { doseGy: 60, source: 'plan_roi' });
  const one = { levels: [level('q', 7, 10)], planUids: ['p', 'q'], courseGy: 60 };
  assert.deepEqual(prescriptionOf(ptv, one), { doseGy: 60, source: 'roi_name' });
});

test('a dose in the ROI name that equals a level of the plan is that level', () => {
  const course = { levels: [level('p', undefined, 60)], planUids: ['p'], courseGy: 70 };
  assert.deepEqual(prescriptionOf(ptv, course), { doseGy: 60, source: 'plan_level' });
});

test('organs use the prescription of the course, or have none', () => {
  const course = { levels: [], planUids: ['p'], courseGy: 70, courseSource: 'target_prescription' };
  assert.deepEqual(prescriptionOf(rectum, course), { doseGy: 70, source: 'course:target_prescription' });
  assert.deepEqual(prescriptionOf(rectum, { levels: [], planUids: [] }), { source: '' });
});

for (const [name, openGy] of [
  ['PTV_2023', 20.23],
  ['PTV50', 50],
  ['PTV_50.4', 50.4],
  ['PTV_600', 6],
] as const)
  test(`${name} has the prescription of its number only where a plan or the course has it, and no other`, () => {
    const drawn = { ...ptv, name };
    const course = {
      levels: [level('p', undefined, 60)],
      planUids: ['p'],
      courseGy: 60,
      courseSource: 'target_prescription',
    };
    assert.deepEqual(prescriptionOf(drawn, course), { source: '', openGy });
    assert.deepEqual(prescriptionOf(drawn, { levels: [], planUids: [] }), { source: '', openGy });
    const confirmed = { ...course, levels: [...course.levels, level('p', undefined, openGy)] };
    assert.deepEqual(prescriptionOf(drawn, confirmed), { doseGy: openGy, source: 'plan_level' });
    const ofCourse = { ...course, courseGy: openGy };
    assert.deepEqual(prescriptionOf(drawn, ofCourse), { doseGy: openGy, source: 'course:target_prescription' });
    assert.deepEqual(prescriptionOf(drawn, { ...course, configured: { [name]: 55 } }), {
      doseGy: 55,
      source: 'config',
    });
  });
