import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DicomJson } from '#lib/dicom/write.ts';
import { indexRow } from '#lib/organize/index-row.ts';
import { objectKind } from '#lib/organize/object-kind.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';

const STORED = { key: 'a/b', bytes: 10, version: 'v' };
const STORAGE = '1.2.840.10008.5.1.4.1.1.';

test('the SOP class determines the kind of object; for private classes the modality does', () => {
  const cases = [
    [`${STORAGE}2`, 'CT', 'image'],
    [`${STORAGE}2.1`, 'CT', 'image'],
    [`${STORAGE}128`, 'PT', 'image'],
    [`${STORAGE}4.1`, 'MR', 'image'],
    [`${STORAGE}481.5`, 'RTPLAN', 'plan'],
    [`${STORAGE}481.8`, 'RTPLAN', 'plan'],
    ['1.2.246.352.70.1.70', 'RTPLAN', 'plan'],
    [`${STORAGE}481.2`, '', 'dose'],
    [`${STORAGE}481.3`, 'RTSTRUCT', 'structure_set'],
    [`${STORAGE}481.4`, 'RTRECORD', 'record'],
    [`${STORAGE}481.7`, 'RTRECORD', 'record'],
    [`${STORAGE}66.1`, 'REG', 'registration'],
    [`${STORAGE}66.3`, 'REG', 'registration'],
    [`${STORAGE}66.4`, 'SEG', 'segmentation'],
    [`${STORAGE}7`, 'CT', 'other'],
    [`${STORAGE}1`, 'CR', 'other'],
    [`${STORAGE}481.1`, 'RTIMAGE', 'other'],
    ['', '', 'other'],
  ];
  for (const [sopClass, modality, kind] of cases)
    assert.equal(objectKind(sopClass, modality), kind, `${sopClass} ${modality}`);
});

test('a series is dated by its own date, else by that of its acquisition', () => {
  const dated = (more: Record<string, string>) =>
    indexRow(dataSetOf({ SOPClassUID: `${STORAGE}2`, Modality: 'CT', ...more }), STORED).seriesDate;
  assert.equal(dated({ SeriesDate: '20240301', AcquisitionDate: '20240302' }), '2024-03-01');
  assert.equal(dated({ AcquisitionDate: '20240302' }), '2024-03-02');
  assert.equal(dated({ SeriesDate: '20240301' }), '2024-03-01');
});

test('the frame of reference is (0020,0052), and for a structure set also the nested ones', () => {
  const row = indexRow(
    dataSetOf({
      SOPClassUID: `${STORAGE}481.3`,
      FrameOfReferenceUID: '1.1',
      ReferencedFrameOfReferenceSequence: [
        {
          FrameOfReferenceUID: '1.2',
          RTReferencedStudySequence: [
            {
              ReferencedSOPInstanceUID: '2.1',
              RTReferencedSeriesSequence: [
                { SeriesInstanceUID: '3.1', ContourImageSequence: [{ ReferencedSOPInstanceUID: '4.1' }] },
              ],
            },
          ],
        },
      ],
      StructureSetROISequence: [{ ROINumber: 7, ROIName: 'PTV', ReferencedFrameOfReferenceUID: '1.3' }],
      ROIContourSequence: [
        {
          ReferencedROINumber: 7,
          ContourSequence: [
            { ContourImageSequence: [{ ReferencedSOPInstanceUID: '4.2', ReferencedFrameNumber: 3 }] },
            { ContourImageSequence: [{ ReferencedSOPInstanceUID: '4.1' }] },
            { ContourImageSequence: [{ ReferencedSOPInstanceUID: '4.1' }] },
          ],
        },
      ],
      RTROIObservationsSequence: [{ ReferencedROINumber: 7, RTROIInterpretedType: 'PTV' }],
    }),
    STORED,
  );
  assert.equal(row.kind, 'structure_set');
  assert.deepEqual(row.structureSet?.frameOfReferenceUids, ['1.2', '1.3', '1.1']);
  assert.deepEqual(row.structureSet?.seriesReferences, [
    { seriesInstanceUid: '3.1', studyInstanceUid: '2.1', frameOfReferenceUid: '1.2', instanceUids: ['4.1'] },
  ]);
  assert.deepEqual(row.structureSet?.contourImages, ['4.2#3', '4.1']);
  assert.deepEqual(row.structureSet?.rois, [
    { number: 7, name: 'PTV', interpretedType: 'PTV', frameOfReferenceUid: '1.3', imageIndices: [0, 1] },
  ]);
});

test('a dose header names its grid and the plans, fraction groups and beams of the dose', () => {
  const row = indexRow(
    dataSetOf({
      SOPClassUID: `${STORAGE}481.2`,
      DoseSummationType: 'BEAM',
      DoseUnits: 'GY',
      InstanceCreationDate: '20240310',
      InstanceCreationTime: '101112',
      Rows: 10,
      Columns: 20,
      NumberOfFrames: 2,
      PixelSpacing: [2, 3],
      ImagePositionPatient: [1, 2, 3],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      GridFrameOffsetVector: [0, 2.5],
      DoseGridScaling: 1e-8,
      ReferencedRTPlanSequence: [
        {
          ReferencedSOPInstanceUID: '9.1',
          ReferencedFractionGroupSequence: [
            {
              ReferencedFractionGroupNumber: 1,
              ReferencedBeamSequence: [{ ReferencedBeamNumber: 3 }, { ReferencedBeamNumber: 4 }],
            },
          ],
        },
      ],
    }),
    STORED,
  );
  assert.deepEqual(row.dose?.planReferences, [
    { planUid: '9.1', fractionGroupNumbers: [1], beamNumbers: [3, 4], setupNumbers: [] },
  ]);
  assert.deepEqual([row.dose?.createdDate, row.dose?.createdTime], ['2024-03-10', '10:11:12']);
  assert.deepEqual(row.dose?.grid?.frameOffsetsMm, [0, 2.5]);
});

test('acquisition values of an enhanced CT come from the functional groups', () => {
  const shared: DicomJson = {
    CTTableDynamicsSequence: [{ SpiralPitchFactor: 0.9 }],
    CTAcquisitionDetailsSequence: [{ RevolutionTime: 0.5 }],
    CTXRayDetailsSequence: [{ KVP: 120 }],
    CTExposureSequence: [{ XRayTubeCurrentInmA: 300 }],
    PixelMeasuresSequence: [{ PixelSpacing: [1, 1], SliceThickness: 3 }],
    PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
  };
  const row = indexRow(
    dataSetOf({
      SOPClassUID: `${STORAGE}2.1`,
      NumberOfFrames: 2,
      SharedFunctionalGroupsSequence: [shared],
      PerFrameFunctionalGroupsSequence: [
        { PlanePositionSequence: [{ ImagePositionPatient: [1, 2, 3] }] },
        { PlanePositionSequence: [{ ImagePositionPatient: [1, 2, 6] }] },
      ],
    }),
    STORED,
  );
  const { acquisition, ...geometry } = row.image!;
  assert.deepEqual(
    [
      acquisition.pitchFactor,
      acquisition.rotationTimeS,
      acquisition.kvp,
      acquisition.tubeCurrentMa,
      acquisition.sliceThicknessMm,
    ],
    [0.9, 0.5, 120, 300, 3],
  );
  assert.deepEqual([geometry.frames, geometry.positionMm, geometry.pixelSpacingMm], [2, [1, 2, 3], [1, 1]]);
});

test('the acquisition of MR is read from the header, of enhanced MR from the functional groups', () => {
  const classic: DicomJson = {
    SOPClassUID: `${STORAGE}4`,
    Modality: 'MR',
    MagneticFieldStrength: 1.5,
    EchoTime: 100,
    RepetitionTime: 4000,
    FlipAngle: 150,
    MRAcquisitionType: '2D',
    SequenceName: 'tse',
  };
  const enhanced: DicomJson = {
    SOPClassUID: `${STORAGE}4.1`,
    Modality: 'MR',
    MagneticFieldStrength: 3,
    NumberOfFrames: 1,
    SharedFunctionalGroupsSequence: [
      {
        MRTimingAndRelatedParametersSequence: [{ RepetitionTime: 8.5, FlipAngle: 12 }],
        MREchoSequence: [{ EffectiveEchoTime: 4.2 }],
      },
    ],
  };
  const mrOf = (json: DicomJson) => indexRow(dataSetOf(json), STORED).image?.acquisition.mr;
  assert.deepEqual(mrOf(classic), {
    fieldStrengthT: 1.5,
    echoTimeMs: 100,
    repetitionTimeMs: 4000,
    flipAngleDeg: 150,
    type: '2D',
    sequenceName: 'tse',
  });
  const { fieldStrengthT, echoTimeMs, repetitionTimeMs, flipAngleDeg } = mrOf(enhanced)!;
  assert.deepEqual([fieldStrengthT, echoTimeMs, repetitionTimeMs, flipAngleDeg], [3, 4.2, 8.5, 12]);
});

test('ages in every unit become years', () => {
  const age = (text: string) => indexRow(dataSetOf({ PatientAge: text }), STORED).patient.ageYears;
  assert.equal(age('061Y'), 61);
  assert.equal(age('018M'), 1.5);
  assert.equal(age(''), undefined);
  assert.equal(age('61'), undefined);
});
