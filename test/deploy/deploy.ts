import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PATIENTS } from '#lib/phantom/demo/patients.ts';
import { deploy, destroy, update } from '../../infra/local/deploy.ts';
import { emulatorEnvironment } from '../../infra/local/environment.ts';
import { type Emulator, emulatorMissing, startEmulator } from '../emulator/emulator.ts';
import { pushImages } from '../emulator/push-images.ts';
import { deployedCloud, type Ended, freePort, type Outputs, rtpipeline } from './cloud.ts';
import { CANARIES, largeUpload, poisonedCourse, writeCohort } from './cohorts.ts';
import { courseEndings } from './endings.ts';
import { assertAnswered, assertEndings, INJECTED, plannedStrikes, strikesIn } from './injected.ts';
import { comeAgainAfter, keepNotices, repeatAnnouncement, uploadsTaken } from './queues.ts';
import { jobsOf, stored } from './stored.ts';

/**
 * The real deployment onto an emulator, where real jobs run: run with `npm run test:deploy`. Its parts build on each
 * other; where the emulator cannot run, nothing is tested and that is said in capitals.
 */
const missing = emulatorMissing();
if (missing) console.error(`\n${'!'.repeat(80)}\nTHE DEPLOYMENT WAS NOT TESTED: ${missing}\n${'!'.repeat(80)}\n`);
const options = { skip: missing ?? false };

/** Published for the deployment, and read in place by the run here. */
const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'rtpipeline-deploy-'));
const at = (name: string) => join(work, name);
/** A quarter of the objects that one function catalogs by default: more than the sample cohort has, and sent in a minute. */
const CATALOG_OBJECTS = 5000;
const SETTINGS = {
  retain: 'false',
  courseConcurrency: '8',
  mostDollars: '1000',
  catalogObjects: String(CATALOG_OBJECTS),
};
const WAIT_SECONDS = 1800;

/**
 * A salt of its own, so that courses have the same ids here and there. To be done the sooner: few perturbations and no wavelets, whose
 * nine images are computed by the code of the others.
 */
const CONFIG = `organize: { course_salt: deploy-test }
radiomics_robustness:
  segmentation_perturbation: { max_translation_mm: 0, n_random_contour_realizations: 0 }
${readFileSync(new URL('../../cli/demo/config.yaml', import.meta.url), 'utf8')
  .replace('../../models', MODELS)
  .replace(/^ *Wavelet: .*\n/m, '')}`;
/** Enough of them for a course to each fault that ends one, and for others that it leaves alone. */
const STRUCK = PATIENTS.slice(0, 5).map(({ id }) => id);

let emulator: Emulator;
let port: number;
let outputs: Outputs;
let cloud: ReturnType<typeof deployedCloud>;

before(async () => {
  if (missing) return;
  port = await freePort();
  Object.assign(process.env, emulatorEnvironment(port));
  cloud = deployedCloud();
  writeFileSync(at('faults.json'), '[]');
  writeFileSync(at('config.yaml'), CONFIG);
  writeCohort(at('cohort'));
  emulator = await startEmulator(port, { faults: at('faults.json'), stored: at('stored.json'), hurry: 30 });
});

after(() => {
  emulator?.process.kill();
  rmSync(work, { recursive: true, force: true });
});

test('the emulator listens on the loopback interface alone', options, async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all);
  for (const { address, internal, family } of addresses) {
    if (internal || family !== 'IPv4') continue;
    await assert.rejects(fetch(`http://${address}:${port}/_localstack/health`), address);
  }
});

test('bootstrap and deploy succeed, and the output says where to upload', options, async () => {
  deploy(port, SETTINGS);
  outputs = await cloud.outputs('rtpipeline-pipeline');
  for (const value of Object.values(outputs)) assert.ok(value);
  await keepNotices(outputs.topic);
});

test('a job whose image was not pushed fails as on AWS', options, async () => {
  const reason = await cloud.failedJob('rtpipeline-dvh', 'rtpipeline-analysis-spot');
  assert.match(reason, /^CannotPullContainerError: .*rtpipeline\/analysis:[^ ]+: not found$/);
  await pushImages();
});

test('models are published and listed', options, () => {
  rtpipeline('publish-models', '--models', MODELS, '--to', outputs.results);
  assert.match(rtpipeline('publish-models', '--to', outputs.results), /^models: \w+.*trees\/[0-9a-f]{64}\.json/);
});

test(
  'an upload starts a run by itself, and its tables equal those of a folder run byte for byte',
  options,
  async () => {
    const ended = await uploaded('first');
    assert.equal(ended.status, 'SUCCEEDED', ended.error);
    rtpipeline('results', `${outputs.results}/runs/first`, '--out', at('first'));
    runHere();
    sameTables(at('first'), join(at('local'), 'results'));
  },
);

test('jobs ran as nobody, in a copy of their image that they could not write', options, (t) => {
  const log = readFileSync(emulator.logFile, 'utf8');
  const [, why] = /^JOBS ARE NOT CONFINED: (.*)$/m.exec(log) ?? [];
  if (why !== undefined) return t.skip(`JOBS CANNOT BE CONFINED HERE: ${why}`);
  assert.deepEqual([...log.matchAll(/^CONFINED (\w+)$/gm)].map(([, image]) => image).sort(), [
    'analysis',
    'segmentation',
  ]);
});

test('a repeated event starts nothing, whatever else the queue holds', options, async () => {
  const known = await cloud.executions(outputs.machine);
  await repeatAnnouncement(outputs.upload, 'incoming/first/_READY.json');
  assert.deepEqual(await cloud.executions(outputs.machine), known);
});

test('a second run on the same upload, and a redrive, recompute only what changed', options, async () => {
  const before = jobsOf(await services(), 'first').length;
  writeCohort(at('cohort'), poisonedCourse());
  inject([{ kind: 'bad_input', job: 'aggregate-', times: 2 }]);
  const broken = await uploaded('first');
  inject([]);
  assert.deepEqual([broken.status, broken.error], ['FAILED', 'States.TaskFailed']);
  await cloud.redrive(outputs.machine, broken.name);
  const ended = await cloud.ended(outputs.machine, broken.name, WAIT_SECONDS);
  assert.equal(ended.status, 'SUCCEEDED', ended.error);

  const jobs = jobsOf(await services(), 'first').slice(before);
  const late = jobs.filter(({ jobName }) => !jobName.startsWith('aggregate-'));
  assert.equal(new Set(late.map(({ jobName }) => jobName.split('-')[1])).size, 1, 'the course that is new');
  const stages = ['segmentation', 'custom_models', 'structures', 'dvh', 'radiomics', 'qc', 'robustness'];
  assert.deepEqual(late.map(({ jobName }) => jobName.split('-')[0]).sort(), stages.sort());
  assert.equal(jobs.length - late.length, 3, 'the tables: twice in vain, and after the redrive');
});

test('a course whose slices are all broken ends with the finding', options, async () => {
  const [course] = jobsOf(await services(), 'first').slice(-4);
  const id = course.jobName.split('-')[1];
  const status = await cloud.json<{ status: string; findings: { code: string }[] }>(
    `${outputs.results}/runs/first/courses/${id}/status/structures.json`,
  );
  assert.deepEqual([status.status, status.findings.map(({ code }) => code)], ['ok', ['IMAGE_UNREADABLE']]);
  rmSync(at('cohort'), { recursive: true });
  writeCohort(at('cohort'));
});

test('an injected fault is handled, or ends one course with a reason and nothing else', options, async () => {
  await comeAgainAfter(10);
  inject(INJECTED);
  const known = await cloud.executions(outputs.machine);
  const ended = await uploaded('faults', '--patient', ...STRUCK);
  await uploadsTaken();
  inject([]);
  assert.equal(ended.status, 'SUCCEEDED', ended.error);
  assert.equal((await cloud.executions(outputs.machine)).length, known.length + 1, 'exactly one execution');
  const { bad_input: _, ...strikes } = strikesIn(readFileSync(emulator.logFile, 'utf8'));
  assert.deepEqual(strikes, plannedStrikes());
  const jobs = jobsOf(await services(), 'faults');
  assertAnswered(jobs);
  const run = `${outputs.results}/runs/faults`;
  const courses = (await cloud.keys(`${run}/courses/`)).filter((key) => key.endsWith('/course.json')).length;
  assertEndings(await courseEndings(cloud, run), courses);
  const watched = rtpipeline('watch', run, '--once');
  assert.match(watched, /structures: failed after 1 attempts, .*exit code 139/);
  assert.match(watched, /qc: timeout after 1 attempts/);
});

test('more objects than one function takes, from any S3 client, are cataloged by many functions', options, async () => {
  const known = await cloud.executions(outputs.machine);
  const objects = [...largeUpload(CATALOG_OBJECTS + 1)];
  await cloud.put(`${outputs.upload}/incoming/large`, objects, { config: { segmentation: { enabled: false } } });
  const ended = await cloud.nextExecution(outputs.machine, known, WAIT_SECONDS);
  assert.equal(ended.status, 'SUCCEEDED', ended.error);
  const run = `${outputs.results}/runs/large`;
  const parts = await cloud.keys(`${run}/private/instances/`);
  assert.equal(parts.length, Math.ceil(objects.length / 500), 'all in batches of 500');
  const { counts } = await cloud.json<{ counts: Record<string, number> }>(`${run}/run/organized.json`);
  assert.deepEqual([counts.files, counts.notDicom], [objects.length, CATALOG_OBJECTS + 1], 'each of them once');
});

test('updating a deployed stack works: same bytes with many functions and one course at a time', options, async () => {
  update(port, { ...SETTINGS, courseConcurrency: '1', catalogObjects: '100', logDays: '30' });
  const ended = await uploaded('second');
  assert.equal(ended.status, 'SUCCEEDED', ended.error);
  const parts = await cloud.keys(`${outputs.results}/runs/second/private/instances/`);
  assert.ok(parts.length > 1 && !parts.some((key) => key.endsWith('/all.jsonl')), parts.join());
  rtpipeline('results', `${outputs.results}/runs/second`, '--out', at('second'));
  sameTables(at('second'), at('first'));
});

test('the emulator stores patient data only in bodies of objects', options, async () => {
  const { text, services: held } = await stored(emulator, at('stored.json'));
  const places = {
    messages: held.sqs._queues,
    notices: Object.values(held.sqs._queues).filter((queue) =>
      JSON.stringify(queue).includes('rtpipeline run finished'),
    ),
    events: held.eventbridge._events_log,
    executions: held.stepfunctions._executions,
    jobs: held.batch._jobs,
    logs: held.cloudwatch_logs._log_groups,
    objects: held.s3._buckets,
  };
  for (const [where, found] of Object.entries(places)) assert.ok(Object.keys(found ?? {}).length > 0, where);
  for (const phrase of ['CloudWatchMetrics', 'Observe:Job:Failed', 'Job:Stage:Done', 'StateEntered', '_READY.json'])
    assert.ok(text.includes(phrase), `${phrase} is among what is searched`);
  const log = readFileSync(emulator.logFile, 'utf8');
  for (const canary of CANARIES) {
    for (const [where, searched] of Object.entries({ stored: text, log })) {
      const found = searched.indexOf(canary);
      assert.ok(found < 0, `${canary} in ${where}: ${searched.slice(Math.max(0, found - 200), found + 50)}`);
    }
  }
});

test('the stacks can be destroyed', options, async () => {
  destroy(port, SETTINGS);
  assert.deepEqual(await cloud.stacks(), ['CDKToolkit']);
});

/** Uploads the cohort under this name and waits for the end of the run that starts by it. */
async function uploaded(name: string, ...more: string[]): Promise<Ended> {
  const known = await cloud.executions(outputs.machine);
  const record = ['--record', at(`${name}.jsonl`)];
  const what = ['--name', name, '--config', at('config.yaml'), '--keep-names'];
  rtpipeline('upload', at('cohort'), '--to', outputs.upload, ...what, ...record, ...more);
  return cloud.nextExecution(outputs.machine, known, WAIT_SECONDS);
}

function inject(faults: object[]): void {
  writeFileSync(at('faults.json'), JSON.stringify(faults));
}

async function services() {
  return (await stored(emulator, at('stored.json'))).services;
}

function runHere(): void {
  try {
    rtpipeline('run', at('cohort'), '--out', at('local'), '--config', at('config.yaml'), '--quiet');
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
