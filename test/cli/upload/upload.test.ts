import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryStore } from '#lib/store/memory.ts';
import { parcelsOf } from '../../../cli/upload/parcel.ts';
import { openUploadRecord } from '../../../cli/upload/record.ts';

test('object keys reveal nothing of the paths and keep their order', async () => {
  const folder = memoryStore();
  for (const path of ['MILLER^ANN/1.dcm', 'ABEL^BO/2.dcm', 'ABEL^BO/1.dcm']) await folder.put(path, new Uint8Array(2));
  const parcels = await parcelsOf(folder, false, assert.fail);
  assert.deepEqual(
    parcels.map(({ path, key }) => [path, key]),
    [
      ['ABEL^BO/1.dcm', 'files/000001'],
      ['ABEL^BO/2.dcm', 'files/000002'],
      ['MILLER^ANN/1.dcm', 'files/000003'],
    ],
  );
  assert.deepEqual(
    (await parcelsOf(folder, true, assert.fail)).map(({ path, key }) => path === key),
    [true, true, true],
  );
});

test('after a kill the record lists the sent files, and omits those that changed since', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-record-'));
  try {
    const file = join(folder, 'record.jsonl');
    const parcel = { path: 'a', key: 'files/000001', bytes: 3, version: 'v1' };
    openUploadRecord(file).add(parcel, 'abc');
    appendFileSync(file, '{"path":"b","key":');
    const again = openUploadRecord(file);
    assert.equal(again.has(parcel), true);
    assert.equal(again.has({ ...parcel, version: 'v2' }), false);
    assert.match(readFileSync(file, 'utf8'), /"sha256":"abc"/);
    again.add({ ...parcel, path: 'c' }, 'def');
    assert.equal(openUploadRecord(file).has({ ...parcel, path: 'c' }), true, 'not lost in the line that was cut off');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
