import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { PATIENTS } from '#lib/phantom/demo/patients.ts';
import { deploy, destroy } from '../../infra/local/deploy.ts';
import { type Emulator, emulatorMissing, startEmulator } from '../../infra/local/emulator.ts';
import { emulatorEnvironment } from '../../infra/local/environment.ts';
import { deployedCloud, freePort, type Outputs, rtpipeline } from './cloud.ts';

/**
 * The real deployment onto an emulator, where real jobs run: run with `npm run test:deploy`. Its parts build on each
 * other; where the emulator cannot run, nothing is tested and that is said in capitals.
 */
const missing = emulatorMissing();
if (missing) console.error(`\n${'!'.repeat(80)}\nTHE DEPLOYMENT WAS NOT TESTED: ${missing}\n${'!'.repeat(80)}\n`);
const options = { skip: missing ?? false };

const work = mkdtempSync(join(tmpdir(), 'rtpipeline-deploy-'));
const [cohort, local, faults, config] = ['cohort', 'local', 'faults.json', 'config.yaml'].map((name) =>
  join(work, name),
);
const SETTINGS = { retain: 'false', courseConcurrency: '8' };
const WAIT_SECONDS = 1800;

/** A salt of its own, so that courses have the same ids here and there. */
const CONFIG = `organize: { course_salt: deploy-test }
${readFileSync(new URL('../../cli/demo/config.yaml', import.meta.url), 'utf8')}`;

let emulator: Emulator;
let port: number;
let outputs: Outputs;
const cloud = deployedCloud;

before(async () => {
  if (missing) return;
  port = await freePort();
  Object.assign(process.env, emulatorEnvironment(port));
  writeFileSync(faults, '[]');
  writeFileSync(config, CONFIG);
  for (const { path, bytes } of demoCohort()) {
    mkdirSync(dirname(join(cohort, path)), { recursive: true });
    writeFileSync(join(cohort, path), bytes);
  }
  emulator = await startEmulator(port, { faults, hurry: 30 });
});

after(() => {
  emulator?.process.kill();
  rmSync(work, { recursive: true, force: true });
});

test('the stacks are bootstrapped and deployed, and say where to upload', options, async () => {
  deploy(port, SETTINGS);
  outputs = await cloud().outputs('rtpipeline-pipeline');
  for (const value of Object.values(outputs)) assert.ok(value);
});

test(
  'an upload starts one execution by itself, and its tables are those of the folder run byte by byte',
  options,
  async () => {
    const known = await cloud().executions(outputs.machine);
    rtpipeline(
      'upload',
      cohort,
      '--to',
      outputs.upload,
      '--name',
      'first',
      '--config',
      config,
      '--keep-names',
      '--record',
      join(work, 'first.jsonl'),
    );
    const ended = await cloud().nextExecution(outputs.machine, known, WAIT_SECONDS);
    assert.equal(ended.status, 'SUCCEEDED', ended.error);
    rtpipeline('results', `${outputs.results}/runs/first`, '--out', join(work, 'first'));
    rtpipelineRun();
    sameTables(join(work, 'first'), join(local, 'results'));
  },
);

test('nothing of a patient is in keys, names, logs or state', options, async () => {
  const { keys, histories, logLines } = cloud();
  const buckets = [outputs.upload, outputs.results].map((uri) => uri.replace('s3://', ''));
  const machines = [
    outputs.machine,
    ...['Courses', 'Dvh', 'Structures', 'Catalog', 'Aggregate'].map((label) => `${outputs.machine}/${label}`),
  ];
  const said = {
    keys: (await Promise.all([keys(buckets[1]), keys(buckets[0], 'archives/')])).flat(),
    histories: await histories(machines),
    jobs: await logLines('/rtpipeline/jobs'),
    emulator: [readFileSync(emulator.logFile, 'utf8')],
  };
  const canaries = PATIENTS.flatMap(({ id, name, birthDate }) => [id, name, name.split('^')[1], birthDate]);
  for (const [where, texts] of Object.entries(said)) {
    assert.ok(texts.length > 0, where);
    for (const canary of canaries) assert.ok(!texts.some((text) => text.includes(canary)), `${canary} in ${where}`);
  }
});

test('an event that comes twice starts nothing, whatever else the queue holds', options, async () => {
  const known = await cloud().executions(outputs.machine);
  const { repeatAnnouncement } = await import('./repeat.ts');
  await repeatAnnouncement(outputs.upload, 'incoming/first/_READY.json');
  assert.deepEqual(await cloud().executions(outputs.machine), known);
});

test(
  'lost hosts, full memories, broken pulls and throttling are survived; what cannot be ends with its reason',
  options,
  async () => {
    writeFileSync(
      faults,
      JSON.stringify([
        { kind: 'host_lost', job: 'dvh-', times: 2 },
        { kind: 'out_of_memory', job: 'structures-', times: 1 },
        { kind: 'gpu_out_of_memory', job: 'segmentation-', times: 1 },
        { kind: 'pull', job: 'radiomics-', times: 1 },
        { kind: 'throttle', job: 'qc-', times: 2 },
        { kind: 'timeout', job: 'qc-', times: 1 },
        { kind: 'slow_down', times: 5 },
      ]),
    );
    const known = await cloud().executions(outputs.machine);
    rtpipeline(
      'upload',
      cohort,
      '--to',
      outputs.upload,
      '--name',
      'faults',
      '--config',
      config,
      '--record',
      join(work, 'faults.jsonl'),
    );
    const ended = await cloud().nextExecution(outputs.machine, known, WAIT_SECONDS);
    writeFileSync(faults, '[]');
    assert.equal(ended.status, 'SUCCEEDED', ended.error);
    const { courseEndings } = await import('./endings.ts');
    const endings = await courseEndings(outputs.results, 'runs/faults/run/courses/');
    const stages = endings.flatMap((course) => course.stages);
    const failed = stages.filter(({ status }) => status === 'failed');
    assert.deepEqual(
      failed.map(({ stage, why }) => [stage, why]),
      [['qc', 'timeout']],
    );
    assert.equal(endings.filter(({ status }) => status === 'failed').length, 1);
    const attempts = (stage: string) =>
      stages.filter((one) => one.stage === stage).reduce((sum, one) => sum + Math.max(0, (one.attempts ?? 1) - 1), 0);
    assert.deepEqual(['dvh', 'structures', 'segmentation', 'radiomics'].map(attempts), [2, 1, 1, 1]);
  },
);

test(
  'a changed stack is deployed over the running one, and one course at a time gives the same bytes',
  options,
  async () => {
    deploy(port, { ...SETTINGS, courseConcurrency: '1', logDays: '30' });
    const known = await cloud().executions(outputs.machine);
    rtpipeline(
      'upload',
      cohort,
      '--to',
      outputs.upload,
      '--name',
      'second',
      '--config',
      config,
      '--keep-names',
      '--record',
      join(work, 'second.jsonl'),
    );
    const ended = await cloud().nextExecution(outputs.machine, known, WAIT_SECONDS);
    assert.equal(ended.status, 'SUCCEEDED', ended.error);
    rtpipeline('results', `${outputs.results}/runs/second`, '--out', join(work, 'second'));
    sameTables(join(work, 'second'), join(work, 'first'));
  },
);

test('the stacks go as they came', options, () => {
  destroy(port, SETTINGS);
});

function rtpipelineRun(): void {
  try {
    rtpipeline('run', cohort, '--out', local, '--config', config, '--quiet');
  } catch (error) {
    // Some courses of the cohort fail on purpose.
    if ((error as { status?: number }).status !== 3) throw error;
  }
}

/** Every table but the one of durations. */
function sameTables(one: string, other: string): void {
  const tables = (folder: string) =>
    readdirSync(folder).filter((name) => /\.(parquet|csv)$/.test(name) && !name.startsWith('timings.'));
  assert.deepEqual(tables(one), tables(other));
  assert.ok(tables(one).length > 10);
  for (const name of tables(one))
    assert.ok(readFileSync(join(one, name)).equals(readFileSync(join(other, name))), `${name} differs`);
}
