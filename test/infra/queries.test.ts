import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { declaredTables } from '#lib/stages/aggregate/declared-tables.ts';
import { queryFormOf, queryTables, writeQueryTables } from '#lib/stages/aggregate/query-tables.ts';
import { fileStore } from '#lib/store/file.ts';
import { sourceOf } from '#lib/tables/row-source.ts';
import type { Row } from '#lib/tables/table.ts';
import { EXAMPLE_QUERIES, RUN_TO_REPLACE } from '../../infra/example-queries.ts';
import { builtApp, templatesOf } from '../fixtures/cloud-app.ts';

const { storage, pipeline } = templatesOf(builtApp({ name: 'second-one' }));
const only = (type: string) => Object.values(pipeline.findResources(type)).map(({ Properties }) => Properties);

test('every table is in the catalog, with names and types that Athena supports', async () => {
  const [{ DatabaseInput: database }] = only('AWS::Glue::Database');
  assert.equal(database.Name, 'second_one');
  const tables = only('AWS::Glue::Table').map(({ TableInput }) => TableInput);
  assert.deepEqual(tables.map(({ Name }) => Name).sort(), (await queryTables()).map(({ name }) => name).sort());
  for (const { Name, StorageDescriptor, PartitionKeys, Parameters } of tables) {
    for (const { Name: column, Type, Comment } of StorageDescriptor.Columns) {
      assert.match(column, /^[a-z][a-z0-9_]*$/, Name);
      assert.match(Type, /^(string|double|bigint|boolean|timestamp|map<string,(double|string)>)$/, Name);
      assert.ok(Comment.length <= 255, `${Name}.${column}`);
    }
    assert.deepEqual([PartitionKeys.length, PartitionKeys[0].Name], [1, 'run']);
    assert.equal(Parameters['projection.run.type'], 'injected');
    const template = JSON.stringify(Parameters['storage.location.template']);
    assert.ok(template.includes(`/runs/\${run}/results/query/${Name}/`), template);
  }
});

test('the workgroup bounds what a query reads, and encrypts its answers with the key, which expire in a day', () => {
  const [{ WorkGroupConfiguration: workgroup }] = only('AWS::Athena::WorkGroup');
  assert.equal(workgroup.EnforceWorkGroupConfiguration, true);
  assert.equal(workgroup.BytesScannedCutoffPerQuery, 10 * 2 ** 30);
  assert.equal(workgroup.ResultConfiguration.EncryptionConfiguration.EncryptionOption, 'SSE_KMS');
  assert.ok(workgroup.ResultConfiguration.EncryptionConfiguration.KmsKey);
  const [results] = Object.entries(storage.findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('Results'));
  const rule = results[1].Properties.LifecycleConfiguration.Rules.find(
    ({ Prefix }: { Prefix?: string }) => Prefix === 'queries/',
  );
  assert.deepEqual([rule.ExpirationInDays, rule.NoncurrentVersionExpiration.NoncurrentDays], [1, 1]);
});

test('the three examples are deployed in the workgroup, and each names its run', () => {
  const deployed = only('AWS::Athena::NamedQuery').map(({ Name, QueryString }) => [Name, QueryString]);
  assert.deepEqual(deployed.sort(), EXAMPLE_QUERIES.map(({ name, sql }) => [name, sql]).sort());
  assert.equal(deployed.length, 3);
  for (const [name, sql] of deployed) assert.match(sql, /\brun = 'my-run'/, name);
});

test('a run whose configuration asks for more has the columns of the catalog all the same', async () => {
  const catalog = new Map((await queryTables()).map(({ name, columns }) => [name, columns]));
  const others = parseConfig({
    dvh: { metrics: ['D47%[Gy]', 'V47.5Gy[%]'], alpha_beta_gy: { PTV: 10 }, geud_a: { PTV: -10 } },
    radiomics: {
      ibsi: { families: ['statistics'] },
      params_file: { imageType: { Wavelet: {}, Square: {} }, featureClass: { firstorder: ['Mean'], shape: [] } },
    },
  });
  for (const table of await declaredTables(others)) {
    const known = catalog.get(table.name) ?? [];
    const types = (columns: typeof known) => columns.map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(types(queryFormOf(table).columns), types(known), table.name);
  }
});

/** The interpreter that has DuckDB; RTPIPELINE_PEER_PYTHON may name one. */
const duckdb = [process.env.RTPIPELINE_PEER_PYTHON, 'python3'].find(
  (place) => place !== undefined && spawnSync(place, ['-c', 'import duckdb']).status === 0,
);
const folder = mkdtempSync(join(tmpdir(), 'queries-'));
after(() => rmSync(folder, { recursive: true }));

/** As Athena finds them: the run is the folder, columns are found by name. */
const SCRIPT = `
import json, sys, duckdb
order = json.loads(sys.stdin.read())
for table in order["tables"]:
    files = f"{order['folder']}/runs/*/results/query/{table}/*.parquet"
    duckdb.sql(f"""CREATE VIEW {table} AS SELECT * EXCLUDE filename, regexp_extract(filename, '/runs/([^/]+)/', 1) AS run
        FROM read_parquet('{files}', union_by_name = true, filename = true)""")
print(json.dumps([duckdb.sql(query).fetchall() for query in order["queries"]]))
`;

test('DuckDB answers the examples from the files of two runs with other metrics', {
  skip: !duckdb && 'DuckDB is not installed: the examples did not run',
}, async () => {
  await writeRun('a', ['Mean[Gy]', 'Max[Gy]', 'D95%[Gy]'], [10, 20, 9]);
  await writeRun('b', ['Mean[Gy]', 'Max[Gy]', 'D95%[Gy]', 'D47%[Gy]'], [30, 40, 29, 31]);
  const queries = ['a', 'b'].flatMap((run) => EXAMPLE_QUERIES.map(({ sql }) => sql.replaceAll(RUN_TO_REPLACE, run)));
  const both = `SELECT run, element_at(measured, 'D47%[Gy]')[1] FROM dvh_metrics WHERE run IN ('a', 'b') ORDER BY run`;
  const tables = ['dvh_metrics', 'radiomics_ct', 'status', 'findings'];
  const { stdout, stderr } = spawnSync(duckdb as string, ['-c', SCRIPT], {
    input: JSON.stringify({ folder, tables, queries: [...queries, both] }),
    encoding: 'utf8',
  });
  const [dose, beside, missing, doseOfB, , , d47] = JSON.parse(stdout || `"${stderr}"`);
  assert.deepEqual(dose, [['Heart', 1, 10, 9, 20]]);
  assert.deepEqual(doseOfB, [['Heart', 1, 30, 29, 40]]);
  assert.deepEqual(beside, [['p', 'c', 'Heart', '1.3', 10, -50]]);
  assert.deepEqual(missing, [
    ['dvh', 'warning DOSE_ODD', 1],
    ['robustness', 'skipped', 1],
  ]);
  assert.deepEqual(d47, [
    ['a', null],
    ['b', 31],
  ]);
});

async function writeRun(run: string, metrics: string[], values: number[]): Promise<void> {
  const roi: Row = {
    ...{
      patient_id: 'p',
      course_id: 'c',
      structure_set_uid: '1.2',
      roi_number: 1,
      roi_name: 'Heart',
      source: 'manual',
    },
    ...{ standard_name: 'Heart', primary: true, status: 'ok' },
  };
  const course = { patient_id: 'p', course_id: 'c' };
  const rows: Record<string, Row[]> = {
    dvh_metrics: [{ ...roi, dose_uid: '1.3', ...Object.fromEntries(metrics.map((name, n) => [name, values[n]])) }],
    radiomics_ct: [{ ...roi, original_firstorder_Mean: -50 }],
    status: [
      { ...course, stage: 'dvh', status: 'ok' },
      { ...course, stage: 'robustness', status: 'skipped' },
    ],
    findings: [{ ...course, stage: 'dvh', code: 'DOSE_ODD', severity: 'warning' }],
  };
  const declared = await declaredTables(parseConfig({ dvh: { metrics } }));
  const tables = declared.filter(({ name }) => name in rows).map((head) => ({ ...head, rows: rows[head.name] }));
  await writeQueryTables(fileStore(join(folder, 'runs', run)), tables.map(sourceOf));
}
