/**
 * How long the viewer takes from a click to three planes of a CT of 512 x 512 x 300 voxels, in Chromium without a graphics
 * card: `node bench/viewer-load.ts`. Says the time on the clock until all slices are there and drawn, and the work of all
 * processes of browser and server, which does not count what else the machine does. The picture lies in `test/browser/pictures/viewer-load.png`.
 */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
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
/** Of the times in /proc (USER_HZ). */
const TICKS_PER_SECOND = 100;

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
  const [before, started] = [workOfAll(), performance.now()];
  await page.evaluate(`location.hash = 'course/${COURSE_ID}'`);
  await page.waitForSelector('html[data-state=shown]', { timeout: SHOWN_MS });
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const clock = (performance.now() - started) / 1000;
  const after = workOfAll();
  const work = Object.entries(after).map(([kind, seconds]) => [kind, seconds - (before[kind] ?? 0)] as const);
  const all = work.reduce((sum, [, seconds]) => sum + seconds, 0);
  const parts = work.filter(([, seconds]) => seconds > 0.05).map(([kind, seconds]) => `${kind} ${seconds.toFixed(2)}`);
  console.log(`${n}: ${clock.toFixed(2)} s on the clock, ${all.toFixed(2)} s of work: ${parts.join(', ')}`);
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, 'viewer-load.png') });
  await page.close();
}

/** Seconds of processor of this process and of those that it started, by kind, as Linux counts them. */
function workOfAll(): Record<string, number> {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => processOf(pid) ?? []);
  const mine = new Set([process.pid]);
  for (let isNew = true; isNew; ) {
    const children = processes.filter(({ pid, parent }) => mine.has(parent) && !mine.has(pid));
    isNew = children.length > 0;
    for (const { pid } of children) mine.add(pid);
  }
  const work: Record<string, number> = {};
  for (const { pid, kind, seconds } of processes) if (mine.has(pid)) work[kind] = (work[kind] ?? 0) + seconds;
  return work;
}

/** Undefined when it ended meanwhile. Fields by proc(5). */
function processOf(pid: string): { pid: number; parent: number; seconds: number; kind: string } | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 13) return undefined;
  const kind = /--type=([a-z-]+)/.exec(textOf(`/proc/${pid}/cmdline`))?.[1] ?? 'browser';
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    kind: Number(pid) === process.pid ? 'server' : kind,
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
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
