import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { decodeFrames } from '#lib/dicom/pixels.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { UnsupportedTransferSyntax } from '#lib/errors.ts';
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

function framesOf(base64: string) {
  return decodeFrames(readDataSet(Buffer.from(base64, 'base64')));
}
