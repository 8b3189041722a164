import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { looksLikeDicom } from '#lib/dicom/recognise.ts';
import { BadInput } from '#lib/errors.ts';
import { duplicateCandidates } from '#lib/organize/duplicates.ts';
import { type IndexRow, indexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import { demoCohort, demoTruth } from '#lib/phantom/demo/cohort.ts';
import { options } from '#test/fixtures/index-rows.ts';

const truth = demoTruth();
const result = organize(demoRows(), options);

test('the sample cohort is sorted into its original courses', () => {
  const found = result.courses.map((course) => ({
    patientId: course.patient.id,
    imageSeriesUid: course.planningSeriesUid,
    structureSetUids: course.structureSets.map((set) => set.sopInstanceUid).sort(),
    planUids: course.plans.map((plan) => plan.sopInstanceUid).sort(),
    fractions: course.fractions.length,
  }));
  const expected = Object.values(truth.courses).map((course) => ({
    patientId: course.patientId,
    imageSeriesUid: course.imageSeriesUid,
    structureSetUids: course.structureSetUids.toSorted(),
    planUids: course.planUids.toSorted(),
    fractions: course.fractions,
  }));
  const order = (a: { imageSeriesUid?: string }, b: { imageSeriesUid?: string }) =>
    (a.imageSeriesUid ?? '') < (b.imageSeriesUid ?? '') ? -1 : 1;
  assert.deepEqual(found.sort(order), expected.sort(order));
});

test('copies and conflicts of the sample cohort are counted, and every instance has its place', () => {
  const { counts, unassigned } = result;
  assert.equal(counts.duplicates, truth.copies);
  assert.equal(unassigned.filter((row) => row.reason === 'conflicting_duplicate').length, truth.conflicts);
  assert.equal(counts.instances, counts.assigned + counts.duplicates + counts.unassigned);
});

test('each dose of the sample cohort is decided by a different rule', () => {
  const rules = result.courses.map((course) => [
    course.patient.id,
    course.doseDecision.rule,
    course.doseDecision.prescriptionGy,
  ]);
  assert.deepEqual(rules.sort(), [
    ['RTP-001', 'single_dose', 70],
    ['RTP-002', 'beam_doses_summed_to_plan', 54],
    ['RTP-002', 'primary_boost_summed', 78],
    ['RTP-003', 'replan_itt_first', 60],
    ['RTP-004', 'PLAN_SUM_used', 60],
    ['RTP-005', 'no_doses', null],
    ['RTP-006', 'no_doses', null],
    ['RTP-007', 'other_frame_of_reference', null],
    ['RTP-008', 'single_dose', 60],
    ['RTP-009', 'no_doses', null],
    ['RTP-010', 'ambiguous_no_sum', null],
  ]);
});

test('two phases in one series are two images, each with the ROIs whose contours name it', () => {
  const { images, structureSets, findings } = result.courses.find(({ patient }) => patient.id === 'RTP-009')!;
  assert.deepEqual(
    images.map(({ volume, role }) => [volume, role]),
    [
      ['AcquisitionNumber 1', 'planning'],
      ['AcquisitionNumber 2', 'structure_set'],
    ],
  );
  const [{ header, roiImages }] = structureSets;
  assert.deepEqual(
    header.rois.map(({ name }, n) => [name, roiImages[n].imageNumber, roiImages[n].status]),
    [
      ['BODY', 0, 'referenced'],
      ['Lung_L', 0, 'referenced'],
      ['Lung_R', 0, 'referenced'],
      ['GTV_inhale', 0, 'referenced'],
      ['GTV_exhale', 1, 'referenced'],
    ],
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['VOLUME_NAMED', 'VOLUME_NAMED'],
  );
});

function demoRows(): IndexRow[] {
  const digests = new Map<string, string>();
  const rows = [...demoCohort()].flatMap(({ path: key, bytes }) => {
    if (!looksLikeDicom(bytes)) return [];
    digests.set(key, createHash('sha256').update(bytes).digest('hex'));
    try {
      return [indexRow(readDataSet(bytes, { untilPixelData: true }), { key, bytes: bytes.length, version: '1' })];
    } catch (error) {
      assert.ok(error instanceof BadInput, 'a file that is cut off is bad input');
      return [];
    }
  });
  const digested = new Set(duplicateCandidates(rows));
  return rows.map((row) => (digested.has(row) ? { ...row, digest: digests.get(row.key) } : row));
}

test('two plans without proof that both were delivered are alternatives; one dose consists of two boxes', () => {
  const { doseDecision, findings } = result.courses.find(({ patient }) => patient.id === 'RTP-010')!;
  const sides = doseDecision.alternatives.map(({ doses, prescriptionGy }) => [
    prescriptionGy,
    doses[0].tileUids?.length,
  ]);
  assert.deepEqual(sides.toSorted(), [
    [52, 2],
    [60, undefined],
  ]);
  const codes = new Set(findings.map(({ code }) => code));
  assert.deepEqual([codes.has('DOSE_UNDECIDED'), codes.has('DOSE_ASSEMBLED')], [true, true]);
});
