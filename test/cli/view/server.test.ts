import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { namedDose } from '#lib/course-store/dose.ts';
import { gridOf, readImages } from '#lib/course-store/images.ts';
import { readMask, readStructures } from '#lib/course-store/structures.ts';
import { voxelCount } from '#lib/image/grid.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import type { CourseScene, ListedCourse, VolumeHead } from '#lib/viewer/scene.ts';
import { type ViewedCohort, viewedCohort } from '#test/fixtures/viewed-cohort.ts';
import { answersOf } from '../../../cli/view/answers.ts';
import { type RunningServer, startServer } from '../../../cli/view/server.ts';

let cohort: ViewedCohort;
let server: RunningServer;

before(async () => {
  cohort = await viewedCohort(['RTP-001', 'RTP-002', 'RTP-004', 'RTP-010']);
  server = await startServer(answersOf(cohort.run));
});
after(() => server?.close());

interface Asked {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** `fetch` does not let a test name another host. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Asked> {
  const { hostname, port, host } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { host, ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

const TOKEN = () => new URL(server.url).searchParams.get('token') ?? '';
const askWithToken = (path: string) => ask(`${path}?token=${TOKEN()}`);

async function json<T>(path: string): Promise<T> {
  const { status, body } = await askWithToken(path);
  assert.equal(status, 200, body.toString());
  return JSON.parse(body.toString());
}

test('the viewer listens on the loopback interface alone', () => {
  assert.equal(new URL(server.url).hostname, '127.0.0.1');
});

test('without the token even the page is refused', async () => {
  for (const path of ['/', '/view.css', '/view.js', '/api/courses', '/nothing'])
    assert.equal((await ask(path)).status, 403);
});

test('requests under another host name are refused, token or not', async () => {
  assert.equal((await ask(`/api/courses?token=${TOKEN()}`, { host: 'evil.example' })).status, 403);
});

test('the page sets a cookie that opens the other addresses', async () => {
  const page = await askWithToken('/');
  assert.equal(page.status, 200);
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
  assert.equal(page.headers['cache-control'], 'no-store');
  const [cookie] = String(page.headers['set-cookie']).split(';');
  assert.equal((await ask('/api/courses', { cookie })).status, 200);
  assert.equal((await ask('/api/courses', { cookie }, 'PUT')).status, 405);
});

test('only listed paths are served', async () => {
  const id = cohort.courseIdOf('RTP-001');
  for (const path of [
    '/../private/config.json',
    '/api/courses/../../run',
    `/api/courses/${id}/../x`,
    `/api/courses/${id}/images/..%2F..`,
    `/api/courses/${id}/masks/1`,
    '/api/courses/RTP-001',
    '/page.html',
  ])
    assert.equal((await askWithToken(path)).status, 404, path);
});

test('missing and unreadable objects are reported', async () => {
  const missing = await askWithToken('/api/courses/0123456789abcdef');
  assert.notEqual(missing.status, 200);
  const id = cohort.courseIdOf('RTP-001');
  const noMask = await askWithToken(`/api/courses/${id}/masks/9999/voxels`);
  assert.deepEqual([noMask.status, noMask.body.toString()], [422, 'the structure has no mask']);
});

test('every course of the run is listed', async () => {
  const listed = await json<ListedCourse[]>('/api/courses');
  assert.deepEqual(
    listed.map(({ courseId }) => courseId).sort(),
    cohort.courses.map(({ courseId }) => courseId).sort(),
  );
});

test('the scene has every structure with the DVH and the metrics of the tables', async () => {
  const courseId = cohort.courseIdOf('RTP-001');
  const scene = await json<CourseScene>(`/api/courses/${courseId}`);
  const { structures } = await readStructures(cohort.run.store, courseId);
  assert.deepEqual(
    scene.structures.map(({ name, volumeCc }) => [name, volumeCc]),
    structures.map(({ roiName, volumeCc }) => [roiName, volumeCc]),
  );
  const curves = (await cohort.rows('dvh', 'dvh_curves')).filter((row) => row.course_id === courseId);
  const metrics = (await cohort.rows('dvh', 'dvh_metrics')).filter((row) => row.course_id === courseId);
  assert.equal(scene.structures.flatMap((one) => one.curves.flatMap(({ doseGy }) => doseGy)).length, curves.length);
  const bladder = scene.structures.find(({ name }) => name === 'Bladder')?.curves[0];
  const ofTable = metrics.find((row) => row.roi_name === 'Bladder');
  assert.equal(bladder?.metrics['Mean[Gy]'], ofTable?.['Mean[Gy]']);
  assert.deepEqual(
    bladder?.volumeCc,
    curves.filter((row) => row.roi_name === 'Bladder').map((row) => row['volume[cc]']),
  );
});

test('an image is sent with its exact grid, packed as stored', async () => {
  const courseId = cohort.courseIdOf('RTP-001');
  const planning = (await readImages(cohort.run.store, courseId)).find(({ role }) => role === 'planning');
  assert.ok(planning?.grid);
  const head = await json<VolumeHead>(`/api/courses/${courseId}/images/${planning.number}`);
  assert.deepEqual([head.space, head.quantity, head.grid.originMm], ['planning', 'HU', planning.grid.originMm]);
  const { headers, body } = await askWithToken(`/api/courses/${courseId}/images/${planning.number}/voxels`);
  assert.equal(headers['content-encoding'], 'gzip');
  assert.equal(readNifti(gunzipSync(body)).data.length, voxelCount(head.grid));
});

test('a registered MR moves to the planning image by its registration', async () => {
  const courseId = cohort.courseIdOf('RTP-001');
  const course = cohort.courses.find((one) => one.courseId === courseId);
  const number = course?.images.findIndex(({ modality }) => modality === 'MR') ?? -1;
  const stored = (await readImages(cohort.run.store, courseId)).find((image) => image.number === number);
  const head = await json<VolumeHead>(`/api/courses/${courseId}/images/${number}`);
  const [registration] = course?.registrations ?? [];
  const matrix = registration.registration.items.find(
    ({ frameOfReferenceUid }) => frameOfReferenceUid === stored?.grid?.frameOfReferenceUid,
  )?.matrix;
  assert.ok(matrix && stored?.grid);
  const [x, y, z] = stored.grid.originMm;
  const moved = [0, 1, 2].map(
    (r) => matrix[4 * r] * x + matrix[4 * r + 1] * y + matrix[4 * r + 2] * z + matrix[4 * r + 3],
  );
  assert.equal(head.space, 'planning');
  assert.ok(moved.every((mm, axis) => Math.abs(mm - head.grid.originMm[axis]) < 1e-9));
  assert.match(head.notes.join(' '), /registration/);
});

test('a PET that no stage reads comes from the upload, in SUV', async () => {
  const courseId = cohort.courseIdOf('RTP-004');
  const number = cohort.courses
    .find((one) => one.courseId === courseId)
    ?.images.findIndex(({ modality }) => modality === 'PT');
  const head = await json<VolumeHead>(`/api/courses/${courseId}/images/${number}`);
  assert.equal(head.quantity, 'SUVbw');
  const { body } = await askWithToken(`/api/courses/${courseId}/images/${number}/voxels`);
  assert.equal(readNifti(new Uint8Array(body)).data.length, voxelCount(head.grid));
});

for (const [patient, what] of [
  ['RTP-001', 'one dose'],
  ['RTP-002', 'a sum that the product wrote'],
  ['RTP-010', 'doses that nobody decides between'],
])
  test(`the doses of the DVHs come first, with their voxels: ${what}`, async () => {
    const courseId = cohort.courseIdOf(patient);
    const course = cohort.courses.find((one) => one.courseId === courseId);
    const scene = await json<CourseScene>(`/api/courses/${courseId}`);
    const ofTable = (await cohort.rows('dvh', 'dvh_curves')).filter((row) => row.course_id === courseId);
    const evaluated = scene.doses.filter(({ isEvaluated }) => isEvaluated).map(({ doseUid }) => doseUid);
    assert.deepEqual(new Set(evaluated), new Set(ofTable.map((row) => row.dose_uid)));
    assert.equal(scene.doses[0].isEvaluated, true);
    assert.ok(course);
    for (const doseUid of evaluated) {
      const { volume } = await namedDose(course, doseUid, cohort.context);
      const head = await json<VolumeHead>(`/api/courses/${courseId}/doses/${doseUid}`);
      assert.deepEqual([head.space, head.quantity, head.grid.size], ['planning', 'Gy', volume.grid.size]);
      const { body } = await askWithToken(`/api/courses/${courseId}/doses/${doseUid}/voxels`);
      assert.deepEqual(readNifti(new Uint8Array(body)).data, volume.data);
    }
  });

test('a mask is sent cropped to its bounding box, with the box', async () => {
  const courseId = cohort.courseIdOf('RTP-001');
  const { structures } = await readStructures(cohort.run.store, courseId);
  const record = structures.find(({ roiName }) => roiName === 'Bladder');
  const image = (await readImages(cohort.run.store, courseId)).find(({ number }) => number === record?.imageNumber);
  assert.ok(record && image?.grid);
  const mask = await readMask(cohort.run.store, record, gridOf(image.grid));
  const { headers, body } = await askWithToken(`/api/courses/${courseId}/masks/${record.number}/voxels`);
  assert.equal(headers['x-box'], [...mask.box.start, ...mask.box.size].join(' '));
  assert.deepEqual(new Uint8Array(body), mask.data);
});
