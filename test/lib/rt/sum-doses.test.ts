import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { BadInput } from '#lib/errors.ts';
import { type Grid, indexToPatient } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import type { Dose } from '#lib/rt/dose.ts';
import type { Plan } from '#lib/rt/plan.ts';
import { readPlan } from '#lib/rt/plan.ts';
import { planSumObject } from '#lib/rt/plan-sum.ts';
import { readDose } from '#lib/rt/read-dose.ts';
import { sumDoses } from '#lib/rt/sum-doses.ts';
import { doseObject } from '#lib/rt/write-dose.ts';
import { doseDataSet } from '../../fixtures/dose-object.ts';
import { doseOn, gridAround, linear, rotationOf } from '../../fixtures/dvh-phantom.ts';
import { planDose } from '../../fixtures/plan-dose.ts';

function dose(grid: Grid, gy: (p: Vec3) => number, more: Partial<Dose> = {}): Dose {
  return planDose(doseOn(grid, gy).volume, { sopInstanceUid: '1.1', structureSetUids: ['1.8'], ...more });
}

const field = linear(20, [0.3, -0.2, 0.5]);
const other = linear(10, [-0.1, 0.4, 0.2]);

test('linear doses on different, rotated and uneven grids add up exactly on the finest grid', () => {
  const coarse = gridAround(40, 4, { rotation: rotationOf(0.3, 0.8) });
  const fine = gridAround(12, 2);
  const sliceOffsetsMm = Float64Array.from({ length: fine.size[2] }, (_, k) => 2 * k + (k % 2 ? 0.5 : 0));
  const uneven = { ...fine, sliceOffsetsMm };
  const terms = [
    { dose: dose(coarse, field, { sopInstanceUid: '1.1' }), weight: 1 },
    { dose: dose(uneven, other, { sopInstanceUid: '1.2', planUids: ['1.7'] }), weight: 3 },
  ];
  const { dose: sum, referenceUid, coverage } = sumDoses(terms, { sopInstanceUid: '2.1' });
  assert.equal(referenceUid, '1.2');
  assert.deepEqual(coverage, [1, 1]);
  assert.equal(sum.summationType, 'MULTI_PLAN');
  assert.deepEqual(sum.planUids, ['1.9', '1.7']);
  const [nx, ny] = uneven.size;
  for (const index of [
    [0, 0, 0],
    [3, 5, 7],
    [12, 12, 12],
    [1, 11, 4],
  ] as Vec3[]) {
    const p = indexToPatient(uneven, index);
    const value = sum.volume.data[index[0] + nx * (index[1] + ny * index[2])];
    assert.ok(Math.abs(value - field(p) - 3 * other(p)) < 1e-9, `${index}: ${value}`);
  }
});

test('nothing is added outside a dose, and coverage states the part', () => {
  const small = gridAround(10, 2);
  const beside = { ...small, originMm: [0, small.originMm[1], small.originMm[2]] as Vec3 };
  const terms = [small, beside].map((grid, n) => ({
    dose: dose(grid, () => 1, { sopInstanceUid: `1.${n}`, volume: doseOn(grid, () => 1).volume }),
    weight: 1,
  }));
  const { dose: sum, coverage } = sumDoses(terms, { sopInstanceUid: '2.1' });
  assert.deepEqual(coverage, [1, 6 / 11]);
  assert.equal(sum.volume.data[0], 1);
  assert.equal(sum.volume.data[10], 2);
  assert.deepEqual(sum.findings.map((found) => found.code).sort(), ['DOSE_SUM_COVERAGE', 'DOSE_SUM_CROPPED']);
  assert.equal(sum.summationType, 'PLAN');
});

test('another frame of reference needs a rigid registration', () => {
  const grid = gridAround(10, 2);
  const shifted = { ...grid, originMm: grid.originMm.map((c) => c + 100) as Vec3 };
  const terms = [
    { dose: dose(grid, field), weight: 1 },
    { dose: dose(shifted, () => 5, { sopInstanceUid: '1.2', frameOfReferenceUid: 'G' }), weight: 1 },
  ];
  assert.throws(
    () => sumDoses(terms, { sopInstanceUid: '2.1' }),
    (error) => error instanceof BadInput && error.where === '1.2',
  );
  const toG = [1, 0, 0, 100, 0, 1, 0, 100, 0, 0, 1, 100, 0, 0, 0, 1];
  const rigidTransform = (from: string, to: string) => (from === 'F' && to === 'G' ? toG : undefined);
  const { dose: sum, coverage } = sumDoses(terms, { sopInstanceUid: '2.1', rigidTransform });
  assert.deepEqual(coverage, [1, 1]);
  assert.ok(Math.abs(sum.volume.data[0] - field(grid.originMm) - 5) < 1e-9);
});

test('relative doses are not added', () => {
  const grid = gridAround(4, 2);
  const term = { dose: dose(grid, field, { relative: true }), weight: 1 };
  assert.throws(() => sumDoses([term], { sopInstanceUid: '2.1' }), BadInput);
  assert.throws(() => sumDoses([], { sopInstanceUid: '2.1' }), BadInput);
});

const context = {
  source: doseDataSet(),
  seriesInstanceUid: '1.2.9',
  seriesDescription: 'sum',
  date: '20260102',
  time: '030405',
};

for (const [name, gy] of [
  ['positive', (p: Vec3) => 60 + p[0] / 3 + Math.PI * p[2]],
  ['signed', (p: Vec3) => Math.PI * p[2]],
] as const) {
  test(`a ${name} dose written and read again differs by less than a millionth of its maximum`, async () => {
    const grid = gridAround(10, 2.5, { rotation: rotationOf(Math.PI / 2, 0), shift: [1.5, -2.25, 3] });
    const offsets = Float64Array.from({ length: grid.size[2] }, (_, k) => 2.5 * k + 0.01 * k * k);
    const written = dose({ ...grid, sliceOffsetsMm: offsets, frameOfReferenceUid: 'F' }, gy, {
      sopInstanceUid: '1.2.3',
      frameOfReferenceUid: '1.2.4',
      summationType: 'MULTI_PLAN',
      planUids: ['1.2.5', '1.2.6'],
    });
    const again = await readDose(readDataSet(writeDicom(doseObject(written, context, 'two plans'))));
    const most = Math.max(...written.volume.data.map(Math.abs));
    written.volume.data.forEach((value, n) => {
      assert.ok(Math.abs(again.volume.data[n] - value) < 1e-9 * most);
    });
    const last = written.volume.grid.size.map((n) => n - 1) as Vec3;
    indexToPatient(written.volume.grid, last).forEach((c, a) => {
      assert.ok(Math.abs(indexToPatient(again.volume.grid, last)[a] - c) < 1e-6);
    });
    assert.deepEqual(
      [again.summationType, again.planUids, again.units, again.studyInstanceUid],
      ['MULTI_PLAN', ['1.2.5', '1.2.6'], 'GY', '1.2.3.1'],
    );
  });
}

test('the object of a plan sum names its plans and claims no approval', () => {
  const plans = ['1.2.5', '1.2.6'].map((uid, n): Plan => {
    const target = { DoseReferenceNumber: 1, DoseReferenceType: 'TARGET', TargetPrescriptionDose: n ? 20 : 50 };
    const group = { FractionGroupNumber: 1, NumberOfFractionsPlanned: n ? 10 : 25 };
    return readPlan(
      readDataSet(
        writeDicom({
          SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.5',
          SOPInstanceUID: uid,
          RTPlanLabel: `phase ${n + 1}`,
          ApprovalStatus: 'APPROVED',
          DoseReferenceSequence: [target],
          FractionGroupSequence: [group],
        }),
      ),
    );
  });
  const sum = { sopInstanceUid: '1.2.7', label: 'phase 1 + phase 2 summed', plans, prescriptionGy: 70 };
  const again = readPlan(readDataSet(writeDicom(planSumObject(sum, context))));
  assert.equal(again.approvalStatus, 'UNAPPROVED');
  assert.equal(again.label, 'phase 1 + phase');
  assert.deepEqual(
    again.relatedPlans.map((plan) => plan.uid),
    ['1.2.5', '1.2.6'],
  );
  assert.deepEqual(
    again.doseReferences.map((r) => r.targetPrescriptionGy),
    [70, 50, 20],
  );
  assert.deepEqual(
    again.fractionGroups.map((g) => g.fractionsPlanned),
    [25, 10],
  );
  assert.deepEqual(again.beams, []);
});
