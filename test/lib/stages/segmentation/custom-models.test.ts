import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, writeJson } from '#lib/course-store/json.ts';
import type { Course } from '#lib/rt/course.ts';
import type { SegmentationRecord } from '#lib/segmentation/record.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import { customModels } from '#lib/stages/segmentation/custom-models.ts';
import { type SegmentationList, segmentationListKey } from '#lib/stages/segmentation/segment-images.ts';
import { segmentation } from '#lib/stages/segmentation/segmentation.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { COURSE_ID, segmentedCourse } from '../../../fixtures/segmented-course.ts';

const programs = fileURLToPath(new URL('../../../fixtures/programs/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'custom-models-stage-test-'));
const TOTAL = { command: join(programs, 'segmenter.mjs'), device: 'cpu' };

beforeEach(() => rmSync(root, { recursive: true, force: true }));
after(() => rmSync(root, { recursive: true, force: true }));

function addModel(name: string, yaml: string): void {
  mkdirSync(join(root, name, 'weights'), { recursive: true });
  writeFileSync(join(root, name, 'custom_model.yaml'), yaml);
}

const courseOf = (custom: object = {}) =>
  segmentedCourse({
    segmentation: TOTAL,
    custom_models: { enabled: true, root, nnunet_predict: join(programs, 'nnunet.mjs'), ...custom },
  });

const run = ({ context }: { context: StageContext }) =>
  courseStage(customModels).run({ courseId: COURSE_ID, force: false }, context);

async function recordsOf({ context }: { context: StageContext }): Promise<SegmentationRecord[]> {
  const key = segmentationListKey(COURSE_ID, 'custom_models');
  return (await readJson<SegmentationList>(context.store, key)).segmentations;
}

async function findingsOf({ context }: { context: StageContext }): Promise<string[]> {
  const status = await readJson<StageStatus>(context.store, courseKeys(COURSE_ID).status('custom_models'));
  return status.findings.map(({ code }) => code).sort();
}

test('a model runs on images of its modality, and its structures carry its name', async () => {
  addModel('heart', 'name: My heart\nnetworks: [{id: 7, source_directory: weights, label_order: [heart]}]');
  addModel('mr', 'modality: MR\nnetworks: [{id: 8, source_directory: weights, label_order: [uterus]}]');
  const course = await courseOf();
  assert.equal((await run(course)).status, 'ok');
  assert.deepEqual(
    (await recordsOf(course)).map((record) => [record.source, record.model, record.imageNumber, record.status]),
    [
      ['custom:My heart', 'custom-My_heart', 0, 'ok'],
      ['custom:My heart', 'custom-My_heart', 2, 'skipped'],
      ['custom:mr', 'custom-mr', 1, 'ok'],
    ],
  );
});

test('a model is left out if TotalSegmentator did not find its body region', async () => {
  addModel('chest', 'required_regions: THORAX\nnetworks: [{id: 7, source_directory: weights, label_order: [heart]}]');
  addModel('belly', 'required_regions: ABDOMEN\nnetworks: [{id: 8, source_directory: weights, label_order: [gut]}]');
  const course = await courseOf();
  process.env.FAKE_SEGMENTER_CLASSES = 'liver,spleen,vertebrae_T4';
  await courseStage(segmentation).run({ courseId: COURSE_ID, force: false }, course.context);
  delete process.env.FAKE_SEGMENTER_CLASSES;
  await run(course);
  assert.deepEqual(
    (await recordsOf(course)).map(({ source, imageNumber, status }) => `${source} ${imageNumber} ${status}`),
    ['custom:belly 0 ok', 'custom:belly 2 skipped', 'custom:chest 0 skipped', 'custom:chest 2 skipped'],
    'lumbar vertebrae were not looked for: nothing to judge by',
  );
  const codes = ['NOT_SEGMENTED', 'NOT_SEGMENTED', 'SEGMENTATION_REGION_ABSENT', 'SEGMENTED_ON_EVEN_SLICES'];
  assert.deepEqual(await findingsOf(course), codes);
});

test('a missing program fails the stage, an incomplete model does not', async () => {
  addModel('bare', 'networks: [{id: 7, source_directory: elsewhere, label_order: [heart]}]');
  const bare = await courseOf();
  assert.equal((await run(bare)).status, 'skipped');
  assert.deepEqual(await findingsOf(bare), ['CUSTOM_MODEL_WITHOUT_WEIGHTS']);
  addModel('whole', 'networks: [{id: 7, source_directory: weights, label_order: [heart]}]');
  const whole = await courseOf({ nnunet_predict: '/nowhere/nnUNetv2_predict' });
  await assert.rejects(run(whole), /could not be started/);
  assert.ok((await findingsOf(whole)).includes('SEGMENTATION_NO_PROGRAM'));
});

test('a model for images that the course does not have is named', async () => {
  const { input, store } = (await courseOf()).context;
  const course = await readJson<Course>(store, courseKeys(COURSE_ID).course);
  const ctAlone = async () => {
    const made = await courseOf();
    await writeJson(made.context.store, courseKeys(COURSE_ID).course, { ...course, images: course.images.slice(0, 1) });
    return { context: { ...made.context, input } };
  };
  addModel('mr', 'modality: MR\nnetworks: [{id: 8, source_directory: weights, label_order: [uterus]}]');
  const alone = await ctAlone();
  const result = await run(alone);
  assert.deepEqual(
    [result.status, result.reason],
    ['skipped', 'mr is for MR, of which the course has no image to segment'],
  );
  assert.deepEqual(await findingsOf(alone), ['CUSTOM_MODEL_WITHOUT_IMAGE']);
  addModel('heart', 'networks: [{id: 7, source_directory: weights, label_order: [heart]}]');
  const both = await ctAlone();
  assert.equal((await run(both)).status, 'ok');
  assert.ok((await findingsOf(both)).includes('CUSTOM_MODEL_WITHOUT_IMAGE'));
});

test('a stage without models says so', async () => {
  const course = await courseOf();
  assert.equal((await run(course)).status, 'skipped');
  assert.deepEqual(await findingsOf(course), ['NO_CUSTOM_MODELS']);
});

test('models and weights in a store are fetched for the run, beside the weights of the image', async () => {
  addModel('heart', 'name: My heart\nnetworks: [{id: 7, source_directory: weights, label_order: [heart]}]');
  const usual = join(root, 'usual');
  const published = join(root, 'published');
  for (const folder of [join(usual, 'Dataset291_x'), join(published, 'Dataset117_y')])
    mkdirSync(folder, { recursive: true });
  const uri = (name: string) => `s3://bucket/models/trees/${name}.json`;
  const course = await segmentedCourse({
    segmentation: { ...TOTAL, weights: uri('weights') },
    custom_models: { enabled: true, root: uri('models'), nnunet_predict: join(programs, 'nnunet.mjs') },
  });
  const asked: string[] = [];
  const fetchFolder = async (one: string) => {
    asked.push(one);
    return one === uri('models') ? root : published;
  };
  process.env.TOTALSEG_WEIGHTS_PATH = usual;
  const { status } = await run({ context: { ...course.context, fetchFolder } });
  delete process.env.TOTALSEG_WEIGHTS_PATH;
  assert.equal(status, 'ok');
  assert.deepEqual(asked, [uri('models'), uri('weights')]);
  assert.deepEqual(readdirSync(published).sort(), ['Dataset117_y', 'Dataset291_x']);
  assert.deepEqual(
    (await recordsOf(course)).map(({ source }) => source),
    ['custom:My heart', 'custom:My heart'],
  );
});
