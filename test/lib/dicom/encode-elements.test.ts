import assert from 'node:assert/strict';
import { test } from 'node:test';
import dcmjs from 'dcmjs';
import { byteList } from '#lib/dicom/byte-list.ts';
import { addElements, type Elements } from '#lib/dicom/encode-elements.ts';
import { TransferSyntax } from '#lib/dicom/uid.ts';

const { explicitVrLittleEndian, implicitVrLittleEndian } = TransferSyntax;
const NESTED: Elements = {
  '52009230': {
    vr: 'SQ',
    Value: Array.from({ length: 300 }, (_, n) => ({
      '00209111': { vr: 'SQ', Value: [{ '00209157': { vr: 'UL', Value: [1, n + 1] } }, {}] },
      '00209113': { vr: 'SQ', Value: [{ '00200032': { vr: 'DS', Value: ['-1.5', '0', `${n}`] } }] },
    })),
  },
  '00080016': { vr: 'UI', Value: ['1.2.840'] },
  '00081199': { vr: 'SQ', Value: [] },
  '00100010': { vr: 'PN', Value: ['A^Ö'] },
};

for (const syntax of [explicitVrLittleEndian, implicitVrLittleEndian])
  test(`sequences are encoded as dcmjs does, and elements in the order of their tags: ${syntax}`, () => {
    const stream = new dcmjs.data.WriteBufferStream(65_536, true);
    dcmjs.data.DicomMessage.write(NESTED, stream, syntax, { allowInvalidVRLength: false });
    assert.deepEqual(encode(NESTED, syntax), new Uint8Array(stream.getBuffer()));
  });

test('bytes written straight into the file equal bytes encoded from memory, padded to an even length', () => {
  const pixels = Uint8Array.from({ length: 70_001 }, (_, i) => i * 7);
  const deferred = { byteLength: pixels.length, writeTo: (target: Uint8Array) => target.set(pixels) };
  const written = (value: unknown) =>
    encode({ '7FE00010': { vr: 'OB', Value: [value] }, '00280010': { vr: 'US', Value: [9] } }, explicitVrLittleEndian);
  const bytes = written(deferred);
  assert.deepEqual(bytes, written(pixels));
  assert.deepEqual([...bytes.subarray(10, 22)], [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0x72, 0x11, 1, 0]);
  assert.deepEqual(bytes.subarray(22, 22 + pixels.length), pixels);
  assert.equal(bytes.length, 22 + 70_002);
});

test('an element longer than a 32-bit length is refused before its bytes are made', () => {
  const tooMany = { byteLength: 2 ** 32, writeTo: () => assert.fail('made') };
  const elements = { '7FE00010': { vr: 'OB', Value: [tooMany] } };
  assert.throws(() => encode(elements, explicitVrLittleEndian), /too many for one DICOM element/);
});

function encode(elements: Elements, syntax: string): Uint8Array {
  const list = byteList();
  addElements(list, elements, syntax);
  return list.joined();
}
