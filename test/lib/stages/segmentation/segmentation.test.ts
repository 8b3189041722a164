import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Config, parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { readImages } from '#lib/course-store/images.ts';
import { readJson } from '#lib/course-store/json.ts';
import { readStructures } from '#lib/course-store/structures.ts';
import { GpuOutOfMemory } from '#lib/errors.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import type { Course } from '#lib/rt/course.ts';
import type { SegmentationRecord } from '#lib/segmentation/record.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import { type SegmentationList, segmentationListKey } from '#lib/stages/segmentation/segment-images.ts';
import { segmentation } from '#lib/stages/segmentation/segmentation.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import type { Claim } from '#lib/stages/task.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { effectiveConfig } from '../../../../cli/configuration.ts';
import { writeConvertedTask } from '../../../fixtures/converted-task.ts';
import { COURSE_ID, segmentedCourse } from '../../../fixtures/segmented-course.ts';

const COMMAND = fileURLToPath(new URL('../../../fixtures/programs/segmenter.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'segmentation-stage-test-'));
const LOG = join(folder, 'calls.jsonl');
const SETTINGS = { segmentation: { command: COMMAND, device: 'cpu' } };

beforeEach(() => {
  rmSync(LOG, { force: true });
  process.env.FAKE_SEGMENTER_LOG = LOG;
  delete process.env.FAKE_SEGMENTER;
});
after(() => {
  rmSync(folder, { recursive: true });
  delete process.env.FAKE_SEGMENTER;
  delete process.env.FAKE_SEGMENTER_LOG;
});

const run = (context: StageContext, force = false) =>
  courseStage(segmentation).run({ courseId: COURSE_ID, force }, context);

const statusOf = ({ store }: StageContext) =>
  readJson<StageStatus>(store, courseKeys(COURSE_ID).status('segmentation'));

async function recordsOf({ store }: StageContext): Promise<SegmentationRecord[]> {
  return (await readJson<SegmentationList>(store, segmentationListKey(COURSE_ID, 'segmentation'))).segmentations;
}

/** Tasks that the program was called for. */
function tasks(): string[] {
  const lines = readFileSync(LOG, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).args as string[]);
  return lines.filter((args) => args.includes('--task')).map((args) => args[args.indexOf('--task') + 1]);
}

test('CT and MR are segmented by their own tasks, and a CT of two slices is refused with the reason', async () => {
  const { context } = await segmentedCourse(SETTINGS);
  const output = await run(context);
  assert.equal(output.status, 'ok');
  assert.deepEqual(
    (await recordsOf(context)).map(({ model, imageNumber, status }) => `${imageNumber} ${model} ${status}`),
    ['0 total ok', '1 total_mr ok', '2 total skipped'],
  );
  assert.deepEqual(tasks(), ['total', 'total_mr']);
  const { findings } = await statusOf(context);
  assert.deepEqual(findings.map(({ code }) => code).sort(), ['NOT_SEGMENTED', 'SEGMENTED_ON_EVEN_SLICES']);
});

test('a label map lies voxel for voxel on its image, uneven slices too', async () => {
  const { context } = await segmentedCourse(SETTINGS);
  await run(context);
  const images = await readImages(context.store, COURSE_ID);
  for (const { parts, imageNumber } of (await recordsOf(context)).slice(0, 2)) {
    const image = readNifti(await context.store.get(images[imageNumber].key as string));
    const labels = readNifti(await context.store.get(parts[0].key));
    assert.deepEqual(labels.grid.size, image.grid.size);
    assert.deepEqual(
      [...labels.data],
      Array.from(image.data, (value) => (value > 100 ? 2 : value > 0 ? 1 : 0)),
    );
    const counts = parts[0].labels.map(({ voxels }) => voxels);
    assert.deepEqual(
      counts,
      [1, 2, 3].map((value) => labels.data.filter((found) => found === value).length),
    );
  }
});

test('every class of every model becomes a structure, an empty one if not found', async () => {
  const { context } = await segmentedCourse(SETTINGS);
  await run(context);
  await courseStage(structures).run({ courseId: COURSE_ID, force: false }, context);
  const found = (await readStructures(context.store, COURSE_ID)).structures;
  assert.deepEqual(
    found.map(({ source, roiName, roiNumber, imageNumber, status }) =>
      [source, imageNumber, roiNumber, roiName, status].join(' '),
    ),
    [
      '0 1 bright ok',
      '0 2 brighter ok',
      '0 3 absent empty',
      '1 4 bright ok',
      '1 5 brighter ok',
      '1 6 absent empty',
    ].map((text) => `totalsegmentator ${text}`),
  );
  const voxelCc = (4 * 4 * 5) / 1000;
  assert.ok(Math.abs(found[3].volumeCc - found[3].voxels * voxelCc) < 1e-9);
});

test('an extra model does not run on an image that lacks its region', async () => {
  const extra = { extra_models: ['heartchambers_highres', 'lung_vessels'] };
  const { context } = await segmentedCourse({ segmentation: { ...SETTINGS.segmentation, ...extra } });
  process.env.FAKE_SEGMENTER_CLASSES = 'liver,spleen,vertebrae_T4';
  assert.equal((await run(context)).status, 'ok');
  delete process.env.FAKE_SEGMENTER_CLASSES;
  const [, chambers] = await recordsOf(context);
  assert.deepEqual(
    [chambers.model, chambers.status, chambers.reason],
    [
      'heartchambers_highres',
      'skipped',
      'heartchambers_highres is left out: the image shows THORAX only with confidence 0',
    ],
  );
  assert.deepEqual(tasks(), ['total', 'lung_vessels', 'total_mr']);
});

test('a failed task is an error with its findings, and the results of the others stay', async () => {
  const { context } = await segmentedCourse({ segmentation: { ...SETTINGS.segmentation, extra_models: ['body'] } });
  await run(context);
  const before = tasks().length;
  process.env.FAKE_SEGMENTER = 'license';
  await assert.rejects(run(context, true), /requires a license/);
  const failed = await statusOf(context);
  assert.equal(failed.status, 'failed');
  assert.deepEqual([...new Set(failed.findings.map(({ code }) => code))].sort(), [
    'NOT_SEGMENTED',
    'SEGMENTATION_LICENSE',
  ]);

  process.env.FAKE_SEGMENTER = 'well';
  assert.equal((await run(context)).status, 'ok');
  assert.equal(tasks().length, 2 * before, 'the label maps of before still hold');
  const { outputs } = await statusOf(context);
  assert.equal(outputs.filter(({ key }) => key.endsWith('.nii.gz') && key.includes('/segmentation/')).length, before);
  assert.equal((await run(context)).resumed, true);
});

test('a GPU that stays full ends the job with that error, so that a larger one is tried', async () => {
  const { context } = await segmentedCourse(SETTINGS);
  process.env.FAKE_SEGMENTER = 'gpu_full';
  await assert.rejects(run(context), GpuOutOfMemory);
  assert.ok((await statusOf(context)).findings.some(({ code }) => code === 'SEGMENTATION_GPU_MEMORY'));
});

test('without the program the stage says how to get it, and the course goes on', async () => {
  const { context } = await segmentedCourse({ segmentation: { command: '/nowhere/TotalSegmentator' } });
  const output = await run(context);
  assert.deepEqual([output.status, /pip install TotalSegmentator/.test(output.reason)], ['skipped', true]);
});

test('after the program is installed the next run segments without --force', async () => {
  const command = join(folder, 'TotalSegmentator');
  const { context } = await segmentedCourse({ segmentation: { command, device: 'cpu' } });
  const outcome = async () => {
    const { status, resumed } = await run(context);
    return [status, resumed];
  };
  assert.deepEqual(await outcome(), ['skipped', false]);
  assert.deepEqual(await outcome(), ['skipped', true]);
  symlinkSync(COMMAND, command);
  assert.deepEqual(await outcome(), ['ok', false]);
  rmSync(command);
  assert.deepEqual(await outcome(), ['ok', true]);
});

test('an exchanged converted task is run again, and a job claims what its networks need', async () => {
  const weights = mkdtempSync(join(folder, 'weights-'));
  for (const [task, modality] of [
    ['total', 'CT'],
    ['total_mr', 'MR'],
  ] as const)
    writeConvertedTask(weights, task, modality);
  const settings = async () => {
    const { config } = await effectiveConfig(undefined, {}, { 'segmentation.weights': weights });
    return config;
  };
  const before = await settings();
  const names = before.segmentation.converted.map(({ name, networks }) => [
    name,
    networks.map(({ classes, onnx }) => [classes, onnx?.window]),
  ]);
  assert.deepEqual(names, [
    ['total', [[3, [8, 8, 8]]]],
    ['total_mr', [[3, [8, 8, 8]]]],
  ]);
  writeFileSync(join(weights, 'converted', 'total', 'manifest.json'), '{}');
  const after = await settings();
  assert.notDeepEqual(segmentation.configuration(after), segmentation.configuration(before));

  const { context } = await segmentedCourse({});
  const course = await readJson<Course>(context.store, courseKeys(COURSE_ID).course);
  const claim = (config: Config) => (segmentation.claim(course, config) as Claim).memoryMiB;
  const [small, usual] = [claim(after), claim(parseConfig({}))];
  assert.ok(small < 1200 && usual > 12_288, `${small} ${usual}`);
  const half = { ...after.segmentation, converted: after.segmentation.converted.slice(0, 1) };
  assert.equal(claim({ ...after, segmentation: half }), usual, 'the MR needs the program');
});

test('converted tasks run without the program, and the others are named until something can run them', async () => {
  const weights = mkdtempSync(join(folder, 'weights-'));
  writeConvertedTask(weights, 'total', 'CT');
  const settings = { command: join(folder, 'nowhere'), device: 'cpu', weights };
  const { context } = await segmentedCourse({ segmentation: settings });
  assert.equal((await run(context)).status, 'partial');
  const [ct] = await recordsOf(context);
  assert.deepEqual([ct.model, ct.source, ct.status], ['total', 'totalsegmentator', 'ok']);
  assert.equal(ct.programs[0].name, 'onnxruntime');
  assert.deepEqual(
    ct.parts[0].labels.map(({ name, value }) => [name, value]),
    [
      ['spleen', 1],
      ['liver', 5],
    ],
  );
  assert.ok(ct.parts[0].labels.every(({ voxels }) => voxels > 0));
  const { findings } = await statusOf(context);
  const lost = findings.find(({ code }) => code === 'NO_SEGMENTATION_TOOL');
  assert.match(lost?.message ?? '', /^total_mr did not run: not converted, and .* is not installed$/);

  writeConvertedTask(weights, 'total_mr', 'MR');
  assert.equal((await run(context)).status, 'ok');
  assert.deepEqual(
    (await recordsOf(context)).map(({ model, status }) => `${model} ${status}`),
    ['total ok', 'total_mr ok', 'total skipped'],
  );
});
