import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readJson } from '#lib/course-store/json.ts';
import { demoCohort, demoTruth } from '#lib/phantom/demo/cohort.ts';
import type { CourseTruth } from '#lib/phantom/truth.ts';
import type { CoursePictures } from '#lib/report/pictures/picture.ts';
import { fileStore } from '#lib/store/file.ts';
import { courseKeys, resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { assertSoundTables } from '#test/fixtures/sound-tables.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
/** Quick, and every stage all the same. */
const CONFIG = 'radiomics: {params_file: {imageType: {Original: {}}, setting: {resampledPixelSpacing: [3, 3, 3]}}}\n';

let input: string;
let out: string;
let answer: { exitCode?: number; stdout: string };
const truth = demoTruth();

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rtpipeline-run-'));
  input = join(folder, 'input');
  out = join(folder, 'out');
  for (const { path, bytes } of demoCohort()) {
    await mkdir(join(input, dirname(path)), { recursive: true });
    await writeFile(join(input, path), bytes);
  }
  await writeFile(join(folder, 'config.yaml'), CONFIG);
  answer = await rtpipeline('run', input, '--out', out, '--config', join(folder, 'config.yaml'), '--json');
});

async function rtpipeline(...args: string[]) {
  return execa(process.execPath, [MAIN, ...args], { reject: false });
}

async function table(name: string, folder = out): Promise<Row[]> {
  return (await fromParquet(await fileStore(folder).get(resultKeys.table(name, 'parquet')))).rows;
}

function rowsOf(rows: Row[], course: CourseTruth): Row[] {
  const [structureSet] = course.structureSetUids;
  return rows.filter((row) => row.structure_set_uid === structureSet);
}

test('a run over the sample cohort succeeds and every file is accounted for', async () => {
  assert.equal(answer.exitCode, 0, answer.stdout);
  const { counts } = await readJson<{ counts: Record<string, number> }>(fileStore(out), resultKeys.run);
  assert.equal(counts.files, counts.notDicom + counts.instances);
  assert.equal(counts.instances, counts.duplicates + counts.assigned + counts.unassigned);
  assert.equal(counts.notDicom, truth.foreign);
  assert.equal(counts.duplicates, truth.copies);
  assert.equal(counts.unassigned, truth.conflicts + truth.cutInHeader);
  assert.equal((await table('unassigned')).length, counts.notDicom + counts.unassigned);
  assert.equal((await table('case_metadata')).length, Object.keys(truth.courses).length);
});

test('keys are unique and tables join row by row', async () => {
  await assertSoundTables(fileStore(out));
  const metrics = await table('dvh_metrics');
  const several = (column: string, of: (row: Row) => boolean = () => true) =>
    [...Map.groupBy(metrics.filter(of), (row) => row.course_id).values()].filter(
      (rows) => new Set(rows.map((row) => row[column])).size > 1,
    ).length;
  assert.ok(several('structure_set_uid', ({ source }) => source === 'manual') > 0, 'a course with two structure sets');
  assert.ok(several('dose_uid') > 0, 'a course with two doses');
});

test('every ROI is a row of structures, DVH and radiomics, with the expected status', async () => {
  const [structures, dvh, radiomics] = [
    await table('structures'),
    await table('dvh_metrics'),
    await table('radiomics_ct'),
  ];
  for (const [name, course] of Object.entries(truth.courses)) {
    assert.equal(rowsOf(structures, course).length, course.rois.length, name);
    for (const roi of course.rois) {
      const mine = (row: Row) => row.roi_number === roi.number && row.roi_name === roi.name;
      const measured = rowsOf(dvh, course).find(mine);
      assert.ok(measured, `${name} ${roi.name} has no DVH row`);
      if (course.doseUids.length > 0 && roi.status === 'outside_dose')
        assert.equal(measured.status, roi.status, roi.name);
      if (roi.status === 'empty') assert.equal(measured.status, 'empty', roi.name);
      assert.ok(measured.status === 'ok' || measured.reason !== '', `${name} ${roi.name} has no reason`);
    }
    const rois = new Set(course.rois.map((roi) => roi.name));
    const named = radiomics.filter((row) => row.patient_id === course.patientId).map((row) => String(row.roi_name));
    for (const roi of rois) assert.ok(named.includes(roi), `${name} ${roi} has no radiomics row`);
  }
});

test('volumes and mean doses equal the formulas of the phantoms', async () => {
  const dvh = await table('dvh_metrics');
  const misfits: string[] = [];
  const checked = { volumes: 0, doses: 0 };
  for (const [name, course] of Object.entries(truth.courses)) {
    for (const roi of course.rois) {
      const row = rowsOf(dvh, course).find((one) => one.roi_number === roi.number);
      if (row?.status !== 'ok' || roi.volumeCc === undefined || roi.volumeCc < 5) continue;
      const [volumeCc, meanGy] = [Number(row['Volume[cc]']), Number(row['Mean[Gy]'])];
      // Contours every 3 to 5 mm with half a gap at both ends: 3 %, and 10 % of organs that few contours pass through.
      const isClose = Math.abs(volumeCc / roi.volumeCc - 1) <= (roi.volumeCc < 20 ? 0.1 : 0.03);
      if (!isClose) misfits.push(`${name} ${roi.name}: ${volumeCc} cc, expected ${roi.volumeCc}`);
      checked.volumes++;
      if (roi.meanDoseGy === undefined) continue;
      // Dose grids of 4 to 5 mm under penumbras: 2 %, or 0.3 Gy where there is little dose.
      const isNear = Math.abs(meanGy - roi.meanDoseGy) <= Math.max(0.02 * roi.meanDoseGy, 0.3);
      if (!isNear) misfits.push(`${name} ${roi.name}: ${meanGy} Gy, expected ${roi.meanDoseGy}`);
      checked.doses++;
    }
  }
  assert.deepEqual(misfits, []);
  assert.ok(checked.volumes >= 30 && checked.doses >= 15, JSON.stringify(checked));
});

test('every column of every table is in the data dictionary', async () => {
  const dictionary = await readJson<{ table: string; column: string; meaning: string }[]>(
    fileStore(out),
    resultKeys.dictionary,
  );
  const known = new Set(dictionary.map((entry) => `${entry.table}.${entry.column}`));
  for (const file of readdirSync(join(out, 'results')).filter((name) => name.endsWith('.parquet'))) {
    const name = file.replace('.parquet', '');
    const { columns } = await fromParquet(new Uint8Array(await readFile(join(out, 'results', file))));
    for (const column of columns) assert.ok(known.has(`${name}.${column.name}`), `${name}.${column.name}`);
  }
  assert.deepEqual(
    dictionary.filter((entry) => entry.meaning === ''),
    [],
  );
});

test('a broken slice is reported by name, and the course continues', async () => {
  const [broken] = Object.entries(truth.courses)
    .filter(([name]) => name === 'broken-scan')
    .map(([, course]) => course);
  const qc = (await table('qc')).filter((row) => row.patient_id === broken.patientId);
  assert.ok(qc.some((row) => row.code === 'SLICE_UNREADABLE' && row.status === 'FAIL'));
  assert.ok(qc.some((row) => row.code === 'MISSING_SLICES'));
});

test('every course has a page with pictures of its structures and its doses', async () => {
  const [courses, structures, metrics] = [
    await table('case_metadata'),
    await table('structures'),
    await table('dvh_metrics'),
  ];
  const pages = readdirSync(join(out, 'results', 'report'));
  assert.deepEqual(pages.sort(), courses.map(({ course_id }) => `${course_id}.html`).sort());
  for (const { course_id: id } of courses) {
    const { images } = await readJson<CoursePictures>(fileStore(out), courseKeys(String(id)).pictures('dvh'));
    const drawn = images.flatMap(({ pictures }) => pictures);
    assert.ok(drawn.length > 0, `${id} has pictures`);
    const outlined = new Set(drawn.flatMap(({ outlines }) => outlines.map(({ roiName }) => roiName)));
    const bodies = structures.filter(
      (row) => row.course_id === id && row.status === 'ok' && row.standard_name === 'Body',
    );
    for (const { roi_name } of bodies) assert.ok(outlined.has(String(roi_name)), `${id}: ${roi_name} is outlined`);
    const measured = new Set(
      metrics.filter((row) => row.course_id === id && row.status === 'ok').map((row) => row.dose_uid),
    );
    const shown = new Set(drawn.flatMap(({ doses }) => doses.map(({ doseUid }) => doseUid)));
    assert.deepEqual([...shown].sort(), [...measured].sort(), `${id}: the doses of its pictures`);
  }
});

test('no key, log or table contains a patient name', async () => {
  const names = ['Adam', 'Bruno', 'Clara', 'Grace', 'Hugo', 'Jürgen', 'Juergen'];
  for (const name of ['case_metadata', 'structures', 'dvh_metrics', 'qc']) {
    const text = JSON.stringify(await table(name));
    assert.deepEqual(
      names.filter((one) => text.includes(one)),
      [],
      name,
    );
  }
  const keys: string[] = [];
  for await (const { key } of fileStore(out).list('')) keys.push(key);
  const ids = Object.values(truth.courses).map((course) => course.patientId);
  assert.deepEqual(
    keys.filter((key) => [...names, ...ids].some((one) => key.includes(one))),
    [],
  );
  const log = await readFile(join(out, 'run', 'log.jsonl'), 'utf8');
  assert.deepEqual(
    [...names, ...ids].filter((one) => log.includes(one)),
    [],
  );
});

test('a second run computes nothing and leaves the same bytes', async () => {
  const before = await tableBytes(out);
  const again = await rtpipeline('run', input, '--out', out, '--config', join(dirname(out), 'config.yaml'), '--json');
  assert.equal(again.exitCode, 0, again.stdout);
  const jobs = again.stdout
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((update) => update.courseId && update.phase === 'done');
  assert.deepEqual(jobs, []);
  assert.deepEqual(await tableBytes(out), before);
});

async function tableBytes(folder: string): Promise<Record<string, string>> {
  const files = readdirSync(join(folder, 'results')).filter(
    (name) => name.endsWith('.parquet') && name !== 'timings.parquet',
  );
  return Object.fromEntries(
    await Promise.all(
      files.map(async (name) => [name, (await readFile(join(folder, 'results', name))).toString('base64')]),
    ),
  );
}

test('a course computed alone on one CPU gives the same bytes as within the cohort', async () => {
  const [course] = Object.values(truth.courses);
  const alone = join(dirname(out), 'alone');
  const config = ['--config', join(dirname(out), 'config.yaml')];
  const one = ['--patient', course.patientId, '--cpus', '1', '--quiet'];
  const run = await rtpipeline('run', input, '--out', alone, ...config, ...one);
  assert.equal(run.exitCode, 0, run.stderr);
  const ids = readdirSync(join(alone, 'courses'));
  assert.ok(ids.length > 0);
  for (const id of ids) {
    const parts = partsOf(join(alone, 'courses', id));
    assert.ok(Object.keys(parts).length > 5);
    assert.deepEqual(parts, partsOf(join(out, 'courses', id)));
  }
});

/** Every file that a stage made of a course, its bytes by its path. */
function partsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  const parts = paths.filter((path) => !/^(logs|status|tasks)\//.test(path)).sort();
  return Object.fromEntries(parts.map((path) => [path, readFileSync(join(folder, path), 'base64')]));
}
