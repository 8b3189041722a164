import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { METRICS_KEY } from '#lib/dvh/metrics/columns.ts';
import { COURSE_COLUMNS, DOSE_UID, ROI_COLUMNS } from '#lib/rt/row-identity.ts';
import { toCsv } from '#lib/tables/csv.ts';
import { toParquet } from '#lib/tables/parquet.ts';
import { column, type Row } from '#lib/tables/table.ts';
import { workbookOf } from '#test/fixtures/workbook.ts';

const page = readFileSync('docs/tables.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);

/** Two hearts of 10 and 20 Gy, and a lung without result. */
const folder = mkdtempSync(join(tmpdir(), 'reading-'));
const columns = [
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
  DOSE_UID,
  column('status', 'string', 'Status.'),
  column('Mean[Gy]', 'double', 'Mean dose.', 'Gy'),
];
const rows: Row[] = [
  { ...roi('01', 1, 'Heart'), status: 'ok', 'Mean[Gy]': 10 },
  { ...roi('002', 1, 'Heart'), status: 'ok', 'Mean[Gy]': 20 },
  { ...roi('002', 2, 'Lung_L'), status: 'outside_dose', 'Mean[Gy]': null },
];
const table = { name: 'dvh_metrics', key: METRICS_KEY, columns, rows };
mkdirSync(join(folder, 'results'));
for (const name of ['dvh_metrics', 'radiomics_ct'])
  writeFileSync(join(folder, 'results', `${name}.parquet`), toParquet({ ...table, name }));
writeFileSync(join(folder, 'results', 'dvh_metrics.csv'), toCsv(table));
writeFileSync(join(folder, 'results.xlsx'), await workbookOf([table]));
after(() => rmSync(folder, { recursive: true }));

function roi(patient: string, number: number, name: string): Row {
  const identity = { patient_id: patient, course_id: `c${patient}`, structure_set_uid: '1.2', source: 'manual' };
  return { ...identity, roi_number: number, roi_name: name, standard_name: name, primary: true, dose_uid: '1.3' };
}

/** The interpreter that has the modules; RTPIPELINE_PEER_PYTHON may name one. */
function pythonWith(modules: string): string | undefined {
  const places = [process.env.RTPIPELINE_PEER_PYTHON, 'python3'].filter((place) => place !== undefined);
  return places.find((place) => spawnSync(place, ['-c', `import ${modules}`]).status === 0);
}

const run = (program: string, args: string[]) => execFileSync(program, args, { cwd: folder, encoding: 'utf8' });
const without = (what: string) => `${what} is not installed: the example did not run`;

const pandas = pythonWith('pandas, pyarrow');
test('the Python examples read the tables', { skip: !pandas && without('Python with pandas and pyarrow') }, () => {
  const examples = blocks('python');
  assert.equal(examples.length, 2);
  const [joined, described] = examples;
  run(pandas as string, ['-c', joined]);
  assert.match(run(pandas as string, ['-c', described]), /Heart +2\.0 +15\.0/);
});

const openpyxl = pythonWith('pandas, openpyxl');
test('the Python example reads a workbook sheet without its row of units', {
  skip: !openpyxl && without('openpyxl'),
}, () => {
  const [, code] = /`(pd\.read_excel\([^`]+\))`/.exec(page) ?? [];
  const script = `import pandas as pd\nsheet = ${code}\nprint(len(sheet), sheet['Mean[Gy]'].sum())`;
  assert.equal(run(openpyxl as string, ['-c', script]).trim(), '3 30.0');
});

const duckdb = pythonWith('duckdb');
test('the SQL example reads the tables', { skip: !duckdb && without('DuckDB') }, () => {
  const [sql] = blocks('sql');
  const script = 'import duckdb, sys\nprint(duckdb.sql(sys.argv[1]).fetchall())';
  assert.equal(run(duckdb as string, ['-c', script, sql]).trim(), "[('Heart', 2, 15.0)]");
});

const hasR = spawnSync('Rscript', ['--version']).status === 0;
test('the R example reads the tables, and patient ids as text', { skip: !hasR && without('R') }, () => {
  const [code] = blocks('r');
  assert.match(run('Rscript', ['-e', code]), /Heart +15/);
  assert.match(run('Rscript', ['-e', `${code}\ncat(dvh$patient_id)`]), /01 002 002$/);
});
