import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import {
  assertResumes,
  assertSameTables,
  type CohortFolder,
  copyOfRun,
  runArguments,
  startRun,
  writeCohort,
} from '#test/fixtures/cohort-run.ts';
import { jobOf, jobsOf, processState } from '#test/fixtures/job-processes.ts';

const CLOCK_JUMP = fileURLToPath(new URL('../../fixtures/programs/clock-jump.mjs', import.meta.url));
/** More than Linux gives any process. */
const NO_PROCESS = 2 ** 22 + 1;

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-faults-'));
after(() => rmSync(root, { recursive: true }));
let cohort: CohortFolder;
let undisturbed: string;

before(async () => {
  cohort = writeCohort(root, { courses: 1 });
  undisturbed = cohort.out('undisturbed');
  assert.equal((await startRun(cohort, undisturbed)).exitCode, 0);
});

test('a job killed with kill -9 is restarted, and the tables are the same', async () => {
  const out = cohort.out('job-killed');
  const run = startRun(cohort, out);
  const job = await jobOf(run, out, ({ stage }) => stage === 'radiomics');
  assert.ok(job, 'no job of radiomics was seen');
  process.kill(job.pid, 'SIGKILL');
  const { exitCode, stdout, stderr } = await run;
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  assert.match(
    readFileSync(join(out, 'run', 'log.jsonl'), 'utf8'),
    /"reason":"the process was ended from outside, by SIGKILL"/,
  );
  assertSameTables(out, undisturbed);
});

test('a suspended run continues where it stopped; a second run cannot use its folder', async () => {
  const out = cohort.out('run-stopped');
  const run = startRun(cohort, out);
  const job = await jobOf(run, out);
  assert.ok(job && run.pid);
  process.kill(run.pid, 'SIGSTOP');
  try {
    // The job ends meanwhile, and its run hears of it when it goes on.
    while ((await jobsOf(out)).some(({ pid, state }) => pid === job.pid && !state.startsWith('Z'))) await wait(20);
    const second = await startRun(cohort, out);
    assert.equal(second.exitCode, 2);
    assert.match(second.stderr, /another run uses this output folder/);
  } finally {
    process.kill(run.pid, 'SIGCONT');
  }
  const { exitCode, stdout, stderr } = await run;
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  assertSameTables(out, undisturbed);
});

test('a job that is stopped and continued gives the same result', async () => {
  const out = cohort.out('job-stopped');
  const run = startRun(cohort, out);
  const job = await jobOf(run, out, ({ stage }) => stage === 'dvh' || stage === 'radiomics');
  assert.ok(job);
  process.kill(job.pid, 'SIGSTOP');
  while (!(await processState(job.pid)).startsWith('T')) await wait(20);
  process.kill(job.pid, 'SIGCONT');
  const { exitCode, stdout, stderr } = await run;
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  assertSameTables(out, undisturbed);
});

test('a clock set forward and back changes no table, and no stage takes negative time', async () => {
  const out = cohort.out('clock');
  const env = { NODE_OPTIONS: `--import ${CLOCK_JUMP}` };
  const { exitCode, stdout, stderr } = await execa(process.execPath, runArguments(cohort, out), { reject: false, env });
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  assertSameTables(out, undisturbed);
  const [head, ...timings] = readFileSync(join(out, 'results', 'timings.csv'), 'utf8')
    .trim()
    .split(/\r?\n/);
  const seconds = timings.map((line) => Number(line.split(',')[head.split(',').indexOf('seconds')]));
  assert.ok(seconds.length > 0 && seconds.every((one) => one >= 0 && one < 3600), timings.join());
});

test('the lock of a killed run is taken over with a message', async () => {
  const out = copyOfRun(undisturbed, cohort.out('stale-lock'));
  const file = join(out, 'run', 'state.json');
  const left = { ...JSON.parse(readFileSync(file, 'utf8')), ended: false, pid: NO_PROCESS, host: hostname() };
  writeFileSync(file, JSON.stringify(left));
  const { exitCode, stderr } = await startRun(cohort, out);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /was killed. This run continues where it stopped/);
  assertSameTables(out, undisturbed);
});

test('a job without enough memory says how to give more, and with more it gives the same tables', async () => {
  const out = cohort.out('no-memory');
  const { exitCode, stdout } = await startRun(cohort, out, '--memory', '0.05');
  assert.equal(exitCode, 2, stdout);
  assert.match(stdout, /51 MiB were not enough, and the run has no more: raise --memory/);
  await assertResumes(cohort, out, undisturbed);
});

test('too few open files end the run with one line, and with more it gives the same tables', async () => {
  const out = cohort.out('few-files');
  const shell = ['-c', 'ulimit -n 40 && exec "$0" "$@"', process.execPath, ...runArguments(cohort, out)];
  const { exitCode, stderr } = await execa('sh', shell, { reject: false });
  assert.equal(exitCode, 2, stderr);
  assert.match(
    stderr,
    /^rtpipeline: only 40 files may be open at the same time, and a run needs 128: raise the limit \(ulimit -n\)/m,
  );
  await assertResumes(cohort, out, undisturbed);
});
