import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { fileStore } from '#lib/store/file.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import { type CohortFolder, startRun, writeCohort } from '../fixtures/cohort-run.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const SALT = 'MYSECRETSALT';
const LICENCE = 'aca_ABCDEFGHIJKLMN';
const SECRETS = [`organize.course_salt=${SALT}`, `segmentation.license=${LICENCE}`];

let cohort: CohortFolder;
let said: string;

before(async () => {
  cohort = writeCohort(mkdtempSync(join(tmpdir(), 'rtpipeline-secrets-')), { courses: 1 });
  const flags = ['--stage', 'structures', 'qc', '--set', 'organize.identifiers=pseudonym', ...SECRETS];
  const { exitCode, stdout, stderr } = await startRun(cohort, cohort.out('given'), ...flags);
  assert.equal(exitCode, 0, stderr);
  said = stdout + stderr;
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('no result, log, status or output contains a secret', () => {
  const out = cohort.out('given');
  const files = filesBelow(out).filter((file) => file !== join(out, 'private', 'config.json'));
  assert.ok(
    files.some((file) => file.endsWith('results/run.json')) && files.some((file) => file.endsWith('report.html')),
  );
  for (const secret of [SALT, LICENCE]) {
    assert.ok(!said.includes(secret));
    for (const file of files) assert.ok(!readFileSync(file).includes(secret), file);
  }
  const run = JSON.parse(readFileSync(join(out, resultKeys.run), 'utf8'));
  assert.match(run.config.organize.course_salt, /^scrypt:[0-9a-f]{12}$/);
});

test('only the owner can open the folder of a run', () => {
  assert.equal(statSync(join(cohort.out('given'), 'run')).mode & 0o077, 0);
});

test('config shows digests, and its YAML leaves secrets out', async () => {
  for (const how of ['--show', '--yaml']) {
    const { stdout } = await execa(process.execPath, [MAIN, 'config', how, '--set', ...SECRETS]);
    assert.ok(!stdout.includes(SALT) && !stdout.includes(LICENCE), how);
    assert.match(
      stdout,
      how === '--show' ? /course_salt +"scrypt:/ : /^# organize.course_salt is set; its value is not shown$/m,
    );
  }
});

test('a run without a secret creates one, and the next run into the folder uses it', async () => {
  const runs = [];
  for (const name of ['made', 'made', 'other']) {
    const out = cohort.out(name);
    const { stderr } = await startRun(
      cohort,
      out,
      '--stage',
      'qc',
      'structures',
      '--set',
      'organize.identifiers=pseudonym',
    );
    const { rows } = await fromParquet(await fileStore(out).get(resultKeys.table('case_metadata', 'parquet')));
    runs.push({ stderr, patient: String(rows[0].patient_id), course: rows[0].course_id, key: keyOf(out) });
  }
  const [first, again, other] = runs;
  assert.match(first.patient, /^P-[0-9a-f]{32}$/);
  assert.deepEqual([again.patient, again.course], [first.patient, first.course]);
  assert.ok(other.patient !== first.patient && other.course !== first.course);
  assert.match(first.stderr, /created the pseudonym key .*private\/pseudonym\.key/);
  assert.equal(again.stderr, '');
  for (const file of filesBelow(join(cohort.out('made'), 'results')))
    assert.ok(!readFileSync(file).includes(first.key), file);
});

function keyOf(out: string): string {
  const file = join(out, 'private', 'pseudonym.key');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  return readFileSync(file, 'utf8').trim();
}
