/**
 * How long the viewer takes from a click to three planes of a CT of 512 x 512 x 300 voxels, in Chromium without a graphics
 * card: `node bench/viewer-load.ts`. Says the time on the clock, and the work of the page's own thread, which does not
 * count what else the machine does. The picture lies in `test/browser/pictures/viewer-load.png`.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersOf } from '../cli/view/answers.ts';
import { startServer } from '../cli/view/server.ts';
import { viewedRun } from '../cli/view/viewed-run.ts';
import { packNifti, storedGrid } from '../lib/course-store/images.ts';
import { writeJson } from '../lib/course-store/json.ts';
import { PATIENTS } from '../lib/phantom/demo/patients.ts';
import { paint } from '../lib/phantom/paint.ts';
import { pelvis } from '../lib/phantom/pelvis.ts';
import { imageOf, seriesOf, studyOf } from '../lib/phantom/scene.ts';
import { courseKeys } from '../lib/store/keys.ts';
import { memoryStore } from '../lib/store/memory.ts';
import { openChromium } from '../test/browser/chromium.ts';

const COURSE_ID = 'abcdef0123456789';
const KEYS = courseKeys(COURSE_ID);
const IMAGE_KEY = 'courses/image.nii.gz';
const PICTURES = fileURLToPath(new URL('../test/browser/pictures/', import.meta.url));
const SHOWN_MS = 180_000;
const TIMES = 3;

const store = memoryStore('memory:bench');
await writeCourse();
const browser = await openChromium();
if ('missing' in browser) process.exit(1);
const server = await startServer(answersOf(viewedRun(store, memoryStore('memory:upload'))));
try {
  for (let n = 0; n < TIMES; n++) await measure(n + 1);
} finally {
  await browser.close();
  await server.close();
}

async function measure(n: number): Promise<void> {
  if ('missing' in browser) return;
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url, { timeout: SHOWN_MS });
  await page.waitForSelector('main, table, h1');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  const [before, started] = [await work(), performance.now()];
  await page.evaluate(`location.hash = 'course/${COURSE_ID}'`);
  await page.waitForSelector('html[data-state=shown]', { timeout: SHOWN_MS });
  const clock = (performance.now() - started) / 1000;
  console.log(
    `${n}: ${clock.toFixed(2)} s on the clock, ${((await work()) - before).toFixed(2)} s of work of the page`,
  );
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, 'viewer-load.png') });
  await page.close();
}

/** A course of one CT that a stage has read: a pelvis with the noise of a scanner, which does not pack well. */
async function writeCourse(): Promise<void> {
  const ct = imageOf(
    seriesOf(studyOf(PATIENTS[0], 'BENCH', '20240101', 'Bench'), 1, 'CT'),
    'ctImage',
    [512, 512, 300],
    [0.9, 0.9, 1],
  );
  const hu = paint(ct.grid, -1000, pelvis().tissues, 1);
  const grid = { ...ct.grid, frameOfReferenceUid: ct.series.frameOfReferenceUid };
  const body = packNifti({ grid, data: hu });
  console.log(`${(hu.byteLength / 1e6).toFixed(0)} MB of voxels, ${(body.length / 1e6).toFixed(0)} MB packed`);
  await store.put(IMAGE_KEY, body);
  const image = {
    seriesInstanceUid: ct.series.uid,
    modality: 'CT',
    role: 'planning',
    frameOfReferenceUid: grid.frameOfReferenceUid,
  };
  await writeJson(store, KEYS.course, {
    courseId: COURSE_ID,
    displayName: '2024-01',
    patient: { id: 'BENCH' },
    images: [{ ...image, description: '', date: '', volume: '' }],
    ...{ structureSets: [], doses: [], plans: [], registrations: [], fractions: [] },
    doseDecision: { selected: [], alternatives: [], otherTypes: [], candidates: [] },
  });
  const record = { ...image, number: 0, quantity: 'HU', grid: storedGrid(grid), key: IMAGE_KEY, sopInstanceUids: [] };
  await writeJson(store, KEYS.images, {
    signature: '',
    images: [{ ...record, missingOffsetsMm: [], findings: [] }],
    files: {},
  });
}
