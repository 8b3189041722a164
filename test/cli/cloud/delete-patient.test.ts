import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { writeJson, writeJsonLines } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addDelete } from '../../../cli/commands/delete.ts';

const PATIENT = 'HOSPITAL-4711';
let aws: LocalAws;

before(async () => {
  aws = await startLocalAws({ DescribeExecution: () => ({ status: 'SUCCEEDED' }) });
});
after(() => aws.close());
beforeEach(() => aws.objects.clear());

const row = (key: string, id: string, uid = key) => ({ instance: { key, sopInstanceUid: uid, patient: { id } } });
const course = (courseId: string, id: string, keys: string[]) => ({
  courseId,
  patient: { id },
  images: [{ instances: keys.map((key) => ({ key, sopInstanceUid: key })) }],
});

/** A run with a course of the patient, one of another, and what was made of both. */
async function runOf(name: string, lines: object[], courses: ReturnType<typeof course>[]): Promise<void> {
  const store = await openStore(`s3://results/runs/${name}`);
  await writeJsonLines(store, runKeys.instancePart('all'), lines);
  for (const one of courses) {
    await writeJson(store, `courses/${one.courseId}/course.json`, one);
    aws.objects.set(`/results/runs/${name}/courses/${one.courseId}/dvh/dvh.json?1`, Buffer.from('x'));
  }
  for (const key of ['results/dvh.parquet?1', 'results/dvh.parquet?2', 'private/files.csv?1', 'private/config.json?1'])
    aws.objects.set(`/results/runs/${name}/${key}`, Buffer.from('x'));
  for (const line of lines as ReturnType<typeof row>[])
    aws.objects.set(`/uploads/incoming/${name}/${line.instance.key}?1`, Buffer.from('x'));
}

async function remaining(...flags: string[]) {
  const all = ['s3://results', '--uploads', 's3://uploads', '--patient', ...flags];
  const answer = await runCommand(addDelete, 'delete', ...all);
  return { ...answer, left: [...aws.objects.keys()].filter((key) => key.includes('?')).sort() };
}

async function twoRuns(): Promise<void> {
  await runOf(
    'u1',
    [row('1', PATIENT), row('2', ''), row('3', 'other'), row('9', PATIENT)],
    [course('aa', PATIENT, ['1', '2']), course('bb', 'other', ['3'])],
  );
  await runOf('u2', [row('4', PATIENT)], [course('cc', 'P-7f3a', ['4'])]);
  await runOf('u3', [row('5', 'other')], [course('dd', 'other', ['5'])]);
  aws.objects.set('/results/queries/answer.csv?1', Buffer.from('x'));
}

const OF_OTHERS = [
  '/results/runs/u1/courses/bb/dvh/dvh.json?1',
  '/results/runs/u1/private/config.json?1',
  '/results/runs/u2/private/config.json?1',
  '/results/runs/u3/courses/dd/dvh/dvh.json?1',
  '/results/runs/u3/private/config.json?1',
  '/results/runs/u3/private/files.csv?1',
  '/results/runs/u3/results/dvh.parquet?1',
  '/results/runs/u3/results/dvh.parquet?2',
  '/uploads/incoming/u1/3?1',
  '/uploads/incoming/u3/5?1',
];

test('delete-patient removes the patient from all runs: courses, files, tables and lists', async () => {
  await twoRuns();
  const { left, output } = await remaining(PATIENT, '--yes');
  assert.deepEqual(left, OF_OTHERS);
  // Three files, two objects of the course, two versions of a table, the list of the upload and its names, a query answer.
  assert.match(output, /u1: 1 courses, 3 files sent.*: 10 versions deleted/);
  assert.ok(!output.includes(PATIENT), 'the report names nobody');
});

test('delete-patient accepts the id that the tables show', async () => {
  await twoRuns();
  const { left } = await remaining('P-7f3a', '--yes');
  assert.ok(!left.some((key) => key.includes('/u2/') && !key.endsWith('config.json?1')), left.join());
  assert.ok(left.includes('/uploads/incoming/u1/1?1'), 'another run knows the patient by another id');
});

test('without --yes nothing is deleted, and an unknown patient is reported', async () => {
  await twoRuns();
  const before = [...aws.objects.keys()].filter((key) => key.includes('?')).sort();
  const { left, output } = await remaining(PATIENT);
  assert.deepEqual(left, before);
  assert.match(output, /u2: would delete 1 courses, 1 files sent/);
  assert.match((await remaining('nobody', '--yes')).refusal ?? '', /none of 3 runs holds this patient/);
});

test('archives that hold the patient are kept and reported', async () => {
  await runOf('u4', [row('unpacked:a/1', PATIENT)], [course('ee', PATIENT, ['unpacked:a/1'])]);
  const { output } = await remaining(PATIENT, '--yes');
  assert.match(output, /1 files of the patient are in archives, which are kept/);
  process.exitCode = 0;
});
