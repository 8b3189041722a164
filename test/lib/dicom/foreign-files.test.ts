import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { frameDecoder } from '#lib/dicom/decompress.ts';
import { encapsulatedFrames } from '#lib/dicom/encapsulated.ts';
import { decodeFrames } from '#lib/dicom/pixels.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { BadInput, UnsupportedTransferSyntax } from '#lib/errors.ts';
import { FOREIGN_FILES, JPEG_12_BITS, JPEG_BASELINE, JPEG_POINT_TRANSFORM } from '#test/fixtures/foreign-dicom.ts';

for (const { what, writer, sha256, type, base64 } of FOREIGN_FILES)
  test(`${what}, written by ${writer}, has the stored values that pydicom reads`, async () => {
    const { data, droppedBits } = await framesOf(base64);
    assert.equal(data.constructor.name, type);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
    assert.equal(droppedBits, false);
  });

test('lossy JPEG is decoded to within one grey level', async () => {
  const { data } = await framesOf(JPEG_BASELINE.base64);
  assert.equal(data.length, JPEG_BASELINE.values.length);
  assert.ok(JPEG_BASELINE.values.every((value, i) => Math.abs(value - data[i]) <= 1));
});

const UNSUPPORTED = [
  { what: 'lossy JPEG of 12 bits', base64: JPEG_12_BITS, says: /12 bits/ },
  { what: 'a point transform, which other decoders shift', base64: JPEG_POINT_TRANSFORM, says: /point transform 2/ },
];
for (const { what, base64, says } of UNSUPPORTED)
  test(`${what} is refused by name instead of being decoded wrongly`, async () => {
    await assert.rejects(
      framesOf(base64),
      (error) => error instanceof UnsupportedTransferSyntax && says.test(error.message),
    );
  });

test('a code stream cut at any byte is an error, and intact images still decode afterwards', async () => {
  for (const { what, base64 } of FOREIGN_FILES.filter((file) => file.what.startsWith('JPEG'))) {
    const dataSet = readDataSet(Buffer.from(base64, 'base64'));
    const value = dataSet.bytes('PixelData') ?? new Uint8Array();
    const extendedOffsets = dataSet.numbers('ExtendedOffsetTable');
    const [frame] = encapsulatedFrames({ value, frames: dataSet.number('NumberOfFrames') ?? 1, extendedOffsets });
    const shape = { rows: dataSet.number('Rows') ?? 0, columns: dataSet.number('Columns') ?? 0, bitsAllocated: 16 };
    const decode = async (bytes: Uint8Array) => (await frameDecoder(dataSet.transferSyntaxUid))(bytes, shape).samples;
    const whole = await decode(frame);
    for (let end = 1; end < frame.length; end += 7) {
      const cut = await decode(frame.subarray(0, end)).catch((error) => error);
      assert.ok(cut instanceof BadInput || Buffer.compare(bytesOf(cut), bytesOf(whole)) === 0, `${what} cut at ${end}`);
      assert.deepEqual(await decode(frame), whole);
    }
  }
});

function bytesOf(samples: ArrayBufferView): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function framesOf(base64: string) {
  return decodeFrames(readDataSet(Buffer.from(base64, 'base64')));
}
