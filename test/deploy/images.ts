import assert from 'node:assert/strict';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { parseConfig } from '#lib/config.ts';
import { readJson, readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { ExitCode } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { sizeJobs } from '#lib/stages/size-jobs.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import { emulatorEnvironment } from '../../infra/local/environment.ts';
import { type Emulator, emulatorMissing, startEmulator } from '../emulator/emulator.ts';
import { freePort } from './cloud.ts';
import { BASE, makeBase, podman, podmanMissing } from './podman.ts';

/** The images as they are deployed, but for their base: run with `npm run test:images`. */
const noImages = podmanMissing();
const missing = noImages ?? emulatorMissing();
if (missing)
  console.error(
    `\n${'!'.repeat(80)}\nTHE IMAGES WERE NOT ${noImages ? 'BUILT' : 'TESTED WITH JOBS'}: ${missing}\n${'!'.repeat(80)}\n`,
  );
const alone = { skip: noImages ?? false };
const options = { skip: missing ?? false };

const BUILD = ['--build-arg', `BASE=${BASE}`];

let emulator: Emulator | undefined;
let port: number;

before(async () => {
  if (noImages) return;
  makeBase();
  if (missing) return;
  port = await freePort();
  Object.assign(process.env, emulatorEnvironment(port));
  emulator = await startEmulator(port);
});

after(() => {
  emulator?.process.kill();
});

test('both images build from their files', alone, () => {
  for (const name of ['analysis', 'segmentation']) {
    const own =
      name === 'segmentation'
        ? ['--build-arg', `NODE=${BASE}`, '--build-arg', 'PROGRAMS=', '--build-arg', 'ONNX_GPU=']
        : [];
    podman('build', '--quiet', '-f', `containers/${name}/Dockerfile`, '-t', name, ...BUILD, ...own, '.');
    const [{ Config: config }] = JSON.parse(podman('inspect', name));
    assert.equal(config.User, '10001:10001', name);
  }
});

test(
  'the image for one machine runs the pipeline from folder to tables without root, and writes nowhere else',
  alone,
  () => {
    podman(
      'build',
      '--quiet',
      '-f',
      'containers/analysis/Dockerfile',
      '--target',
      'machine',
      '-t',
      'rtpipeline',
      ...BUILD,
      '.',
    );
    const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-image-'));
    const [input, out] = ['in', 'out'].map((name) => join(folder, name));
    try {
      for (const { path, bytes } of onePerson()) {
        mkdirSync(join(input, dirname(path)), { recursive: true });
        writeFileSync(join(input, path), bytes);
      }
      mkdirSync(out);
      chownSync(out, NOBODY, NOBODY);
      const where = ['-v', `${input}:/in:ro`, '-v', `${out}:/out`, '--read-only', '--tmpfs', '/tmp:rw,mode=1777'];
      const said = podman('run', '--rm', ...where, 'rtpipeline', 'run', '/in', '--out', '/out', '--quiet');
      assert.match(said, /(\d+) courses: \1 done, 0 failed/);
      const rows = readFileSync(join(out, 'results/dvh_metrics.csv'), 'utf8').trim().split('\n');
      assert.ok(rows.length > 5, `${rows.length} lines of dvh_metrics.csv`);
      assert.equal(statSync(join(out, 'results/report.html')).uid, NOBODY);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('the analysis image runs a job against S3 without root on a read-only file system', options, async () => {
  const { course, task } = await plannedCourse();
  const environment = Object.entries(emulatorEnvironment(port)).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  podman('run', '--rm', '--read-only', '--tmpfs', '/tmp:rw,mode=1777', ...environment, 'analysis', task);
  const status = await readJson<{ status: string }>(
    await openStore('s3://results/runs/one'),
    courseKeys(course).status('structures'),
  );
  assert.equal(status.status, 'ok');
});

test('a missing task ends as a job that never began, not as a success', options, () => {
  const environment = Object.entries(emulatorEnvironment(port)).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  assert.throws(
    () => podman('run', '--rm', ...environment, 'segmentation', 's3://results/runs/none/task.json'),
    ({ status }: { status: number }) => status === ExitCode.notBegun,
  );
});

/** Whoever the images say, where nothing else does. */
const NOBODY = 10001;

/** The first person of the sample cohort. */
function onePerson() {
  const cohort = [...demoCohort()];
  const person = cohort[0].path.split('/').slice(0, 2).join('/');
  return cohort.filter(({ path }) => path.startsWith(person));
}

/** One person of the sample cohort, taken to the point where jobs begin. */
async function plannedCourse(): Promise<{ course: string; task: string }> {
  const s3 = new S3Client({ forcePathStyle: true });
  for (const Bucket of ['uploads', 'results']) await s3.send(new CreateBucketCommand({ Bucket }));
  const input = await openStore('s3://uploads/incoming/one');
  const store = await openStore('s3://results/runs/one');
  for (const { path, bytes } of onePerson()) await input.put(path, bytes);
  await writeJson(store, runKeys.config, parseConfig({}));
  const signal = new AbortController().signal;
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date() };
  await catalog.run({ force: false }, context);
  await organize.run({ force: false }, context);
  const [{ courseId }] = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const { jobs } = await sizeJobs.run({ courseId, force: false }, context);
  return { course: courseId, task: jobs.structures.task };
}
