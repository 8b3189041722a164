import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameDecoder } from '#lib/dicom/decompress.ts';
import { unpadded, withoutPadding } from '#lib/dicom/padding.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass } from '#lib/dicom/uid.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { BadInput, UnsupportedTransferSyntax } from '#lib/errors.ts';
import { objectKind } from '#lib/organize/object-kind.ts';
import { isKnownWavelet } from '#lib/radiomics/kernels/wavelet-filters.ts';
import { slicesOf } from '#lib/rt/image-slice.ts';
import { harmonise } from '#lib/structures/names/harmonise.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';

/** Names of what every object inherits: as keys of a plain object they find something. */
const INHERITED = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'];
const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';

test('padding at the end of a value is removed, NULs in its middle stay', () => {
  const middle = `A${'\0'.repeat(5)}B`;
  assert.equal(withoutPadding(`${middle} \0 `), middle);
  assert.equal(unpadded(`  ${middle}\0`), middle);
  assert.equal(withoutPadding(' \0'), '');
});

test('4 million NULs inside a value are read in one pass', () => {
  // In quadratic time this takes hours.
  const text = `A${'\0'.repeat(4_000_000)}B`;
  assert.equal(withoutPadding(text), text);
  assert.equal(unpadded(text), text);
});

for (const name of INHERITED) {
  test(`every lookup takes "${name}" for an unknown word`, async () => {
    assert.equal(harmonise(name, {}).standardName, null);
    await assert.rejects(frameDecoder(name), UnsupportedTransferSyntax);
    assert.equal(isKnownWavelet(name), false);
    assert.equal(objectKind(`1.2.840.10008.5.1.4.1.1.${name}`, ''), 'other');
  });
}

for (const frames of [0, -1, 1e8]) {
  test(`NumberOfFrames ${frames} is refused before memory is allocated`, () => {
    const dataSet = dataSetOf({ SOPClassUID: ENHANCED_CT, NumberOfFrames: frames });
    const isRefusal = (error: Error) => error instanceof BadInput && /NumberOfFrames/.test(error.message);
    assert.throws(() => slicesOf(dataSet), isRefusal);
  });
}

test('a character set with a wrong VR is still applied', () => {
  const bytes = writeDicom({
    SOPClassUID: SopClass.ctImage,
    SOPInstanceUID: '1.2',
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: 'Hüfte',
  });
  const at = Buffer.from(bytes).indexOf(Buffer.from([8, 0, 5, 0, 0x43, 0x53]));
  bytes.set(Buffer.from('LO'), at + 4);
  assert.equal(readDataSet(bytes).text('PatientName'), 'Hüfte');
});

/** Sequences of undefined length in each other. */
function nested(depth: number): Uint8Array {
  const plain = Buffer.from(writeDicom({ SOPClassUID: SopClass.ctImage, SOPInstanceUID: '1.2', Modality: 'CT' }));
  return Buffer.concat([
    plain,
    Buffer.from('0800401153510000fffffffffeff00e0ffffffff'.repeat(depth), 'hex'),
    Buffer.from('feff0de000000000feffdde000000000'.repeat(depth), 'hex'),
  ]);
}

test('nested sequences are read to a limit of depth, and refused at once beyond it', () => {
  assert.equal(readDataSet(nested(200)).text('Modality'), 'CT');
  const began = performance.now();
  for (const depth of [300, 3000, 30_000]) assert.throws(() => readDataSet(nested(depth)), BadInput, `${depth} deep`);
  assert.ok(performance.now() - began < 10_000);
});
