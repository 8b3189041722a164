import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readHeader } from '#lib/dicom/header.ts';
import { decodeFrames } from '#lib/dicom/pixels.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { isDicomDirectory, looksLikeDicom } from '#lib/dicom/recognise.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';

const data = sharedPath('data');

/** Counted with pydicom 3.0.2: 405 files with the DICM prefix and one that it must be forced to read. Some pixel data are empty. */
const DICOM_FILES = 406;
const WITH_PIXELS = 362;

test('all public sample data can be read, and non-DICOM files are refused', {
  skip: absent('data'),
}, async () => {
  const counts = { dicom: 0, pixels: 0 };
  for await (const file of glob('**/*', { cwd: data, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = readFileSync(join(file.parentPath, file.name));
    if (!looksLikeDicom(bytes)) {
      assert.throws(() => readDataSet(bytes), /not DICOM/);
      continue;
    }
    counts.dicom++;
    const dataSet = readDataSet(bytes);
    const { dataSet: header } = await readHeader({
      bytes: bytes.length,
      read: async (start, end) => bytes.subarray(start, end),
    });
    assert.equal(header.text('SOPInstanceUID'), dataSet.text('SOPInstanceUID'));
    assert.ok(dataSet.text('SOPInstanceUID') !== '' || isDicomDirectory(dataSet));
    if (!dataSet.has('PixelData')) continue;
    counts.pixels++;
    const { data, rows, columns, frames } = await decodeFrames(dataSet);
    assert.equal(data.length, rows * columns * frames);
  }
  assert.deepEqual(counts, { dicom: DICOM_FILES, pixels: WITH_PIXELS });
});
