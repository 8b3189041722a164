import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeFrames } from '#lib/dicom/pixels.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { BadInput, UnsupportedTransferSyntax } from '#lib/errors.ts';
import { BIG_ENDIAN, element, named, part10, u16 } from './encode.ts';

const IMAGE: DicomJson = {
  SOPClassUID: SopClass.ctImage,
  SOPInstanceUID: '1.2.3',
  Rows: 2,
  Columns: 2,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 0,
};

function decode(image: DicomJson, transferSyntaxUid?: string) {
  return decodeFrames(readDataSet(writeDicom({ ...IMAGE, ...image }, { transferSyntaxUid })));
}

describe('native pixels', () => {
  const cases: { name: string; image: DicomJson; data: ArrayLike<number>; dropped?: boolean }[] = [
    {
      name: '8 bits',
      image: { BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelData: Uint8Array.of(0, 1, 128, 255) },
      data: Uint8Array.of(0, 1, 128, 255),
    },
    {
      name: '8 bits signed',
      image: {
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 1,
        PixelData: Uint8Array.of(0, 1, 128, 255),
      },
      data: Int8Array.of(0, 1, -128, -1),
    },
    {
      name: '16 bits',
      image: { PixelData: Uint16Array.of(0, 1, 32768, 65535) },
      data: Uint16Array.of(0, 1, 32768, 65535),
    },
    {
      name: '32 bits',
      image: { BitsAllocated: 32, BitsStored: 32, HighBit: 31, PixelData: Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1) },
      data: Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1),
    },
    {
      name: '32 bits signed',
      image: {
        BitsAllocated: 32,
        BitsStored: 32,
        HighBit: 31,
        PixelRepresentation: 1,
        PixelData: Int32Array.of(0, 1, -(2 ** 31), -1),
      },
      data: Int32Array.of(0, 1, -(2 ** 31), -1),
    },
    {
      name: '12 of 16 bits',
      image: { BitsStored: 12, HighBit: 11, PixelData: Uint16Array.of(0, 1, 2048, 4095) },
      data: Uint16Array.of(0, 1, 2048, 4095),
    },
    {
      name: '12 of 16 bits signed, sign extended or not',
      image: {
        BitsStored: 12,
        HighBit: 11,
        PixelRepresentation: 1,
        PixelData: Uint16Array.of(0xf800, 0xffff, 5, 2047),
      },
      data: Int16Array.of(-2048, -1, 5, 2047),
    },
    {
      name: '12 bits with an overlay above',
      image: { BitsStored: 12, HighBit: 11, PixelData: Uint16Array.of(0x1001, 0x8002, 3, 4) },
      data: Uint16Array.of(1, 2, 3, 4),
      dropped: true,
    },
    {
      name: '12 bits at the top of 16',
      image: { BitsStored: 12, HighBit: 15, PixelData: Uint16Array.of(0x0010, 0xfff0, 0x8000, 0) },
      data: Uint16Array.of(1, 4095, 2048, 0),
      dropped: true,
    },
    {
      name: 'single bits',
      image: {
        Rows: 3,
        Columns: 3,
        BitsAllocated: 1,
        BitsStored: 1,
        HighBit: 0,
        PixelData: Uint8Array.of(0b10000101, 0b1),
      },
      data: Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 1, 1),
    },
    {
      name: 'float',
      image: { BitsAllocated: 32, FloatPixelData: Float32Array.of(0.5, -1, 1e30, 0) },
      data: Float32Array.of(0.5, -1, 1e30, 0),
    },
    {
      name: 'double float',
      image: { BitsAllocated: 64, DoubleFloatPixelData: Float64Array.of(0.1, -1, 1e300, 0) },
      data: Float64Array.of(0.1, -1, 1e300, 0),
    },
    {
      name: 'two frames',
      image: { Rows: 1, NumberOfFrames: 2, PixelData: Uint16Array.of(1, 2, 3, 4) },
      data: Uint16Array.of(1, 2, 3, 4),
    },
  ];
  for (const { name, image, data, dropped = false } of cases)
    test(name, async () => {
      const frames = await decode(image);
      assert.deepEqual(frames.data, data);
      assert.equal(frames.droppedBits, dropped);
      assert.equal(frames.frames, image.NumberOfFrames ?? 1);
    });

  test('8-bit pixels in big-endian words are swapped back (PS3.5 annex A.3)', async () => {
    const head = [named('SOPClassUID', SopClass.ctImage, BIG_ENDIAN), named('SOPInstanceUID', '1.2', BIG_ENDIAN)];
    const shape = (['Rows', 'Columns', 'BitsAllocated', 'BitsStored', 'HighBit', 'PixelRepresentation'] as const).map(
      (keyword, i) => named(keyword, u16([2, 2, 8, 8, 7, 0][i], BIG_ENDIAN), BIG_ENDIAN),
    );
    for (const [vr, data] of [
      ['OW', Uint8Array.of(2, 1, 4, 3)],
      ['OB', Uint8Array.of(1, 2, 3, 4)],
    ] as const) {
      const pixels = element('7fe00010', vr, Uint8Array.of(1, 2, 3, 4), BIG_ENDIAN);
      const file = part10(TransferSyntax.explicitVrBigEndian, Buffer.concat([...head, ...shape, pixels]));
      assert.deepEqual((await decodeFrames(readDataSet(file))).data, data);
    }
  });

  test('MONOCHROME1 is flagged and keeps its values', async () => {
    const frames = await decode({ PhotometricInterpretation: 'MONOCHROME1', PixelData: Uint16Array.of(1, 2, 3, 4) });
    assert.equal(frames.whiteIsLow, true);
    assert.deepEqual(frames.data, Uint16Array.of(1, 2, 3, 4));
  });
});

describe('the pixel reader refuses', () => {
  const pixels = Uint16Array.of(1, 2, 3, 4);
  const cases: { name: string; image: DicomJson; says: RegExp }[] = [
    { name: 'no pixel data', image: {}, says: /no pixel data/ },
    { name: 'no rows', image: { Rows: undefined, PixelData: pixels }, says: /Rows is missing/ },
    { name: 'too few pixels', image: { Rows: 3, PixelData: pixels }, says: /8 bytes instead of 12/ },
    { name: 'too few frames', image: { NumberOfFrames: 2, PixelData: pixels }, says: /8 bytes instead of 16/ },
    { name: 'no frame', image: { NumberOfFrames: 0, PixelData: pixels }, says: /NumberOfFrames is 0/ },
    { name: 'colour', image: { SamplesPerPixel: 3, PixelData: pixels }, says: /colour/ },
    {
      name: 'more bits stored than allocated',
      image: { BitsStored: 17, HighBit: 16, PixelData: pixels },
      says: /impossible pixel layout/,
    },
    {
      name: 'a high bit below the bits stored',
      image: { HighBit: 3, PixelData: pixels },
      says: /impossible pixel layout/,
    },
    {
      name: 'packed 12 bits',
      image: { BitsAllocated: 12, BitsStored: 12, HighBit: 11, PixelData: pixels },
      says: /12 bits allocated/,
    },
  ];
  for (const { name, image, says } of cases)
    test(name, () => assert.rejects(decode(image), (error) => error instanceof BadInput && says.test(error.message)));

  test('an unknown transfer syntax, by name', () =>
    assert.rejects(
      decode({ PixelData: [new Uint8Array(10)] }, '1.2.840.10008.1.2.4.100'),
      (error) => error instanceof UnsupportedTransferSyntax && error.message.includes('1.2.840.10008.1.2.4.100'),
    ));

  const compressed = [
    'rleLossless',
    'jpegBaseline8Bit',
    'jpegLosslessSv1',
    'jpegLsLossless',
    'jpeg2000Lossless',
  ] as const;
  for (const syntax of compressed)
    for (const [what, frame] of [
      ['noise', Uint8Array.from({ length: 200 }, (_, i) => (i * 2654435761) >>> 24)],
      ['zeros', new Uint8Array(200)],
    ] as const)
      test(`${what} as ${syntax}`, () =>
        assert.rejects(decode({ PixelData: [frame] }, TransferSyntax[syntax]), BadInput));
});
