import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { deidentify } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { readDataSet, readLayout } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { FOREIGN_FILES } from '#test/fixtures/foreign-dicom.ts';
import { canary, ENCODINGS, identifyingObject, TABLE_ROWS } from '#test/fixtures/identifying-object.ts';

const CT = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', SOPInstanceUID: '1.2.3', Modality: 'CT', PatientID: '1' };
const SETTINGS = {
  options: new Set(DEFAULT_OPTIONS),
  pseudonyms: pseudonyms((text) => createHmac('sha256', 'secret').update(text).digest()),
  allowedNames: [],
  allowBurnedIn: false,
};

function written(file: Uint8Array): Uint8Array {
  const outcome = deidentify(file, SETTINGS);
  assert.equal(outcome.kind, 'written');
  return outcome.bytes;
}

for (const encoding of ENCODINGS)
  test(`an object in ${encoding[0]} keeps its transfer syntax and loses every identifying value`, () => {
    const original = identifyingObject(encoding);
    const bytes = written(original);
    const [before, after] = [readLayout(original), readLayout(bytes)];
    assert.equal(after.dataSet.transferSyntaxUid, encoding[0]);
    assert.deepEqual(after.layout.encoding, encoding[1]);
    const text = Buffer.from(after.layout.bytes).toString('latin1');
    const identifying = TABLE_ROWS.filter(({ vr, options }) => vr !== 'AS' && vr !== 'TM' && !options.p && !options.m);
    assert.ok(identifying.length > 400);
    assert.deepEqual(
      identifying.filter((row) => text.includes(canary(row))).map(({ keyword }) => keyword),
      [],
    );
    assert.equal(after.dataSet.text('PatientWeight'), before.dataSet.text('PatientWeight'));
  });

for (const { what, base64 } of FOREIGN_FILES.filter(({ base64 }) => isCtImage(base64)))
  test(`pixel data stay byte for byte: ${what}`, () => {
    const original = new Uint8Array(Buffer.from(base64, 'base64'));
    const bytes = written(original);
    assert.equal(readDataSet(bytes).transferSyntaxUid, readDataSet(original).transferSyntaxUid);
    assert.equal(digestOfPixelData(bytes), digestOfPixelData(original));
  });

test('deflated data sets have an even length', () => {
  const bytes = written(identifyingObject(ENCODINGS[3]));
  assert.equal(bytes.length % 2, 0);
  const deflated = bytes.subarray(132 + 12 + new DataView(bytes.buffer).getUint32(140, true));
  assert.ok(inflateRawSync(deflated).length > deflated.length);
});

test('a segment whose number has no bytes loses its name and nothing else', () => {
  const SegmentSequence = [{ SegmentNumber: [], SegmentLabel: 'Mrs Miller' }];
  const file = writeDicom({ ...CT, SegmentSequence });
  assert.ok(Buffer.from(file).includes(Buffer.from([0x62, 0, 4, 0, 0x55, 0x53, 0, 0])), 'a US of no bytes');
  const item = readDataSet(written(file)).items('SegmentSequence')[0];
  assert.equal(item.text('SegmentLabel'), 'ROI_');
});

test('truncated and non-DICOM files are refused, not partly written', () => {
  const whole = identifyingObject();
  for (const bytes of [
    whole.subarray(0, whole.length - 3),
    new TextEncoder().encode('patient: Miller'),
    new Uint8Array(),
  ])
    assert.throws(() => deidentify(bytes, SETTINGS), { name: 'BadInput' });
});

test('text in any character set is cleaned; words in other scripts are removed', () => {
  const series = (text: string) =>
    readDataSet(written(writeDicom({ ...CT, SpecificCharacterSet: 'ISO_IR 192', SeriesDescription: text }))).text(
      'SeriesDescription',
    );
  assert.equal(series('CT Thorax 3.0 B30f'), 'CT Thorax 3.0 B30f');
  assert.equal(series('CT Thorax Müller'), 'CT Thorax');
  assert.equal(series('CT Миллер'), 'CT');
  assert.equal(series('山田^太郎'), '');
});

function isCtImage(base64: string): boolean {
  return readDataSet(new Uint8Array(Buffer.from(base64, 'base64'))).text('SOPClassUID') === CT.SOPClassUID;
}

function digestOfPixelData(file: Uint8Array): string {
  const { bytes, elements } = readLayout(file).layout;
  const { dataOffset, length } = elements.x7fe00010;
  return createHash('sha256')
    .update(bytes.subarray(dataOffset, dataOffset + length))
    .digest('hex');
}
