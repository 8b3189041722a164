import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { readDataSet } from '#lib/dicom/read.ts';
import { demoCohort, demoTruth } from '#lib/phantom/demo/cohort.ts';
import type { PhantomFile } from '#lib/phantom/file.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';

let files: PhantomFile[] = [];
const truth = demoTruth();

before(() => {
  files = [...demoCohort()];
});

/** Instances that can be read to the end of their header. */
function* instances(): Generator<{ uid: string; modality: string; patientId: string; file: PhantomFile }> {
  for (const file of files) {
    if (String.fromCharCode(...file.bytes.subarray(128, 132)) !== 'DICM') continue;
    const cut = file.bytes.length < 400;
    if (cut) continue;
    const dataSet = readDataSet(file.bytes, { untilPixelData: true });
    yield {
      uid: dataSet.text('SOPInstanceUID'),
      modality: dataSet.text('Modality'),
      patientId: dataSet.text('PatientID'),
      file,
    };
  }
}

test('the cohort is the same in every run', () => {
  const digest = (list: Iterable<PhantomFile>) => [...list].map(({ path, bytes }) => `${path} ${crc32(bytes)}`);
  assert.deepEqual(digest(demoCohort().take(150)), digest(files.slice(0, 150)));
});

test('the cohort is small, and file paths do not reveal the content', () => {
  assert.ok(files.reduce((sum, { bytes }) => sum + bytes.length, 0) < 60e6);
  assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
  for (const { path } of files) assert.doesNotMatch(path, /RTP-|phantom|prostate|lung|RTDOSE|RTPLAN|RTSTRUCT/i);
});

test("instances match the cohort's truth: once each, except copies and conflicts", () => {
  const all = [...instances()];
  const repeated = all.length - new Set(all.map(({ uid }) => uid)).size;
  assert.equal(repeated, truth.copies + truth.conflicts);
  assert.equal(files.length - all.length, truth.foreign + truth.cutInHeader);
});

test('the cohort contains every modality of radiotherapy', () => {
  const modalities = new Set([...instances()].map(({ modality }) => modality));
  assert.deepEqual([...modalities].sort(), ['CT', 'MR', 'PT', 'REG', 'RTDOSE', 'RTPLAN', 'RTRECORD', 'RTSTRUCT']);
});

test('the objects listed for a course exist in the cohort, under its patient', () => {
  const patientOf = new Map([...instances()].map(({ uid, patientId }) => [uid, patientId]));
  for (const course of Object.values(truth.courses)) {
    for (const uid of [...course.structureSetUids, ...course.planUids, ...course.doseUids]) {
      assert.equal(patientOf.get(uid), course.patientId);
    }
  }
});

test('the cohort contains an ROI for every possible ROI status', () => {
  const statuses = new Set(Object.values(truth.courses).flatMap((course) => course.rois.map((roi) => roi.status)));
  assert.deepEqual([...statuses].sort(), ['empty', 'ok', 'outside_dose', 'skipped_by_rule', 'too_small']);
});

test('targets receive their prescribed dose within 4 %', () => {
  const prescribed = {
    'prostate-sib': ['PTV_7000', 70],
    'lung-replan': ['PTV_6000', 60],
    'lung-stereotactic': ['PTV_5400', 54],
  };
  for (const [name, [roiName, doseGy]] of Object.entries(prescribed)) {
    const mean = truth.courses[name].rois.find((roi) => roi.name === roiName)?.meanDoseGy;
    assert.ok(Math.abs(Number(mean) / Number(doseGy) - 1) < 0.04, `${name}: ${mean}`);
  }
});

test('a generated cohort has the requested size', () => {
  const made = [...generatedCohort({ courses: 3, slices: 6, rows: 16, columns: 20, seed: 5 })];
  assert.equal(made.length, 3 * (6 + 3));
  const slice = readDataSet(made[0].bytes);
  assert.deepEqual([slice.number('Rows'), slice.number('Columns')], [16, 20]);
  const again = [...generatedCohort({ courses: 1, slices: 6, rows: 16, columns: 20, seed: 5 })];
  assert.deepEqual(again[3].bytes, made[3].bytes);
});
