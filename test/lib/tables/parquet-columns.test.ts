import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromParquet, toParquet } from '#lib/tables/parquet.ts';
import { openParquet } from '#lib/tables/parquet-columns.ts';
import { column } from '#lib/tables/table.ts';
import { EXAMPLE_TABLE } from '#test/fixtures/example-table.ts';

/** A file in memory that counts the bytes that are read of it. */
function counted(bytes: Uint8Array) {
  const read = { bytes: 0 };
  const slice = (start: number, end = bytes.length) => {
    read.bytes += end - start;
    return bytes.slice(start, end).buffer;
  };
  return { read, file: { byteLength: bytes.length, slice } };
}

test('reading some columns gives the values and row order of the whole table', async () => {
  const bytes = toParquet(EXAMPLE_TABLE);
  const whole = await fromParquet(bytes);
  const { head, read } = await openParquet(counted(bytes).file);
  assert.deepEqual(head.columns, whole.columns);
  for (const names of [['planned_at', 'roi_number'], head.columns.map(({ name }) => name)])
    assert.deepEqual(
      await read(names),
      whole.rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]]))),
    );
});

test('reading some columns of a wide table reads only their bytes', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `feature_${n}`);
  const columns = names.map((name) => column(name, 'double', 'F.'));
  const rows = Array.from({ length: 5000 }, (_, n) =>
    Object.fromEntries(names.map((name, f) => [name, Math.sin(n * f + n)])),
  );
  const { file, read } = counted(toParquet({ name: 'wide', key: ['feature_0'], columns, rows }));
  const opened = await openParquet(file);
  const before = read.bytes;
  const some = await opened.read(['feature_7', 'feature_250']);
  assert.equal(some[17].feature_7, rows[17].feature_7);
  // Two of 300 columns, with room for the headers of their pages.
  assert.ok(read.bytes - before < (3 / 300) * file.byteLength, `${read.bytes - before} of ${file.byteLength} bytes`);
});
