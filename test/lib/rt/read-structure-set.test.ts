import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import type { DicomJson } from '#lib/dicom/write.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';

const SQUARE = [0, 0, 5, 10, 0, 5, 10, 10, 5, 0, 10, 5];

test('a well-formed ROI is read completely', () => {
  const set = read([
    contourItem({ ContourSlabThickness: 3, ContourImageSequence: [{ ReferencedSOPInstanceUID: '1.2.9' }] }),
  ]);
  assert.deepEqual(set.findings, []);
  assert.deepEqual(set.rois, [
    {
      number: 7,
      name: 'Bladder',
      interpretedType: 'ORGAN',
      generationAlgorithm: 'MANUAL',
      frameOfReferenceUid: '1.2.4',
      colorRgb: [255, 128, 0],
      contours: [
        { type: 'CLOSED_PLANAR', pointsMm: Float64Array.from(SQUARE), imageUids: ['1.2.9'], slabThicknessMm: 3 },
      ],
    },
  ]);
  assert.deepEqual(set.frameOfReferenceUids, ['1.2.5', '1.2.4']);
  assert.deepEqual(set.referencedSeriesUids, ['1.2.6']);
  assert.equal(set.date, '20260101');
});

test('ROIContourSequence items with one contour each are merged into their ROI', () => {
  const items = [5, 8, 11].map((z) => contourItem({ ContourData: SQUARE.map((x, n) => (n % 3 === 2 ? z : x)) }));
  const split = read(items, {
    ROIContourSequence: items.map((item) => ({ ReferencedROINumber: 7, ContourSequence: [item] })),
  });
  assert.deepEqual(
    split.rois.map(({ name, contours }) => [name, contours.length]),
    [['Bladder', 3]],
  );
  assert.deepEqual(
    split.findings.map(({ code }) => code),
    ['ROI_CONTOURS_SPLIT'],
  );
});

test('a backslash after the last coordinate is ignored', () => {
  const { rois, findings } = read([contourItem({ ContourData: [...SQUARE.map(String), ''] })]);
  assert.deepEqual([...rois[0].contours[0].pointsMm], SQUARE);
  assert.deepEqual(findings, []);
});

const ODD_CONTOURS: [string, DicomJson, string[], number][] = [
  ['another number of points than stated', { NumberOfContourPoints: 5 }, ['CONTOUR_POINT_COUNT'], 4],
  ['a coordinate left over', { ContourData: [...SQUARE, 1] }, ['CONTOUR_POINT_COUNT'], 4],
  ['no type', { ContourGeometricType: '' }, ['CONTOUR_TYPE_UNKNOWN'], 4],
];

/** What such contours enclose is judged where they are used. */
const KEPT_CONTOURS: [string, DicomJson, number][] = [
  ['one point', { ContourData: [1, 2, 3], NumberOfContourPoints: 1 }, 1],
  ['two points', { ContourData: [1, 2, 3, 4, 5, 3], NumberOfContourPoints: 2 }, 2],
  ['an open line', { ContourGeometricType: 'OPEN_PLANAR' }, 4],
  ['points off the plane', { ContourData: [...SQUARE.slice(0, 11), 9] }, 4],
  ['points on a line', { ContourData: [0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0] }, 4],
  ['a huge offset', { ContourData: SQUARE.map((x, n) => (n % 3 === 0 ? x + 1e6 : x)) }, 4],
];

for (const [name, change, points] of KEPT_CONTOURS) {
  test(`a contour without area is read as written: ${name}`, () => {
    const { rois, findings } = read([contourItem(change)]);
    assert.deepEqual(findings, []);
    assert.equal(rois[0].contours[0].pointsMm.length, 3 * points);
  });
}

for (const [name, change, expected, points] of ODD_CONTOURS) {
  test(`an unusual contour is kept and reported: ${name}`, () => {
    const { rois, findings } = read([contourItem(change)]);
    assert.deepEqual(
      findings.map(({ code, where }) => [code, where]),
      expected.map((code) => [code, 'ROI 7']),
    );
    assert.equal(rois[0].contours[0].pointsMm.length, 3 * points);
  });
}

test('coordinates that are not numbers never reach a result', () => {
  const broken = { ContourData: ['0', '0', '5', '10', 'nan', '5', '10', '10', '5'], NumberOfContourPoints: 3 };
  const { rois, findings } = read([contourItem(broken), contourItem({})]);
  assert.equal(rois[0].contours.length, 1);
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [['CONTOUR_NOT_NUMERIC', 'error']],
  );
  assert.match(findings[0].message, /^1 of 2 contours/);
});

test('ROIs without contours or observation, with repeated names or numbers, or unlisted are all kept', () => {
  const item = (ROINumber: number, ROIName: string): DicomJson => ({ ROINumber, ROIName });
  const contours = (ReferencedROINumber: number): DicomJson => ({
    ReferencedROINumber,
    ContourSequence: [contourItem({})],
  });
  const set = readStructureSet(
    dataSetOf({
      StructureSetROISequence: [item(1, 'A'), item(2, 'B'), item(2, 'C'), item(3, 'a '), { ROIName: 'D' }, item(4, '')],
      ROIContourSequence: [contours(1), contours(2), contours(2), contours(9), contours(4)],
      RTROIObservationsSequence: [1, 2, 2, 3].map((number) => ({ ReferencedROINumber: number })),
    }),
  );
  assert.deepEqual(
    set.rois.map(({ number, name, contours: { length } }) => [number, name, length]),
    [
      [1, 'A', 1],
      [2, 'B', 1],
      [2, 'C', 1],
      [3, 'a', 0],
      [-1, 'D', 0],
      [4, '', 1],
      [9, '', 1],
    ],
  );
  assert.deepEqual(set.findings.map(({ code, where }) => `${code} ${where}`).sort(), [
    'CONTOURS_WITHOUT_ROI ROI 9',
    'DUPLICATE_ROI_NAME ROI 1, 3',
    'DUPLICATE_ROI_NUMBER ROI 2',
    'ROI_EMPTY ROI -1',
    'ROI_EMPTY ROI 3',
    'ROI_WITHOUT_NAME ROI 4',
    'ROI_WITHOUT_NUMBER ROI -1',
    'ROI_WITHOUT_OBSERVATION ROI -1',
    'ROI_WITHOUT_OBSERVATION ROI 4',
  ]);
});

/** ROIs and contours as pydicom 3.0.2 counts them. */
const PUBLIC: [string, number, number, string[]][] = [
  [
    'raystation-brain-srs/RS1.2.752.243.1.1.20180405120828292.2900.76357.dcm',
    28,
    1162,
    Array(3).fill('TARGET_TYPE_CONFLICT'),
  ],
  ['dicompyler-example/rtss.dcm', 10, 441, ['ROI_EMPTY']],
  ['pydicom-rt/rtstruct.dcm', 3, 5, []],
];

for (const [file, rois, contours, codes] of PUBLIC) {
  test(`a public structure set is read completely: ${file.split('/')[0]}`, (context) => {
    const path = sharedPath(`data/${file}`);
    if (!path) return context.skip(String(absent(`data/${file}`)));
    const set = readStructureSet(readDataSet(readFileSync(path)));
    assert.equal(set.rois.length, rois);
    assert.equal(
      set.rois.reduce((sum, roi) => sum + roi.contours.length, 0),
      contours,
    );
    assert.deepEqual(
      set.findings.map(({ code }) => code),
      codes,
    );
  });
}

function contourItem(change: DicomJson): DicomJson {
  return { ContourGeometricType: 'CLOSED_PLANAR', NumberOfContourPoints: 4, ContourData: SQUARE, ...change };
}

function read(contours: DicomJson[], more: DicomJson = {}) {
  return readStructureSet(
    dataSetOf({
      FrameOfReferenceUID: '1.2.4',
      StructureSetDate: '20260101',
      ReferencedFrameOfReferenceSequence: [
        {
          FrameOfReferenceUID: '1.2.5',
          RTReferencedStudySequence: [{ RTReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2.6' }] }],
        },
      ],
      StructureSetROISequence: [
        {
          ROINumber: 7,
          ROIName: 'Bladder',
          ROIGenerationAlgorithm: 'MANUAL',
          ReferencedFrameOfReferenceUID: '1.2.4',
        },
      ],
      ROIContourSequence: [{ ReferencedROINumber: 7, ROIDisplayColor: [255, 128, 0], ContourSequence: contours }],
      RTROIObservationsSequence: [{ ReferencedROINumber: 7, RTROIInterpretedType: 'ORGAN' }],
      ...more,
    }),
  );
}
