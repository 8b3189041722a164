import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOrganized, writeOrganized } from '#lib/stages/organize/organized.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { column } from '#lib/tables/table.ts';

const counts = { files: 0, notDicom: 0, instances: 0, duplicates: 0, assigned: 0, unassigned: 0 };
const head = {
  name: 'unassigned',
  key: ['key'],
  columns: [column('key', 'string', 'a file'), column('n', 'int', 'n')],
};
const organized = (rows: number) => ({
  counts,
  catalogDigest: 'd',
  tables: [
    { ...head, rows: Array.from({ length: rows }, (_, n) => ({ key: `f${n}`, n })) },
    { ...head, name: 'doses', rows: [] },
  ],
  findings: [],
});

test('tables of any length are split into files of bounded length and read back unchanged, also after a longer table', async () => {
  const store = memoryStore();
  await writeOrganized(store, organized(120_000));
  const files: string[] = [];
  for await (const { key } of store.list('run/')) files.push(key);
  assert.deepEqual(files, [
    ...[runKeys.organized, runKeys.organizedRows('unassigned', 0)],
    ...[runKeys.organizedRows('unassigned', 1), runKeys.organizedRows('unassigned', 2)],
  ]);
  assert.deepEqual(await readOrganized(store), organized(120_000));
  await writeOrganized(store, organized(2));
  assert.deepEqual(await readOrganized(store), organized(2));
});
