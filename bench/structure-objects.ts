/**
 * The stage `structures` of a course whose CT of 512 x 512 x 300 was segmented into 117 structures, in one process:
 * `node bench/structure-objects.ts`. Says how long masks, RTSTRUCT and SEG take, how large they are, and the peak memory.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../lib/config.ts';
import { packNifti } from '../lib/course-store/images.ts';
import { sha256, stableJson, writeJson } from '../lib/course-store/json.ts';
import { writeDicom } from '../lib/dicom/write.ts';
import { silentLog } from '../lib/log.ts';
import { PATIENTS } from '../lib/phantom/demo/patients.ts';
import { ctSlices } from '../lib/phantom/objects/image.ts';
import { imageOf, seriesOf, studyOf, uidOf } from '../lib/phantom/scene.ts';
import { inlinePool } from '../lib/pool/inline-pool.ts';
import { seededRandom } from '../lib/random.ts';
import { courseStage } from '../lib/stages/course-stage.ts';
import { segmentationListKey } from '../lib/stages/segmentation/segment-images.ts';
import { structures } from '../lib/stages/structures/structures.ts';
import { fileStore } from '../lib/store/file.ts';
import { courseKeys, runKeys } from '../lib/store/keys.ts';
import type { ObjectStore } from '../lib/store/store.ts';

const COURSE_ID = 'abcdef0123456789';
const KEYS = courseKeys(COURSE_ID);
const CLASSES = 117;
const CT = imageOf(
  seriesOf(studyOf(PATIENTS[0], 'BENCH', '20240101', 'Bench'), 1, 'CT'),
  'ctImage',
  [512, 512, 300],
  [0.977, 0.977, 3],
);

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-bench-'));
try {
  const [input, store] = ['input', 'out'].map((name) => fileStore(join(folder, name)));
  await writeCourse(input, store);
  await writeLabelMap(store);
  const context = { input, store, pool: inlinePool(), log: silentLog, signal: new AbortController().signal };
  const started = performance.now();
  await courseStage(structures).run({ courseId: COURSE_ID, force: false }, { ...context, now: () => new Date() });
  console.log(`${CLASSES} structures: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const name of ['totalsegmentator.dcm', 'totalsegmentator.seg.dcm']) {
    const { bytes } = (await store.head(KEYS.file('structures', name)))!;
    console.log(`${name}: ${(bytes / 2 ** 20).toFixed(0)} MiB`);
  }
  console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
} finally {
  rmSync(folder, { recursive: true });
}

/** A course of one image that was read before; of its slices only the first is a file. */
async function writeCourse(input: ObjectStore, store: ObjectStore): Promise<void> {
  const [columns, rows, slices] = CT.grid.size;
  const [first] = ctSlices({ ...CT, grid: { ...CT.grid, size: [columns, rows, 1] } }, new Int16Array(columns * rows));
  await input.put('slice', writeDicom(first));
  const sopInstanceUids = Array.from({ length: slices }, (_, k) => uidOf(CT.series.uid, k));
  const instances = sopInstanceUids.map((sopInstanceUid) => ({ sopInstanceUid, key: 'slice', version: '1' }));
  const image = { seriesInstanceUid: CT.series.uid, modality: 'CT', role: 'planning', rows, columns, instances };
  await writeJson(store, KEYS.course, {
    courseId: COURSE_ID,
    patient: { id: 'P' },
    images: [image],
    structureSets: [],
  });
  await writeJson(store, runKeys.config, parseConfig({}));
  const grid = { ...CT.grid, frameOfReferenceUid: CT.series.frameOfReferenceUid };
  const record = { ...image, instances: undefined, number: 0, quantity: 'HU', grid, sopInstanceUids, findings: [] };
  await writeJson(store, KEYS.images, { signature: sha256(stableJson([image])), images: [record] });
}

async function writeLabelMap(store: ObjectStore): Promise<void> {
  const key = KEYS.segmentation('total', '0.nii.gz');
  const body = packNifti({ grid: CT.grid, data: paintedLabels() });
  await store.put(key, body);
  const labels = Array.from({ length: CLASSES }, (_, n) => ({ value: n + 1, name: `class_${n + 1}`, voxels: 1 }));
  const segmentation = {
    model: 'total',
    source: 'totalsegmentator',
    imageNumber: 0,
    status: 'ok',
    parts: [{ key, bytes: body.length, labels }],
    programs: [{ name: 'TotalSegmentator', version: '2.0.0' }],
  };
  await writeJson(store, segmentationListKey(COURSE_ID, 'segmentation'), { segmentations: [segmentation] });
}

/** Ellipsoids of all sizes between a rib and a lung, the later above the earlier. */
function paintedLabels(): Uint8Array {
  const [nx, ny, nz] = CT.grid.size;
  const random = seededRandom(5);
  const data = new Uint8Array(nx * ny * nz);
  const between = (low: number, high: number) => low + (high - low) * random();
  for (let value = 1; value <= CLASSES; value++) {
    const [ci, cj, ck] = [between(80, 430), between(120, 390), between(30, 270)];
    const [ri, rj, rk] = [between(8, 70), between(8, 60), between(6, 110)];
    for (let k = Math.max(0, Math.ceil(ck - rk)); k < Math.min(nz, ck + rk); k++)
      for (let j = Math.ceil(cj - rj); j < cj + rj; j++) {
        const rest = 1 - ((k - ck) / rk) ** 2 - ((j - cj) / rj) ** 2;
        if (rest <= 0) continue;
        const half = ri * Math.sqrt(rest);
        const row = nx * (j + ny * k);
        data.fill(value, row + Math.ceil(ci - half), row + Math.floor(ci + half) + 1);
      }
  }
  return data;
}
