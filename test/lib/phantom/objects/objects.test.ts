import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { doseOf, planOf, recordsOf, structureSetOf } from '#lib/phantom/course-objects.ts';
import { gradient } from '#lib/phantom/dose-field.ts';
import { dose, type PhantomDose } from '#lib/phantom/objects/dose.ts';
import { ctSlices } from '#lib/phantom/objects/image.ts';
import { plan } from '#lib/phantom/objects/plan.ts';
import { structureSet } from '#lib/phantom/objects/structure-set.ts';
import { axialGrid, imageOf, seriesOf, studyOf, workingDays } from '#lib/phantom/scene.ts';
import { sphere } from '#lib/phantom/solid.ts';

const study = studyOf({ id: 'T-1', name: 'Test^Tina', birthDate: '19600101', sex: 'F' }, 'T', '20240226', 'Test');
const ct = imageOf(seriesOf(study, 1, 'CT'), 'ctImage', [10, 8, 6], [2, 2.5, 3]);
const roi = { number: 4, name: 'PTV', interpretedType: 'PTV', colorRgb: [255, 0, 0] as [number, number, number] };
const set = structureSetOf(ct, 2, 'SET', [
  { ...roi, solid: sphere([0, 0, 0], 6) },
  { ...roi, number: 5, name: 'Nothing' },
  { ...roi, number: 6, name: 'ISO', pointMm: [1, 2, 3] },
]);
const arc = planOf(set, {
  number: 3,
  label: 'ARC',
  date: '20240227',
  prescriptions: [['PTV', 20]],
  fractions: 5,
  isocenterMm: [0, 0, 0],
  gantryDeg: [
    [181, 539],
    [90, 90],
  ],
});

const read = (object: DicomJson): DataSet => readDataSet(writeDicom(object));

test('CT slices have position, spacing and HU of the grid', () => {
  const hu = Int16Array.from({ length: 480 }, (_, i) => i - 1000);
  const slices = ctSlices(ct, hu).map(read);
  assert.deepEqual(slices[2].numbers('ImagePositionPatient'), [-9, -8.75, -1.5]);
  assert.deepEqual(slices[0].numbers('PixelSpacing'), [2.5, 2]);
  const stored = slices[1].bytes('PixelData') as Uint8Array;
  const first = new DataView(stored.buffer, stored.byteOffset).getUint16(0, true);
  assert.equal(first * 1 + Number(slices[1].number('RescaleIntercept')), 80 - 1000);
});

test('a structure set cuts a solid at the slices that it meets, and keeps an ROI without contours', () => {
  const items = read(structureSet(set)).items('ROIContourSequence');
  const contours = items[0].items('ContourSequence');
  assert.deepEqual(
    contours.map((c) => c.numbers('ContourData')[2]),
    [-4.5, -1.5, 1.5, 4.5],
  );
  const radii = contours.map((c) => Math.hypot(...c.numbers('ContourData').slice(0, 2)));
  const expected = [4.5, 1.5, 1.5, 4.5].map((z) => Math.sqrt(36 - z * z));
  for (const [i, radius] of radii.entries()) assert.ok(Math.abs(radius - expected[i]) < 0.001);
  assert.deepEqual(items[1].items('ContourSequence'), []);
  assert.deepEqual(items[2].items('ContourSequence')[0].numbers('ContourData'), [1, 2, 3]);
});

test('a plan refers to its structure set and divides the fraction dose among its beams', () => {
  const dataSet = read(plan(arc));
  assert.equal(dataSet.items('ReferencedStructureSetSequence')[0].text('ReferencedSOPInstanceUID'), set.uid);
  const group = dataSet.items('FractionGroupSequence')[0];
  assert.equal(group.number('NumberOfFractionsPlanned'), 5);
  const beamDoses = group.items('ReferencedBeamSequence').map((beam) => beam.number('BeamDose'));
  assert.deepEqual(beamDoses, [2, 2]);
  const [rotating, still] = dataSet.items('BeamSequence');
  assert.equal(rotating.items('ControlPointSequence').length, 37);
  assert.equal(still.items('ControlPointSequence').length, 2);
  assert.equal(dataSet.items('DoseReferenceSequence')[0].number('ReferencedROINumber'), 4);
});

const field = gradient([0, 0, 0], 50, [0, 0, 1], 1);
const forms: [string, Partial<PhantomDose>, number[], number][] = [
  ['ascending', {}, [0, 2, 4, 6], 47],
  ['descending', { descending: true }, [0, -2, -4, -6], 53],
  ['ascending with coordinates', { absoluteOffsets: true }, [-3, -1, 1, 3], 47],
  ['16 bit', { bits: 16 }, [0, 2, 4, 6], 47],
];
for (const [name, options, offsets, firstGy] of forms) {
  test(`a dose grid that is ${name} holds the field`, () => {
    const dataSet = read(dose(doseOf([arc], 5, field, axialGrid([3, 2, 4], [2, 2, 2]), options)));
    assert.deepEqual(dataSet.numbers('GridFrameOffsetVector'), offsets);
    assert.equal(dataSet.numbers('ImagePositionPatient')[2], options.descending ? 3 : -3);
    const pixels = dataSet.bytes('PixelData') as Uint8Array;
    const view = new DataView(pixels.buffer, pixels.byteOffset);
    const stored = options.bits === 16 ? view.getUint16(0, true) : view.getUint32(0, true);
    const step = Number(dataSet.number('DoseGridScaling'));
    assert.ok(Math.abs(stored * step - firstGy) <= step / 2, `${stored * step}`);
    assert.equal(dataSet.items('ReferencedRTPlanSequence')[0].text('ReferencedSOPInstanceUID'), arc.uid);
  });
}

test('treatment records follow the working days', () => {
  const records = [...recordsOf(arc, '20240229', 3)].map(read);
  assert.deepEqual(
    records.map((record) => record.text('TreatmentDate')),
    ['20240229', '20240301', '20240304'],
  );
  assert.deepEqual(
    records.map((record) => record.items('TreatmentSessionBeamSequence')[0].number('CurrentFractionNumber')),
    [1, 2, 3],
  );
  assert.deepEqual(workingDays('20240302', 1), ['20240304']);
});
