import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import type { DicomJson } from '#lib/dicom/write.ts';
import { plannedFractions, planPrescription, readPlan, targetPrescriptions } from '#lib/rt/plan.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';

/** What SOURCE.md and the dump of each file say, and hand calculation from them. */
const PUBLIC_PLANS = [
  {
    path: 'data/pydicom-rt/rtplan.dcm',
    expected: {
      label: 'Plan1',
      date: '2003-09-03',
      time: '15:00:23',
      fractions: 30,
      // (300A,0026) of the TARGET; the 75 Gy of the organ at risk are none.
      prescription: { doseGy: 30.826203, source: 'target_prescription' },
      beams: [['Field 1', 'unit001', [6], 0]],
      technique: '3D-CRT',
    },
  },
  {
    path: 'data/pinnacle16-dose-plan/1.3.46.670589.13.997910418.20181018190715.112493.dcm',
    expected: {
      label: 'Plan_2.0',
      date: '2018-10-18',
      time: '19:07:15',
      fractions: 25,
      // No dose reference: 25 (0.931874 + 0.665421).
      prescription: { doseGy: 39.932375, source: 'fraction_group' },
      beams: [
        ['Beam_1', 'ElektaVersa', [6], 0],
        ['Beam_2', 'ElektaVersa', [6], 0],
      ],
      technique: '3D-CRT',
    },
  },
  {
    path: 'data/dicompyler-example/example_data/rtplan.dcm',
    expected: {
      label: 'B1',
      date: '1901-01-01',
      time: '00:00:00',
      fractions: 7,
      // The higher of 14 Gy (breast) and 11.31 Gy (calculation point).
      prescription: { doseGy: 14, source: 'target_prescription' },
      beams: [
        ['3 RAO', 'txmachine', [10], 0],
        ['4 LPO', 'txmachine', [6], 0],
        ['5 LPO', 'txmachine', [6], 0],
        ['6 RAO', 'txmachine', [10], 0],
      ],
      technique: 'IMRT',
    },
  },
] as const;

for (const { path, expected } of PUBLIC_PLANS) {
  const file = sharedPath(path);
  test(`reads ${path}`, { skip: file ? false : `../shared/${path} is not there` }, () => {
    const plan = readPlan(readDataSet(readFileSync(file!)));
    const { label, date, time, technique } = plan;
    assert.deepEqual({ label, date, time, technique }, pick(expected, ['label', 'date', 'time', 'technique']));
    assert.equal(plannedFractions(plan), expected.fractions);
    assert.equal(planPrescription(plan)?.source, expected.prescription.source);
    assert.ok(Math.abs((planPrescription(plan)?.doseGy ?? 0) - expected.prescription.doseGy) < 1e-9);
    const beams = plan.beams.map((beam) => [beam.name, beam.machine, beam.energies, beam.gantrySpanDeg]);
    assert.equal(beams.length, expected.beams.length);
    assert.deepEqual(
      beams.map((beam) => beam.slice(1)),
      expected.beams.map((beam) => beam.slice(1)),
    );
  });
}

test('reads the arcs of a VMAT plan and the static fields of an IMRT plan', (context) => {
  const folder = 'data/raystation-brain-srs/BrainSRSRaystation';
  const vmat = sharedPath(`${folder}VMAT/RP1.2.752.243.1.1.20180405120828292.3000.83684.dcm`);
  const imrt = sharedPath(`${folder}IMRT/RP1.2.752.243.1.1.20180405114728127.3000.13138.dcm`);
  if (!vmat || !imrt) return context.skip(String(absent('data/raystation-brain-srs')));
  const arcs = readPlan(readDataSet(readFileSync(vmat)));
  assert.equal(arcs.technique, 'VMAT');
  // SOURCE.md: 11 beams, 8 of them dynamic; no DoseReferenceSequence.
  assert.equal(arcs.beams.length, 11);
  assert.equal(arcs.beams.filter((beam) => beam.gantrySpanDeg > 0).length, 8);
  assert.deepEqual(targetPrescriptions(arcs), []);
  const fields = readPlan(readDataSet(readFileSync(imrt)));
  assert.deepEqual([fields.technique, fields.beams.length, plannedFractions(fields)], ['IMRT', 22, 5]);
});

test('a simultaneous integrated boost prescribes its highest level', () => {
  const plan = readPlan(
    dataSetOf({
      DoseReferenceSequence: [
        reference(1, { DoseReferenceType: 'TARGET', TargetPrescriptionDose: 56, ReferencedROINumber: 4 }),
        reference(2, { DoseReferenceType: 'TARGET', TargetPrescriptionDose: 70, ReferencedROINumber: 5 }),
        reference(3, { DoseReferenceType: 'ORGAN_AT_RISK', OrganAtRiskMaximumDose: 90, DeliveryMaximumDose: 95 }),
      ],
    }),
  );
  assert.deepEqual(planPrescription(plan), { doseGy: 70, source: 'target_prescription' });
  assert.deepEqual(
    targetPrescriptions(plan).map((level) => [level.roiNumber, level.targetPrescriptionGy]),
    [
      [4, 56],
      [5, 70],
    ],
  );
});

test('without prescribed doses the prescription comes from the delivery maximum of a target, then from the beams', () => {
  const maximum = reference(1, { DoseReferenceType: 'TARGET', DeliveryMaximumDose: 64 });
  const groups = [group(1, 25, [1.2, 0.8]), group(2, 5, [2])];
  const withMaximum = readPlan(dataSetOf({ DoseReferenceSequence: [maximum], FractionGroupSequence: groups }));
  assert.deepEqual(planPrescription(withMaximum), { doseGy: 64, source: 'delivery_maximum' });
  const beamsOnly = readPlan(dataSetOf({ FractionGroupSequence: groups }));
  assert.deepEqual(planPrescription(beamsOnly), { doseGy: 60, source: 'fraction_group' });
  assert.equal(plannedFractions(beamsOnly), 30);
  assert.equal(planPrescription(readPlan(dataSetOf({}))), undefined);
});

test('energy and machine come from control point and beam, and an arc is measured along its rotation', () => {
  const plan = readPlan(
    dataSetOf({
      BeamSequence: [
        beam({ GantryAngle: 181, GantryRotationDirection: 'CW', NominalBeamEnergy: 6 }, [
          { GantryAngle: 0 },
          { GantryAngle: 179 },
        ]),
        beam({ GantryAngle: 179, GantryRotationDirection: 'CC', NominalBeamEnergy: 10 }, [{ GantryAngle: 181 }]),
        beam({ GantryAngle: 30, GantryRotationDirection: 'NONE', NominalBeamEnergy: 6 }, [{}]),
      ],
    }),
  );
  assert.deepEqual(
    plan.beams.map((b) => b.gantrySpanDeg),
    [358, 358, 0],
  );
  assert.deepEqual(
    plan.beams.map((b) => b.energies),
    [[6], [10], [6]],
  );
  assert.deepEqual(
    plan.beams.map((b) => b.machine),
    ['Linac 1', 'Linac 1', 'Linac 1'],
  );
});

const TECHNIQUES: { title: string; content: DicomJson; technique: string }[] = [
  { title: 'moving leaves on an arc', content: { BeamSequence: [arc(true)] }, technique: 'VMAT' },
  { title: 'an arc of one aperture', content: { BeamSequence: [arc(false)] }, technique: 'ARC' },
  {
    title: 'electrons',
    content: { BeamSequence: [{ ...beam({}, [{}]), RadiationType: 'ELECTRON' }] },
    technique: 'ELECTRON',
  },
  {
    title: 'ions',
    content: {
      IonBeamSequence: [
        {
          BeamNumber: 1,
          RadiationType: 'PROTON',
          IonControlPointSequence: [{ NominalBeamEnergy: 120 }, { NominalBeamEnergy: 115 }],
        },
      ],
    },
    technique: 'PROTON',
  },
  {
    title: 'brachytherapy',
    content: {
      BrachyTreatmentTechnique: 'INTRACAVITARY',
      BrachyTreatmentType: 'HDR',
      ApplicationSetupSequence: [{ ApplicationSetupNumber: 1 }],
    },
    technique: 'BRACHY',
  },
  { title: 'nothing', content: {}, technique: '' },
];

for (const { title, content, technique } of TECHNIQUES) {
  test(`the technique of ${title} is ${technique || 'unknown'}`, () => {
    assert.equal(readPlan(dataSetOf(content)).technique, technique);
  });
}

test('set-up fields do not affect the technique', () => {
  const setup = {
    ...beam({ GantryAngle: 181, GantryRotationDirection: 'CW' }, [{ GantryAngle: 179 }]),
    TreatmentDeliveryType: 'SETUP',
  };
  assert.equal(readPlan(dataSetOf({ BeamSequence: [setup, beam({}, [{}])] })).technique, '3D-CRT');
});

test('intent, approval and relations are read from their level of the plan', () => {
  const plan = readPlan(
    dataSetOf({
      PlanIntent: 'CURATIVE',
      ApprovalStatus: 'APPROVED',
      ReviewDate: '20240305',
      ReviewTime: '1015',
      ReferencedStructureSetSequence: [{ ReferencedSOPInstanceUID: '1.2.9' }],
      ReferencedRTPlanSequence: [{ ReferencedSOPInstanceUID: '1.2.8', RTPlanRelationship: 'PREDECESSOR' }],
    }),
  );
  assert.deepEqual(
    [plan.intent, plan.approvalStatus, plan.reviewDate, plan.reviewTime],
    ['CURATIVE', 'APPROVED', '2024-03-05', '10:15:00'],
  );
  assert.deepEqual(plan.structureSetUids, ['1.2.9']);
  assert.deepEqual(plan.relatedPlans, [{ uid: '1.2.8', relationship: 'PREDECESSOR' }]);
});

function reference(number: number, more: DicomJson): DicomJson {
  return { DoseReferenceNumber: number, DoseReferenceStructureType: 'VOLUME', ...more };
}

function group(number: number, fractions: number, beamDosesGy: number[]): DicomJson {
  return {
    FractionGroupNumber: number,
    NumberOfFractionsPlanned: fractions,
    ReferencedBeamSequence: beamDosesGy.map((BeamDose, i) => ({ ReferencedBeamNumber: i + 1, BeamDose })),
  };
}

function beam(first: DicomJson, others: DicomJson[]): DicomJson {
  return {
    BeamNumber: 1,
    RadiationType: 'PHOTON',
    TreatmentMachineName: 'Linac 1',
    ControlPointSequence: [first, ...others],
  };
}

function arc(moves: boolean): DicomJson {
  const leaves = moves ? { BeamLimitingDevicePositionSequence: [{ RTBeamLimitingDeviceType: 'MLCX' }] } : {};
  return beam({ GantryAngle: 181, GantryRotationDirection: 'CW' }, [
    { GantryAngle: 0, ...leaves },
    { GantryAngle: 179, ...leaves },
  ]);
}

function pick(object: object, keys: string[]) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}
