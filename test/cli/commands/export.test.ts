import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { dvh } from '#lib/stages/dvh.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { fileStore } from '#lib/store/file.ts';
import { exportRun } from '../../../cli/commands/export.ts';
import { cohortInMemory } from '../../fixtures/cohort-in-memory.ts';
import { plantedCourse } from '../../fixtures/planted-course.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-'));
const RUN = join(folder, 'run');
const options = { source: 'manual', dataset: '7_pelvis' };

/** Two sound courses as a run left them in a folder; the rectum of the second is not drawn. */
before(async () => {
  const withoutRectum = { rois: (rois: { name: string }[]) => rois.filter(({ name }) => name !== 'Rectum') };
  const objects = [...plantedCourse('P-1', 1), ...plantedCourse('P-2', 2, withoutRectum as never)];
  const { context } = await cohortInMemory(objects, {}, [structures, dvh]);
  const store = fileStore(RUN);
  for await (const { key } of context.store.list('')) await store.put(key, await context.store.get(key));
});
after(() => rmSync(folder, { recursive: true }));

const filesIn = (name: string) =>
  readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .sort();
const nifti = (path: string) => readNifti(new Uint8Array(gunzipSync(readFileSync(join(folder, path)))));

test('slicer: each course gets a folder with image, dose, segmentation and a mask per structure', async () => {
  const { lines, leftOut } = await exportRun(RUN, { ...options, to: 'slicer', out: join(folder, 'slicer') });
  assert.deepEqual([lines, leftOut], [['2 courses: 2 images, 21 structures, 2 doses'], []]);
  const files = filesIn('slicer');
  const root = files[0].split('/')[0];
  const image = nifti(`slicer/${root}/CT.nii.gz`);
  const mask = nifti(`slicer/${root}/CT_structures/Bladder.nii.gz`);
  assert.deepEqual(mask.grid, image.grid);
  const dose = files.find((name) => name.startsWith(`${root}/dose_`));
  const { data } = nifti(`slicer/${dose}`);
  const highest = Float32Array.from(data).reduce((most, value) => Math.max(most, value), 0);
  assert.ok(highest > 69 && highest < 71, `the highest dose is ${highest} Gy`);
  const segmentation = readFileSync(join(folder, `slicer/${root}/CT.seg.nrrd`)).toString('latin1');
  assert.match(segmentation, /^NRRD0004\n.*Segment1_Name:=Bladder\n/s);
});

test('bids: each patient becomes a subject, and masks are derivatives', async () => {
  await exportRun(RUN, { ...options, to: 'bids', out: join(folder, 'bids'), structures: ['Bladder'] });
  assert.deepEqual(
    filesIn('bids').filter((name) => name.includes('P1')),
    [
      'derivatives/rtpipeline/sub-P1/ses-1/ct/sub-P1_ses-1_run-1_label-Bladder_mask.json',
      'derivatives/rtpipeline/sub-P1/ses-1/ct/sub-P1_ses-1_run-1_label-Bladder_mask.nii.gz',
      'derivatives/rtpipeline/sub-P1/ses-1/dose/sub-P1_ses-1_desc-dose1_dose.json',
      'derivatives/rtpipeline/sub-P1/ses-1/dose/sub-P1_ses-1_desc-dose1_dose.nii.gz',
      'sub-P1/ses-1/ct/sub-P1_ses-1_run-1_ct.json',
      'sub-P1/ses-1/ct/sub-P1_ses-1_run-1_ct.nii.gz',
    ],
  );
  assert.match(readFileSync(join(folder, 'bids/participants.tsv'), 'utf8'), /^participant_id\tage\tsex\nsub-P1\t/);
  const mask = 'bids/derivatives/rtpipeline/sub-P1/ses-1/ct/sub-P1_ses-1_run-1_label-Bladder_mask.json';
  const { SpatialReference } = JSON.parse(readFileSync(join(folder, mask), 'utf8'));
  assert.equal(SpatialReference, 'bids:raw:sub-P1/ses-1/ct/sub-P1_ses-1_run-1_ct.nii.gz');
});

test('nnunet: labels follow the requested order, and a course that lacks one is left out and reported', async () => {
  const labels = ['Rectum', 'PTV*'];
  const { leftOut } = await exportRun(RUN, { ...options, to: 'nnunet', out: join(folder, 'nn'), structures: labels });
  assert.equal(leftOut.length, 1);
  assert.match(leftOut[0], /it has no Rectum$/);
  const cases = ['dataset.json', 'imagesTr/P-1_0000.nii.gz', 'labelsTr/P-1.nii.gz'];
  assert.deepEqual(
    filesIn('nn'),
    cases.map((name) => `Dataset007_pelvis/${name}`),
  );
  const { data } = nifti('nn/Dataset007_pelvis/labelsTr/P-1.nii.gz');
  assert.deepEqual([...new Set(data)].sort(), [0, 1, 2]);
  const dataset = JSON.parse(readFileSync(join(folder, 'nn/Dataset007_pelvis/dataset.json'), 'utf8'));
  assert.deepEqual(dataset.labels, { background: 0, Rectum: 1, 'PTV*': 2 });
});

test('export names in one sentence what it cannot export', async () => {
  const to = (layout: string, more = {}) =>
    exportRun(RUN, { ...options, to: layout, out: join(folder, 'new'), ...more });
  await assert.rejects(to('slicre'), /--to must be one of slicer, bids, nnunet/);
  await assert.rejects(to('nnunet'), /needs --structures/);
  writeFileSync(join(folder, 'taken'), '');
  await assert.rejects(to('slicer', { out: folder }), /the folder is not empty/);
  await assert.rejects(to('slicer', { out: join(folder, 'taken') }), /is a file, not a folder/);
});
