import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson, sha256 } from '#lib/course-store/json.ts';
import { CSV, writeForOthers } from '#lib/stages/aggregate/for-others.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { column } from '#lib/tables/table.ts';

const body = new TextEncoder().encode('course_id,Mean[Gy]\r\n');
const file = (extension: 'csv' | 'parquet', mediaType: string) => ({
  key: resultKeys.table('dvh_metrics', extension),
  bytes: body.length,
  sha256: sha256(body),
  mediaType,
  table: 'dvh_metrics',
});
const table = {
  name: 'dvh_metrics',
  key: ['course_id'],
  columns: [
    column('course_id', 'string', 'the course'),
    column('Mean[Gy]', 'double', 'mean dose', 'Gy', 'ICRU 83'),
    column('at', 'timestamp', 'when'),
  ],
};
const run = {
  product: 'rtpipeline',
  version: '1.2.3',
  code: 'abc',
  node: 'v24',
  finishedAt: '2024-01-02T03:04:05.000Z',
  configDigest: 'c0',
  instancesDigest: 'd0',
  instances: 7,
};

test('the data package lists each CSV file with digest, types, units and key', async () => {
  const store = memoryStore();
  await writeForOthers(store, run, [table], [file('parquet', 'application/vnd.apache.parquet'), file('csv', CSV)]);
  const { resources } = await readJson<{ resources: Record<string, unknown>[] }>(store, resultKeys.dataPackage);
  assert.equal(resources.length, 1);
  const [{ path, hash, bytes, schema }] = resources;
  assert.deepEqual([path, hash, bytes], ['dvh_metrics.csv', `sha256:${sha256(body)}`, body.length]);
  assert.deepEqual(schema, {
    fields: [
      { name: 'course_id', type: 'string', description: 'the course' },
      { name: 'Mean[Gy]', type: 'number', description: 'mean dose', unit: 'Gy', source: 'ICRU 83' },
      { name: 'at', type: 'datetime', format: 'any', description: 'when' },
    ],
    missingValues: [''],
    primaryKey: ['course_id'],
  });
});

test('the research object (RO-Crate) names every file it holds and every entity it refers to', async () => {
  const store = memoryStore();
  await writeForOthers(store, run, [table], [file('csv', CSV)]);
  const { '@graph': graph } = await readJson<{ '@graph': Record<string, unknown>[] }>(store, resultKeys.researchObject);
  const ids = graph.map((entity) => entity['@id']);
  assert.equal(new Set(ids).size, ids.length);
  const named = [...JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g)].map(([, id]) => id);
  const elsewhere = named.filter((id) => !ids.includes(id));
  assert.deepEqual(elsewhere, ['https://w3id.org/ro/crate/1.1']);
  assert.ok(ids.includes('dvh_metrics.csv'));
});
