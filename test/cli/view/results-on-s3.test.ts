import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { s3Store } from '#lib/store/s3.ts';
import type { CourseScene } from '#lib/viewer/scene.ts';
import { type S3Server, serveS3 } from '#test/fixtures/s3-server.ts';
import { type ViewedCohort, viewedCohort } from '#test/fixtures/viewed-cohort.ts';
import { answersOf } from '../../../cli/view/answers.ts';
import type { Answering } from '../../../cli/view/server.ts';
import { viewedRun } from '../../../cli/view/viewed-run.ts';

/** The same run beside the viewer and in a bucket. */
let s3: S3Server;
let cohort: ViewedCohort;
let here: Answering;
let there: Answering;

before(async () => {
  cohort = await viewedCohort(['RTP-001']);
  s3 = await serveS3({ results: cohort.context.store, uploads: cohort.context.input });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const { endpoint } = s3;
  const client = new S3Client({ endpoint, credentials, region: 'eu-central-1', forcePathStyle: true });
  here = answersOf(cohort.run);
  there = answersOf(viewedRun(s3Store('results', '', client), s3Store('uploads', '', client)));
});
after(() => s3.close());

async function bodyOf(answering: Answering, path: string): Promise<Buffer> {
  const answer = await answering(path);
  assert.ok(answer, path);
  return Buffer.from(answer.body as string);
}

test('a run in a bucket looks like a run in a folder: list, voxels, masks, doses and contours', async () => {
  const course = `/api/courses/${cohort.courseIdOf('RTP-001')}`;
  const scene: CourseScene = JSON.parse(String(await bodyOf(here, course)));
  const drawn = scene.structures.filter(({ missing, isDrawn }) => missing === '' && isDrawn);
  assert.ok(drawn.length > 3 && scene.images.length > 1 && scene.doses.length > 0);
  const paths = [
    '/api/courses',
    course,
    ...scene.images.flatMap(({ number }) => [`${course}/images/${number}`, `${course}/images/${number}/voxels`]),
    ...scene.doses.flatMap(({ doseUid }) => [`${course}/doses/${doseUid}`, `${course}/doses/${doseUid}/voxels`]),
    ...drawn.flatMap(({ number }) => [`${course}/masks/${number}/voxels`, `${course}/contours/${number}`]),
  ];
  for (const path of paths) assert.ok((await bodyOf(there, path)).equals(await bodyOf(here, path)), path);
});

test('the viewer writes nothing to the bucket, and no request names a patient', () => {
  assert.ok(s3.requests.length > 20);
  assert.deepEqual(
    s3.requests.filter((request) => !/^(GET|HEAD) /.test(request) || /RTP-|Phantom/.test(request)),
    [],
  );
});

test('contours come from the structure set and enclose the counted voxels', async () => {
  const courseId = cohort.courseIdOf('RTP-001');
  const scene: CourseScene = JSON.parse(String(await bodyOf(here, `/api/courses/${courseId}`)));
  const structure = scene.structures.find(({ name }) => name === 'Bladder')!;
  const { loops } = JSON.parse(String(await bodyOf(here, `/api/courses/${courseId}/contours/${structure.number}`)));
  const planes = Map.groupBy(loops as number[][], (loop) => loop[2]);
  const heights = [...planes.keys()].sort((a, b) => a - b);
  const gapMm = heights[1] - heights[0];
  const cc = [...planes.values()].flat().reduce((sum, loop) => sum + (areaMm2(loop) * gapMm) / 1000, 0);
  // Slabs as thick as the gaps, without end caps: masks of voxels differ from them by some per cent.
  assert.ok(Math.abs(cc / structure.volumeCc - 1) < 0.05, `${cc} cc for ${structure.volumeCc} cc`);
});

/** Shoelace formula of a loop on an axial plane. */
function areaMm2(loop: number[]): number {
  let twice = 0;
  for (let p = 0; p < loop.length; p += 3) {
    const q = (p + 3) % loop.length;
    twice += loop[p] * loop[q + 1] - loop[q] * loop[p + 1];
  }
  return Math.abs(twice) / 2;
}
