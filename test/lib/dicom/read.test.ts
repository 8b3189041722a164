import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { readDataSet } from '#lib/dicom/read.ts';
import { isDicomDirectory, looksLikeDicom } from '#lib/dicom/recognise.ts';
import { TransferSyntax } from '#lib/dicom/uid.ts';
import { BadInput } from '#lib/errors.ts';
import { seededRandom } from '#lib/random.ts';
import {
  BIG_ENDIAN,
  EXPLICIT,
  element,
  IMPLICIT,
  type Layout,
  named,
  part10,
  sequence,
  tag,
  u16,
  u32,
} from './encode.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';

/** A data set with text, numbers, and sequences of known and undefined length in each other. */
function body(layout: Layout, undefinedLength = false): Buffer {
  const inner = named('ReferencedSOPInstanceUID', '1.2.3.4', layout);
  const study = Buffer.concat([
    named('ReferencedSOPInstanceUID', '1.2.3', layout),
    sequence('ReferencedSeriesSequence', [inner, inner], layout, !undefinedLength),
  ]);
  return Buffer.concat([
    named('SOPClassUID', CT, layout),
    named('SOPInstanceUID', '1.2.3.5', layout),
    named('Modality', 'CT', layout),
    sequence('ReferencedStudySequence', [study], layout, undefinedLength),
    named('PatientName', 'Doe^Jane', layout),
    element('00091001', 'UN', Buffer.from('private!'), layout),
    named('ImagePositionPatient', '-1.5\\2e1\\ 3 ', layout),
    named('Rows', u16(512, layout), layout),
  ]);
}

describe('a data set gives the same values in every encoding', () => {
  const explicit = body(EXPLICIT);
  const cases: { name: string; bytes: Buffer; syntax: string }[] = [
    {
      name: 'explicit VR',
      bytes: part10(TransferSyntax.explicitVrLittleEndian, explicit),
      syntax: TransferSyntax.explicitVrLittleEndian,
    },
    {
      name: 'sequences of undefined length',
      bytes: part10(TransferSyntax.explicitVrLittleEndian, body(EXPLICIT, true)),
      syntax: TransferSyntax.explicitVrLittleEndian,
    },
    {
      name: 'implicit VR',
      bytes: part10(TransferSyntax.implicitVrLittleEndian, body(IMPLICIT)),
      syntax: TransferSyntax.implicitVrLittleEndian,
    },
    {
      name: 'implicit VR, undefined length',
      bytes: part10(TransferSyntax.implicitVrLittleEndian, body(IMPLICIT, true)),
      syntax: TransferSyntax.implicitVrLittleEndian,
    },
    {
      name: 'big endian',
      bytes: part10(TransferSyntax.explicitVrBigEndian, body(BIG_ENDIAN)),
      syntax: TransferSyntax.explicitVrBigEndian,
    },
    {
      name: 'deflated',
      bytes: part10(TransferSyntax.deflatedExplicitVrLittleEndian, deflateRawSync(explicit)),
      syntax: TransferSyntax.deflatedExplicitVrLittleEndian,
    },
    {
      name: 'no preamble, but the prefix',
      bytes: part10(TransferSyntax.explicitVrLittleEndian, explicit).subarray(128),
      syntax: TransferSyntax.explicitVrLittleEndian,
    },
    {
      name: 'meta header without preamble and prefix',
      bytes: part10(TransferSyntax.implicitVrLittleEndian, body(IMPLICIT)).subarray(132),
      syntax: TransferSyntax.implicitVrLittleEndian,
    },
    { name: 'bare explicit VR', bytes: explicit, syntax: TransferSyntax.explicitVrLittleEndian },
    { name: 'bare implicit VR', bytes: body(IMPLICIT), syntax: TransferSyntax.implicitVrLittleEndian },
    { name: 'bare big endian', bytes: body(BIG_ENDIAN), syntax: TransferSyntax.explicitVrBigEndian },
    {
      name: 'prefix without meta header',
      bytes: Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), explicit]),
      syntax: TransferSyntax.explicitVrLittleEndian,
    },
    {
      name: 'a meta header that names the wrong VR mode',
      bytes: part10(TransferSyntax.explicitVrLittleEndian, body(IMPLICIT)),
      syntax: TransferSyntax.implicitVrLittleEndian,
    },
    {
      name: 'zeros behind the last element',
      bytes: Buffer.concat([explicit, Buffer.alloc(99)]),
      syntax: TransferSyntax.explicitVrLittleEndian,
    },
  ];
  for (const { name, bytes, syntax } of cases)
    test(name, () => {
      assert.ok(looksLikeDicom(bytes));
      const dataSet = readDataSet(bytes);
      assert.equal(dataSet.transferSyntaxUid, syntax);
      assert.equal(dataSet.text('SOPInstanceUID'), '1.2.3.5');
      assert.equal(dataSet.text('PatientName'), 'Doe^Jane');
      assert.deepEqual(dataSet.numbers('ImagePositionPatient'), [-1.5, 20, 3]);
      assert.equal(dataSet.number('Rows'), 512);
      const [study] = dataSet.items('ReferencedStudySequence');
      assert.equal(study.text('ReferencedSOPInstanceUID'), '1.2.3');
      const series = study.items('ReferencedSeriesSequence');
      assert.deepEqual(
        series.map((item) => item.text('ReferencedSOPInstanceUID')),
        ['1.2.3.4', '1.2.3.4'],
      );
    });
});

describe('values', () => {
  const read = (...elements: Buffer[]) =>
    readDataSet(Buffer.concat([named('SOPClassUID', CT), named('SOPInstanceUID', '1.2'), ...elements]));

  test('absent and empty elements read alike', () => {
    const dataSet = read(named('PatientName', ''), sequence('BeamSequence', []));
    for (const keyword of ['PatientName', 'PatientID', 'BeamSequence'] as const) {
      assert.equal(dataSet.has(keyword), false);
      assert.equal(dataSet.text(keyword), '');
      assert.deepEqual(dataSet.texts(keyword), []);
      assert.equal(dataSet.number(keyword), undefined);
      assert.deepEqual(dataSet.items(keyword), []);
      assert.equal(dataSet.bytes(keyword), undefined);
    }
  });

  test('decimal strings may contain padding, a comma or nonsense', () => {
    assert.deepEqual(read(named('PixelSpacing', ' 1,5\\abc\\\\+2.5E-1 ')).numbers('PixelSpacing'), [
      1.5,
      Number.NaN,
      Number.NaN,
      0.25,
    ]);
    assert.equal(read(named('SliceThickness', 'n/a ')).number('SliceThickness'), undefined);
  });

  test('a backslash separates values but not in long text', () => {
    assert.deepEqual(read(named('ImageType', 'ORIGINAL\\PRIMARY\\AXIAL ')).texts('ImageType'), [
      'ORIGINAL',
      'PRIMARY',
      'AXIAL',
    ]);
    assert.equal(read(named('PatientComments', 'a\\b ')).text('PatientComments'), 'a\\b');
  });

  test('binary numbers of every width are read in both byte orders', () => {
    for (const layout of [EXPLICIT, BIG_ENDIAN]) {
      const double = Buffer.alloc(8);
      if (layout.bigEndian) double.writeDoubleBE(-0.1);
      else double.writeDoubleLE(-0.1);
      const offsets = Buffer.concat(
        layout.bigEndian ? [u32(1, layout), u32(2, layout)] : [u32(2, layout), u32(1, layout)],
      );
      const dataSet = readDataSet(
        Buffer.concat([
          named('SOPClassUID', CT, layout),
          named('SOPInstanceUID', '1.2', layout),
          element('00189087', 'FD', double, layout),
          element('00280106', 'SS', u16(0xfffe, layout), layout),
          named('DimensionIndexPointer', tag('00200032', layout), layout),
          named('ExtendedOffsetTable', offsets, layout),
        ]),
      );
      assert.equal(dataSet.number('DiffusionBValue'), -0.1);
      assert.equal(dataSet.number('SmallestImagePixelValue'), -2);
      assert.equal(dataSet.number('DimensionIndexPointer'), 0x00200032);
      assert.equal(dataSet.number('ExtendedOffsetTable'), 2 ** 32 + 2);
    }
  });

  test('in implicit VR PixelRepresentation decides the sign of a pixel value', () => {
    const padding = named('PixelPaddingValue', u16(0xf830, IMPLICIT), IMPLICIT);
    for (const [representation, value] of [
      [0, 63536],
      [1, -2000],
    ]) {
      const head = [named('SOPClassUID', CT, IMPLICIT), named('SOPInstanceUID', '1.2', IMPLICIT)];
      const dataSet = readDataSet(
        Buffer.concat([...head, named('PixelRepresentation', u16(representation), IMPLICIT), padding]),
      );
      assert.equal(dataSet.number('PixelPaddingValue'), value);
    }
  });

  test('an element of unknown VR is read by the dictionary, also a sequence', () => {
    const inside = named('ReferencedSOPInstanceUID', '1.9', IMPLICIT);
    const items = Buffer.concat([tag('fffee000'), u32(inside.length), inside]);
    const dataSet = read(element('00081140', 'UN', items), element('00280010', 'UN', u16(7)));
    assert.equal(dataSet.items('ReferencedImageSequence')[0].text('ReferencedSOPInstanceUID'), '1.9');
    assert.equal(dataSet.number('Rows'), 7);
  });

  test('a sequence of unknown VR in a big-endian file is little endian', () => {
    const inside = named('ReferencedFrameNumber', '3 ', IMPLICIT);
    const rows = element('00280010', 'US', u16(7, IMPLICIT), IMPLICIT);
    const items = Buffer.concat([tag('fffee000'), u32(inside.length + rows.length), inside, rows]);
    const head = [named('SOPClassUID', CT, BIG_ENDIAN), named('SOPInstanceUID', '1.2', BIG_ENDIAN)];
    const dataSet = readDataSet(Buffer.concat([...head, element('00081140', 'UN', items, BIG_ENDIAN)]));
    assert.equal(dataSet.items('ReferencedImageSequence')[0].number('Rows'), 7);
  });

  test('a plain value in place of a sequence fails only when the sequence is read', () => {
    for (const layout of [EXPLICIT, IMPLICIT]) {
      const head = [named('SOPClassUID', CT, layout), named('SOPInstanceUID', '1.2', layout)];
      const value = element('0040a170', 'CS', Buffer.from('DICOM '), layout);
      const dataSet = readDataSet(Buffer.concat([...head, value, named('ROINumber', '1 ', layout)]));
      assert.equal(dataSet.number('ROINumber'), 1);
      assert.throws(() => dataSet.items('PurposeOfReferenceCodeSequence'), BadInput);
    }
  });

  test('the last value of an implicit VR file may be shorter than an item', () => {
    const head = [named('SOPClassUID', CT, IMPLICIT), named('SOPInstanceUID', '1.2', IMPLICIT)];
    for (const last of [
      element('00091001', 'UN', Buffer.alloc(2), IMPLICIT),
      element('300a00b0', 'SQ', Buffer.alloc(0), IMPLICIT),
    ])
      assert.equal(readDataSet(Buffer.concat([...head, last])).text('SOPClassUID'), CT);
  });

  test('the letters DICM inside a value are not taken for the file prefix', () => {
    const head = Buffer.concat([named('SOPClassUID', CT), named('SOPInstanceUID', '1.2')]);
    const station = 128 - head.length - 8;
    const value = `${'x'.repeat(station)}DICMA1`;
    assert.equal(readDataSet(Buffer.concat([head, named('StationName', value)])).text('StationName'), value);
  });

  test('zeros at the end of a file or after the pixel data are ignored', () => {
    const pixels = named('PixelData', Buffer.alloc(4));
    for (const rest of [[Buffer.alloc(100)], [pixels, Buffer.alloc(8), Buffer.from('rest')]])
      assert.equal(read(...rest).text('SOPClassUID'), CT);
  });

  test('an item inherits the character set or brings its own', () => {
    const greek = Buffer.from('c4e9', 'hex');
    const plain = element('0008103e', 'LO', greek);
    const own = Buffer.concat([named('SpecificCharacterSet', 'ISO_IR 144'), plain]);
    const dataSet = readDataSet(
      Buffer.concat([
        named('SpecificCharacterSet', 'ISO_IR 126'),
        named('SOPClassUID', CT),
        plain,
        sequence('ReferencedSeriesSequence', [plain, own]),
      ]),
    );
    const texts = [dataSet, ...dataSet.items('ReferencedSeriesSequence')].map((item) => item.text('SeriesDescription'));
    assert.deepEqual(texts, ['Δι', 'Δι', 'Фщ']);
  });

  test('64-bit elements and private sequences are skipped correctly', () => {
    const dataSet = read(
      element('00080022', 'DA', Buffer.from('20200101')),
      Buffer.concat([element('00091001', 'SQ', Buffer.alloc(0), EXPLICIT, 0xffffffff), tag('fffee0dd'), u32(0)]),
      element('00091002', 'UV', Buffer.alloc(8)),
      element('00091003', 'SV', Buffer.alloc(16)),
      named('PatientID', 'after'),
    );
    assert.equal(dataSet.text('PatientID'), 'after');
  });

  test('a DICOMDIR is distinguished from an object', () => {
    const meta = Buffer.concat([
      named('MediaStorageSOPClassUID', '1.2.840.10008.1.3.10'),
      named('TransferSyntaxUID', TransferSyntax.explicitVrLittleEndian),
    ]);
    const directory = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, named('FileSetID', 'DISC')]);
    assert.equal(isDicomDirectory(readDataSet(directory)), true);
    assert.equal(isDicomDirectory(readDataSet(body(EXPLICIT))), false);
  });
});

describe('files that are not DICOM', () => {
  const cases: { name: string; bytes: Uint8Array }[] = [
    { name: 'nothing', bytes: new Uint8Array(0) },
    { name: 'a text', bytes: Buffer.from('Patient;Dose\n'.repeat(100)) },
    { name: 'JSON', bytes: Buffer.from(JSON.stringify({ SOPInstanceUID: '1.2.3' })) },
    { name: 'zeros', bytes: Buffer.alloc(1000) },
    { name: 'a PNG', bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') },
    { name: 'a gzip file', bytes: Buffer.from('1f8b0800000000000003', 'hex') },
    { name: 'a text that begins like a backspace', bytes: Buffer.from('\b\0\b\0CS hello there, this is no data set') },
  ];
  for (const { name, bytes } of cases)
    test(`${name} is recognised and refused`, () => {
      assert.equal(looksLikeDicom(bytes), false);
      assert.throws(
        () => readDataSet(bytes),
        (error) => error instanceof BadInput && /not DICOM/.test(error.message),
      );
    });

  test('a prefix without content is refused', () => {
    assert.throws(() => readDataSet(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')])), BadInput);
  });

  test('a data set without SOP class is accepted only after the DICM prefix', () => {
    const elements = Buffer.concat([named('Modality', 'CT'), named('PatientID', '1')]);
    assert.throws(() => readDataSet(elements), /no SOP class/);
    assert.equal(readDataSet(part10(TransferSyntax.explicitVrLittleEndian, elements)).text('PatientID'), '1');
  });
});

describe('broken files', () => {
  const start = Buffer.concat([named('SOPClassUID', CT), named('SOPInstanceUID', '1.2')]);
  const item = named('ReferencedSOPInstanceUID', '1.9');
  const cases: { name: string; rest: Buffer; says: RegExp }[] = [
    {
      name: 'a value that is cut off',
      rest: element('00100010', 'PN', Buffer.from('Doe'), EXPLICIT, 400),
      says: /end inside the element that starts at byte 46/,
    },
    { name: 'a header that is cut off', rest: tag('00100010'), says: /end inside/ },
    {
      name: 'a sequence without its end',
      rest: sequence('BeamSequence', [item], EXPLICIT, true).subarray(0, -8),
      says: /end inside/,
    },
    {
      name: 'an item that is longer than the file',
      rest: element('300a00b0', 'SQ', Buffer.concat([tag('fffee000'), u32(999), item])),
      says: /broken|end inside/,
    },
    { name: 'an item outside of a sequence', rest: Buffer.concat([tag('fffee000'), Buffer.alloc(20)]), says: /broken/ },
    {
      name: 'a sequence that holds no item',
      rest: element('300a00b0', 'SQ', Buffer.from('no items here, but text')),
      says: /broken/,
    },
    {
      name: 'zeros between the elements',
      rest: Buffer.concat([Buffer.alloc(16), named('PatientID', '1')]),
      says: /zeros stand at byte/,
    },
    {
      name: 'a string of undefined length',
      rest: element('00100010', 'LO', Buffer.from('x'.repeat(40)), IMPLICIT, 0xffffffff),
      says: /broken|end inside/,
    },
    {
      name: 'encapsulated private data',
      rest: Buffer.concat([
        element('00091001', 'OB', Buffer.alloc(0), EXPLICIT, 0xffffffff),
        tag('fffee000'),
        u32(0),
        tag('fffee0dd'),
        u32(0),
        named('PatientID', '1'),
      ]),
      says: /broken/,
    },
  ];
  for (const { name, rest, says } of cases)
    test(`${name} is an error, not a shorter data set`, () => {
      assert.throws(
        () => readDataSet(Buffer.concat([start, rest])),
        (error) => error instanceof BadInput && says.test(error.message),
      );
    });

  test('a sequence whose items exceed its length is refused', () => {
    const long = sequence('BeamSequence', [item]);
    long.writeUInt32LE(long.length - 12 - 4, 8);
    assert.throws(() => readDataSet(Buffer.concat([start, long, named('SoftwareVersions', '1')])), BadInput);
  });

  test('a hundred thousand nested sequences end in an error', () => {
    const open = Buffer.concat([
      element('300a00b0', 'SQ', Buffer.alloc(0), EXPLICIT, 0xffffffff),
      tag('fffee000'),
      u32(0xffffffff),
    ]);
    assert.throws(() => readDataSet(Buffer.concat([start, ...Array(100_000).fill(open)])), BadInput);
  });

  test('a file cut at any byte gives an error or the elements before the cut', () => {
    for (const layout of [EXPLICIT, IMPLICIT, BIG_ENDIAN]) {
      const whole = body(layout, true);
      for (let end = 0; end < whole.length; end++) outcome(whole.subarray(0, end));
    }
  });

  test('random bytes give a data set or an error, never a crash', () => {
    const random = seededRandom(1);
    for (const whole of [
      body(EXPLICIT, true),
      body(IMPLICIT, true),
      part10(TransferSyntax.explicitVrLittleEndian, body(EXPLICIT)),
    ]) {
      for (let round = 0; round < 2000; round++) {
        const bytes = Buffer.from(whole);
        for (let n = 0; n < 4; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        outcome(bytes);
      }
    }
  });
});

/** Reads, and touches what was read; only BadInput may be thrown. */
function outcome(bytes: Uint8Array): void {
  try {
    const dataSet = readDataSet(bytes);
    dataSet.numbers('ImagePositionPatient');
    for (const study of dataSet.items('ReferencedStudySequence')) study.items('ReferencedSeriesSequence');
    dataSet.text('PatientName');
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
  }
}
