import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson } from '#lib/course-store/json.ts';
import { readStructures } from '#lib/course-store/structures.ts';
import type { SegmentationRecord } from '#lib/segmentation/record.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import type { AnyCourseStage } from '#lib/stages/define-course-stage.ts';
import { customModels } from '#lib/stages/segmentation/custom-models.ts';
import { type SegmentationList, segmentationListKey } from '#lib/stages/segmentation/segment-images.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { foreignOnnx } from '../../../fixtures/foreign-onnx.ts';
import { onnxNetwork } from '../../../fixtures/onnx-network.ts';
import { COURSE_ID, segmentedCourse } from '../../../fixtures/segmented-course.ts';

const PATCH: [number, number, number] = [8, 8, 8];
const root = mkdtempSync(join(tmpdir(), 'foreign-models-test-'));
after(() => rmSync(root, { recursive: true }));

const whole = onnxNetwork({ patch: PATCH, weights: [0, 1] });
const shapes = { input: [1, 1, ...PATCH], output: [1, 2, ...PATCH] };

/** What the file of a model is, what else its description says, and the words of its finding; none where it runs. */
const MODELS: Record<string, { file: Uint8Array; more?: object; dataset?: object; message?: RegExp }> = {
  good: { file: whole },
  two_channels: {
    file: foreignOnnx({ ...shapes, weights: [0, 1], channels: 2, input: [1, 2, ...PATCH] }),
    message: /takes 2 channels, but the model gives it 1/,
  },
  other_numbers: { file: foreignOnnx({ ...shapes, weights: [0, 1], gives: 'double' }), message: /type float64/ },
  two_outputs: { file: foreignOnnx({ ...shapes, weights: [0, 1], outputs: 2 }), message: /has 2 outputs/ },
  truncated: { file: whole.subarray(0, whole.length / 2), message: /truncated or not an ONNX file/ },
  without_weights: {
    file: onnxNetwork({ patch: PATCH, weights: [0, 1], external: 'absent.data' }),
    message: /its weights are in a separate file/,
  },
  other_labels: {
    file: whole,
    dataset: { labels: { background: 0, dark: 1, bright: 2 } },
    message: /label_order names 1 labels, but the network was trained on 2: dark, bright/,
  },
  for_mr: { file: whole, more: { modality: 'MR' } },
  trained_on_mr: {
    file: whole,
    dataset: { channel_names: { 0: 'MRI' } },
    message: /the network was trained on MR \(MRI in dataset\.json\), but the model is for CT: set modality to MR/,
  },
  of_two_images: {
    file: whole,
    dataset: { channel_names: { 0: 'CT', 1: 'PET' } },
    message: /2 channels \(CT, PET\), but a model gets one image/,
  },
};

for (const [name, { file, more, dataset }] of Object.entries(MODELS)) addModel(name, file, more, dataset);

test('models that cannot run fail each with a finding; the others run, and the course goes on', async () => {
  const { context } = await segmentedCourse({ custom_models: { enabled: true, root } });
  await assert.rejects(run(customModels, context));
  const { status, findings } = await readJson<StageStatus>(
    context.store,
    courseKeys(COURSE_ID).status('custom_models'),
  );
  assert.equal(status, 'failed');
  for (const [name, { message }] of Object.entries(MODELS)) {
    const own = findings.filter((finding) => finding.message.startsWith(`custom-${name}: `));
    assert.deepEqual(
      own.map(({ code }) => code),
      message ? ['SEGMENTATION_FAILED'] : [],
      name,
    );
    if (message) assert.match(own[0].message, message);
  }
  const ran = (await recordsOf(context)).filter((record) => record.status === 'ok');
  assert.deepEqual(
    ran.map(({ source, imageNumber }) => [source, imageNumber]),
    [
      ['custom:for_mr', 1],
      ['custom:good', 0],
    ],
  );
  assert.equal((await run(structures, context)).status, 'ok');
  const found = await readStructures(context.store, COURSE_ID);
  assert.deepEqual(
    found.structures.map((structure) => [structure.source, structure.status]),
    [
      ['custom:for_mr', 'ok'],
      ['custom:good', 'ok'],
    ],
  );
});

function addModel(name: string, file: Uint8Array, more: object = {}, dataset: object = {}): void {
  const folder = join(root, name);
  mkdirSync(folder);
  const settings = { patch_size: PATCH, spacing: [5, 4, 4], normalization_schemes: ['NoNormalization'] };
  const axes = { transpose_forward: [0, 1, 2], transpose_backward: [0, 1, 2] };
  const plans = {
    configurations: { '3d_fullres': settings },
    ...axes,
    foreground_intensity_properties_per_channel: {},
  };
  const networks = [{ alias: 'n', checkpoint: 'model.onnx', plans: 'plans.json', label_order: ['bright'] }];
  const model = { name, nnunet: { interface: 'onnx' }, networks, ...more };
  writeFileSync(join(folder, 'custom_model.yaml'), JSON.stringify(model));
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(plans));
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(dataset));
  writeFileSync(join(folder, 'model.onnx'), file);
}

function run(stage: AnyCourseStage, context: StageContext) {
  return courseStage(stage).run({ courseId: COURSE_ID, force: false }, context);
}

async function recordsOf({ store }: StageContext): Promise<SegmentationRecord[]> {
  return (await readJson<SegmentationList>(store, segmentationListKey(COURSE_ID, 'custom_models'))).segmentations;
}
