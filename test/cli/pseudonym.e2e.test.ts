import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import { type CohortFolder, startRun } from '../fixtures/cohort-run.ts';
import { NAMED_WORDS, namedObject } from '../fixtures/named-object.ts';
import { storedZip } from '../fixtures/stored-zip.ts';
import { unzip } from '../fixtures/unzip.ts';

const CONFIG = `segmentation: {enabled: false}
organize: {identifiers: pseudonym}
radiomics:
  params_file: {imageType: {Original: {}}, featureClass: {firstorder: }, setting: {resampledPixelSpacing: [8, 8, 8]}}
`;

let cohort: CohortFolder;
let out: string;
let said: string;

before(async () => {
  cohort = writeNamedCohort(mkdtempSync(join(tmpdir(), 'rtpipeline-named-')));
  out = cohort.out('out');
  const { exitCode, stdout, stderr } = await startRun(cohort, out, '--patient', 'QX4711ZY');
  assert.equal(exitCode, 0, stderr);
  said = stdout + stderr;
});

/** One patient, whose name is in every path and text; one slice in an archive, one object of no kind, a letter. */
function writeNamedCohort(root: string): CohortFolder {
  const input = join(root, 'input');
  const folder = join(input, 'Zyxwvut^Qanary');
  mkdirSync(folder, { recursive: true });
  const files = [...generatedCohort({ courses: 1, slices: 10, rows: 24, columns: 24, seed: 1 })];
  const named = files.map(({ bytes }) => namedObject(bytes));
  named.slice(1).forEach((bytes, i) => void writeFileSync(join(folder, `QX4711ZY_${i}.dcm`), bytes));
  writeFileSync(join(input, 'Zyxwvut.zip'), storedZip({ 'Qanary/1.dcm': named[0] }));
  writeFileSync(join(input, 'Zyxwvut_letter.txt'), 'Dear Mrs Zyxwvut');
  writeFileSync(join(input, 'Zyxwvut_cut.dcm'), named[1].subarray(0, 700));
  writeFileSync(join(root, 'config.yaml'), CONFIG);
  return { input, config: join(root, 'config.yaml'), out: (name) => join(root, name) };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** What a file says, in lower case: packed ones unpacked, tables row by row. */
async function textOf(path: string): Promise<string> {
  const bytes = readFileSync(path);
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString('latin1').toLowerCase();
  if (path.endsWith('.xlsx'))
    return [...unzip(bytes).values()]
      .map((part) => Buffer.from(part).toString())
      .join()
      .toLowerCase();
  if (!path.endsWith('.parquet')) return bytes.toString('latin1').toLowerCase();
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)).toLowerCase();
}

const wordsIn = (text: string) => NAMED_WORDS.filter((word) => text.toLowerCase().includes(word));

test('with pseudonyms no file, path or output outside private names a patient', async () => {
  const files = filesBelow(out).filter((file) => !file.startsWith('private/'));
  assert.ok(files.length > 60, String(files.length));
  for (const file of files) {
    assert.deepEqual(wordsIn(file), [], file);
    assert.deepEqual(wordsIn(await textOf(join(out, file))), [], file);
  }
  assert.deepEqual(wordsIn(said), []);
});

test('with pseudonyms everything is read, archives too, and the rest is unassigned with the reason', async () => {
  const { counts } = JSON.parse(readFileSync(join(out, 'results/run.json'), 'utf8'));
  assert.deepEqual(counts, { files: 16, notDicom: 2, instances: 14, duplicates: 0, assigned: 13, unassigned: 1 });
  const status = readFileSync(join(out, 'results/status.csv'), 'utf8');
  assert.doesNotMatch(status, /failed/);
  const unassigned = await fromParquet(new Uint8Array(readFileSync(join(out, 'results/unassigned.parquet'))));
  for (const { key } of unassigned.rows) assert.match(String(key), /^file-[\w-]+$/);
  const findings = readFileSync(join(out, 'results/findings.csv'), 'utf8');
  assert.match(findings, /IDENTITY_HIDDEN/);
});

test('the owner can look up the original file names in private', () => {
  const lines = readFileSync(join(out, 'private/files.csv'), 'utf8').trim().split('\n');
  assert.match(lines[0], /^name_in_tables,path\r?$/);
  assert.equal(lines.filter((line) => line.includes('Zyxwvut_letter.txt')).length, 1);
});

test('only the owner can read the written files', () => {
  const closed = (path: string) => (statSync(path).mode & 0o077) === 0;
  const all = readdirSync(out, { recursive: true }).map((path) => join(out, String(path)));
  assert.deepEqual(
    [out, ...all].filter((path) => !closed(path)),
    [],
  );
  assert.ok(existsSync(join(out, 'private/pseudonym.key')));
});
