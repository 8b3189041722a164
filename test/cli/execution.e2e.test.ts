import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertResumes, type CohortFolder, startRun, writeCohort } from '#test/fixtures/cohort-run.ts';
import { jobOf, jobsOf } from '#test/fixtures/job-processes.ts';
import { processOf } from '../../cli/monitor/run-state.ts';

const root = mkdtempSync(join(tmpdir(), 'rtpipeline-execution-'));
after(() => rmSync(root, { recursive: true }));
let cohort: CohortFolder;
const read = (key: string) => readFileSync(join(cohort.out('undisturbed'), key), 'utf8');

before(async () => {
  cohort = writeCohort(root);
  const { exitCode, stdout, stderr } = await startRun(
    cohort,
    cohort.out('undisturbed'),
    '--cpus',
    '8',
    '--courses',
    '8',
  );
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
});

test('the main log names machine, workers, threads, device and timeouts', () => {
  const log = read('run/log.jsonl');
  for (const [event, text] of [
    ['Run:Budget:Set', /CPU cores: \d+, using 8 workers; memory: \d+ GiB/],
    [
      'Run:Workers:Set',
      /workers of a course: dvh 4, radiomics 7, robustness 7; files read at once for the tables: \d+$/,
    ],
    ['Run:Threads:Set', /TotalSegmentator: resampling threads=\d, saving threads=\d/],
    ['Run:Device:Set', /GPU device: \w+ \(force_split=true\)/],
    ['Run:Timeouts:Set', /TotalSegmentator=3600 s, custom models=3600 s, radiomics=600 s per ROI/],
  ] as const) {
    const line = log.split('\n').find((one) => one.includes(event));
    assert.match(JSON.parse(line ?? '{}').message, text);
  }
});

test('every stage of a course has its own log', () => {
  const [{ courseId }] = read('run/courses.jsonl')
    .split('\n')
    .map((line) => JSON.parse(line || '{}'));
  for (const stage of ['structures', 'dvh', 'radiomics', 'qc']) {
    assert.match(read(`courses/${courseId}/logs/${stage}.log`), /"event":"Job:Stage:Done"/);
  }
});

test('the trace of a run is valid and has a span for each job', () => {
  const events = JSON.parse(read('run/trace.json'));
  const jobs = events.filter(({ cat }: { cat?: string }) => cat === 'job').map(({ name }: { name: string }) => name);
  const ofCourses = ['dvh', 'qc', 'radiomics', 'robustness', 'structures'].flatMap((stage) => [stage, stage]);
  assert.deepEqual(jobs.sort(), ['aggregate', ...ofCourses]);
});

test('Ctrl-C ends a run and its jobs, and the repeated command gives the same tables', async () => {
  const out = cohort.out('interrupted');
  const run = startRun(cohort, out);
  await jobOf(run, out);
  run.kill('SIGINT');
  const { exitCode, stderr } = await run;
  assert.equal(exitCode, 130, stderr);
  assert.match(stderr, /Interrupted. Repeat the command to continue/);
  assert.deepEqual(
    (await jobsOf(out)).filter(({ state }) => !state.startsWith('Z')),
    [],
  );
  await assertResumes(cohort, out, cohort.out('undisturbed'));
});

test('a second run into a folder in use is refused', async () => {
  const out = cohort.out('undisturbed');
  const here = { pid: process.pid, process: processOf(process.pid) ?? '' };
  const state = { ...JSON.parse(read('run/state.json')), ended: false, ...here };
  writeFileSync(join(out, 'run', 'state.json'), JSON.stringify(state));
  const { exitCode, stderr } = await startRun(cohort, out);
  assert.equal(exitCode, 2);
  assert.match(stderr, /another run uses this output folder \(process \d+ on /);
});
