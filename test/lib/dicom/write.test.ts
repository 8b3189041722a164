import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { formatDecimal } from '#lib/dicom/decimal-string.ts';
import { decodeFrames } from '#lib/dicom/pixels.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { BadInput } from '#lib/errors.ts';

const IMAGE: DicomJson = {
  SOPClassUID: SopClass.ctImage,
  SOPInstanceUID: '1.2.3',
  PatientName: 'Müller^Jürgen',
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  ImagePositionPatient: [-100.123456789012, 1e-7 / 3, 0],
  DimensionIndexPointer: 'ImagePositionPatient',
  ReferencedStudySequence: [
    { ReferencedSOPInstanceUID: '1.2', ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.9' }, {}] },
  ],
  BeamSequence: [],
  PatientBirthDate: null,
  Rows: 2,
  Columns: 2,
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  SmallestImagePixelValue: -5,
  PixelData: Int16Array.of(-5, 1, 300, -32768),
};

describe('a written file reads back', () => {
  for (const transferSyntaxUid of [TransferSyntax.explicitVrLittleEndian, TransferSyntax.implicitVrLittleEndian])
    test(`in ${transferSyntaxUid}`, async () => {
      const dataSet = readDataSet(writeDicom(IMAGE, { transferSyntaxUid }));
      assert.equal(dataSet.transferSyntaxUid, transferSyntaxUid);
      assert.equal(dataSet.text('MediaStorageSOPInstanceUID'), '1.2.3');
      assert.equal(dataSet.text('PatientName'), 'Müller^Jürgen');
      assert.equal(dataSet.text('SpecificCharacterSet'), 'ISO_IR 192');
      assert.deepEqual(dataSet.texts('ImageType'), ['ORIGINAL', 'PRIMARY', 'AXIAL']);
      assert.deepEqual(dataSet.numbers('ImagePositionPatient'), [-100.12345678901, 3.33333333333e-8, 0]);
      assert.equal(dataSet.number('DimensionIndexPointer'), 0x00200032);
      assert.equal(dataSet.number('SmallestImagePixelValue'), -5);
      const series = dataSet.items('ReferencedStudySequence')[0].items('ReferencedSeriesSequence');
      assert.deepEqual(
        series.map((item) => item.text('SeriesInstanceUID')),
        ['1.9', ''],
      );
      assert.equal(dataSet.has('PatientBirthDate'), false);
      assert.deepEqual((await decodeFrames(dataSet)).data, Int16Array.of(-5, 1, 300, -32768));
    });

  test('an odd number of 8-bit pixels is padded', async () => {
    const pixels = {
      Rows: 1,
      Columns: 3,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: Uint8Array.of(1, 2, 3),
    };
    const dataSet = readDataSet(writeDicom({ ...IMAGE, ...pixels, SmallestImagePixelValue: 1 }));
    assert.equal(dataSet.bytes('PixelData')?.length, 4);
    assert.deepEqual((await decodeFrames(dataSet)).data, Uint8Array.of(1, 2, 3));
  });

  test('a contour longer than a 16-bit length is written', () => {
    const points = Array.from({ length: 30_000 }, (_, i) => i / 7);
    const dataSet = readDataSet(
      writeDicom({
        SOPClassUID: SopClass.rtStructureSet,
        SOPInstanceUID: '1.2',
        ROIContourSequence: [{ ContourSequence: [{ ContourData: points }] }],
      }),
    );
    const read = dataSet.items('ROIContourSequence')[0].items('ContourSequence')[0].numbers('ContourData');
    assert.equal(read.length, points.length);
    assert.ok(read.every((value, i) => Math.abs(value - points[i]) < 1e-9));
  });

  test('only the view of a larger buffer is written', () => {
    const pixels = new Int16Array([9, 1, 2, 3, 4, 9]).subarray(1, 5);
    assert.equal(readDataSet(writeDicom({ ...IMAGE, PixelData: pixels })).bytes('PixelData')?.length, 8);
  });
});

test('the same data set always gives the same bytes', () => {
  const digest = () => createHash('sha256').update(writeDicom(IMAGE)).digest('hex');
  assert.equal(digest(), digest());
});

describe('values that do not fit their element are refused', () => {
  const cases: { name: string; value: DicomJson }[] = [
    { name: 'no SOP Instance UID', value: { SOPInstanceUID: undefined } },
    { name: 'a code string of 17 characters', value: { Modality: 'X'.repeat(17) } },
    { name: 'a fraction as integer string', value: { InstanceNumber: 1.5 } },
    { name: 'no number at all', value: { SliceThickness: Number.NaN } },
    { name: 'a UID of 65 characters', value: { StudyInstanceUID: `1.${'2'.repeat(63)}` } },
  ];
  for (const { name, value } of cases)
    test(name, () => assert.throws(() => writeDicom({ ...IMAGE, ...value }), BadInput));
});

describe('decimal strings have at most 16 characters and lose as few digits as possible', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0.1, '-0.1'],
    [Math.PI, '3.14159265358979'],
    [-Math.PI, '-3.1415926535898'],
    [1e-7 / 3, '3.33333333333e-8'],
    [-1e-7 / 3, '-3.3333333333e-8'],
    [123456789012345680, '1.23456789012e17'],
    [-1.2345678901234e-300, '-1.23456789e-300'],
    [2 / 3, '0.66666666666667'],
    [1e21, '1e+21'],
  ];
  for (const [value, text] of cases)
    test(text, () => {
      assert.equal(formatDecimal(value), text);
      assert.ok(text.length <= 16);
    });
});
