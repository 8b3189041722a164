/**
 * How fast DuckDB reads one feature of a large cohort: `node bench/wide-table.ts [--courses 5000] [--rois 40]`. The table is
 * generated and written as a run writes it, with the columns of the built-in settings for CT. RTPIPELINE_PEER_PYTHON names an
 * interpreter that has DuckDB.
 */

import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { parseConfig } from '../lib/config.ts';
import { seededRandom } from '../lib/random.ts';
import { courseTableHeads } from '../lib/stages/aggregate/course-tables.ts';
import { parquetPieces } from '../lib/tables/parquet.ts';
import type { Column, Row, TableHead } from '../lib/tables/table.ts';
import { pythonWith } from './peers/python-venv.ts';

const TABLE = 'radiomics_ct';
const FEATURE = 'original_glcm_Contrast';
const QUERY = `
import duckdb, sys, time
path, feature, threads = sys.argv[1], sys.argv[2], sys.argv[3]
sql = f'SELECT roi_name, count(*), median("{feature}") FROM "{path}" WHERE status = \\'ok\\' GROUP BY roi_name'
db = duckdb.connect(config={"threads": int(threads)})
for _ in range(3):
    before, work = time.perf_counter(), time.process_time()
    rows = db.sql(sql).fetchall()
    print(f"{len(rows)} structures, {sum(row[1] for row in rows)} values: {time.perf_counter() - before:.2f} s, {time.process_time() - work:.2f} s of processor")
`;

const { values } = parseArgs({
  options: { courses: { type: 'string', default: '5000' }, rois: { type: 'string', default: '40' } },
});

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-wide-'));
try {
  const { stage: _, ...head } =
    (await courseTableHeads(parseConfig({}))).find(({ name }) => name === TABLE) ?? refuse();
  const path = join(folder, `${TABLE}.parquet`);
  await pipeline(Readable.from(parquetPieces(head, generatedRows(head))), createWriteStream(path));
  console.log(`${head.columns.length} columns, ${(statSync(path).size / 1e9).toFixed(2)} GB`);
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('duckdb', ['duckdb']));
  await execa(python, ['-c', QUERY, path, FEATURE, '2'], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}

function refuse(): never {
  throw new Error(`there is no table ${TABLE}`);
}

/** The rows of one course after another. */
async function* generatedRows({ columns }: TableHead): AsyncGenerator<Row[]> {
  const random = seededRandom(1);
  const features = columns.filter(({ type }) => type === 'double').map(({ name }: Column) => name);
  for (let course = 0; course < Number(values.courses); course++)
    yield Array.from({ length: Number(values.rois) }, (_, roi): Row => {
      const row: Row = { patient_id: `P${course}`, course_id: course.toString(16).padStart(16, '0') };
      Object.assign(row, { structure_set_uid: `2.25.${course}`, source: 'manual', status: 'ok' });
      Object.assign(row, { roi_number: roi, roi_name: `ROI ${roi}` });
      for (const name of features) row[name] = 100 * random();
      return row;
    });
}
