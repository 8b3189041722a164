import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDelivery, readTreatmentRecord } from '#lib/rt/treatment-record.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';

const PLAN = { ReferencedRTPlanSequence: [{ ReferencedSOPInstanceUID: '1.2.9' }] };

test('values of a beams record are read from the levels that the standard defines', () => {
  const record = readTreatmentRecord(
    dataSetOf({
      ...PLAN,
      SeriesDate: '20231224',
      TreatmentDate: '20240305',
      TreatmentTime: '081530.25',
      ReferencedFractionGroupNumber: 1,
      TreatmentMachineSequence: [{ TreatmentMachineName: 'Linac 3' }],
      TreatmentSessionBeamSequence: [
        {
          ReferencedBeamNumber: 2,
          BeamName: 'Arc',
          CurrentFractionNumber: 12,
          TreatmentDeliveryType: 'TREATMENT',
          TreatmentTerminationStatus: 'NORMAL',
          SpecifiedPrimaryMeterset: 250,
          DeliveredPrimaryMeterset: 249.5,
          ControlPointDeliverySequence: [{ GantryAngle: 181 }, {}, { GantryAngle: 179 }],
          ReferencedCalculatedDoseReferenceSequence: [{ CalculatedDoseReferenceDoseValue: 2.02 }],
        },
      ],
    }),
  );
  assert.deepEqual(record, {
    sopInstanceUid: '1.2.3',
    kind: 'session',
    planUids: ['1.2.9'],
    date: '2024-03-05',
    time: '08:15:30',
    fractionGroupNumber: 1,
    machines: ['Linac 3'],
    beams: [
      {
        number: 2,
        fractionNumber: 12,
        name: 'Arc',
        deliveryType: 'TREATMENT',
        terminationStatus: 'NORMAL',
        specifiedMeterset: 250,
        deliveredMeterset: 249.5,
        gantryStartDeg: 181,
        gantryEndDeg: 179,
        controlPoints: 3,
        doseGy: 2.02,
      },
    ],
    summary: [],
    firstTreatmentDate: '',
    lastTreatmentDate: '',
  });
  assert.ok(isDelivery(record));
});

test('the treatment date comes from a control point, never from the series', () => {
  const bare = readTreatmentRecord(dataSetOf({ ...PLAN, SeriesDate: '20231224' }));
  assert.equal(bare.date, '');
  const dated = readTreatmentRecord(
    dataSetOf({
      ...PLAN,
      TreatmentSessionBeamSequence: [
        {
          ControlPointDeliverySequence: [{ TreatmentControlPointDate: '20240306', TreatmentControlPointTime: '0900' }],
        },
      ],
    }),
  );
  assert.deepEqual([dated.date, dated.time], ['2024-03-06', '09:00:00']);
});

test('a session of set-up fields alone delivers nothing', () => {
  const session = (...types: string[]) =>
    readTreatmentRecord(
      dataSetOf({
        ...PLAN,
        TreatmentSessionBeamSequence: types.map((TreatmentDeliveryType) => ({ TreatmentDeliveryType })),
      }),
    );
  assert.equal(isDelivery(session('SETUP', 'OPEN_PORTFILM')), false);
  assert.equal(isDelivery(session('SETUP', 'CONTINUATION')), true);
});

test('ion and brachytherapy sessions have number and meterset', () => {
  const ion = readTreatmentRecord(
    dataSetOf({
      TreatmentSessionIonBeamSequence: [
        {
          CurrentFractionNumber: 3,
          IonControlPointDeliverySequence: [{ DeliveredMeterset: 5 }, { DeliveredMeterset: 9 }],
        },
      ],
    }),
  );
  assert.deepEqual(
    [ion.beams[0].fractionNumber, ion.beams[0].deliveredMeterset, ion.beams[0].controlPoints],
    [3, 9, 2],
  );
  const brachy = readTreatmentRecord(
    dataSetOf({
      TreatmentSessionApplicationSetupSequence: [
        { ReferencedBrachyApplicationSetupNumber: 4, CurrentFractionNumber: 2 },
      ],
    }),
  );
  assert.deepEqual([brachy.beams[0].fractionNumber, brachy.beams[0].number], [2, 4]);
});

test('a treatment summary is not a session and delivers nothing', () => {
  const summary = readTreatmentRecord(
    dataSetOf({
      ...PLAN,
      FirstTreatmentDate: '20240301',
      MostRecentTreatmentDate: '20240410',
      FractionGroupSummarySequence: [
        { ReferencedFractionGroupNumber: 1, NumberOfFractionsDelivered: 25 },
        {
          NumberOfFractionsDelivered: 1,
          FractionStatusSummarySequence: [
            { ReferencedFractionNumber: 1, TreatmentDate: '20240410', TreatmentTime: '0800' },
          ],
        },
      ],
    }),
  );
  assert.deepEqual([summary.kind, isDelivery(summary)], ['summary', false]);
  assert.deepEqual(summary.summary, [
    { groupNumber: 1, fractionsDelivered: 25, fractions: [] },
    { groupNumber: undefined, fractionsDelivered: 1, fractions: [{ number: 1, date: '2024-04-10', time: '08:00:00' }] },
  ]);
  assert.deepEqual([summary.firstTreatmentDate, summary.lastTreatmentDate], ['2024-03-01', '2024-04-10']);
});
