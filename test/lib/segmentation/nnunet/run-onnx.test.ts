import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadConfig, BadInput } from '#lib/errors.ts';
import type { Volume } from '#lib/image/grid.ts';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';
import { UnusableResult } from '#lib/segmentation/label-map.ts';
import { runOnnx } from '#lib/segmentation/nnunet/run-onnx.ts';
import { type OnnxNetwork, onnxHead, onnxNetwork, rawWeights } from '../../../fixtures/onnx-network.ts';

const PATCH: [number, number, number] = [8, 8, 8];
const folder = mkdtempSync(join(tmpdir(), 'onnx-test-'));
after(() => rmSync(folder, { recursive: true }));

/** -1 in the first half along x, 1 in the other. */
function image(): Volume<Int16Array> {
  const data = Int16Array.from({ length: 12 * 9 * 10 }, (_, v) => (v % 12 < 6 ? -1 : 1));
  return { grid: { size: [12, 9, 10], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

/** Runs a network that is bright where the image is (class 1) and dark where it is (class 2). */
async function run(network: Partial<OnnxNetwork>, dataset?: object, labelOrder = ['bright', 'dark']) {
  const bytes = onnxNetwork({ patch: PATCH, weights: [0, 1, -1], ...network });
  writeFileSync(join(folder, 'model.onnx'), bytes);
  const settings = { patch_size: PATCH, spacing: [2, 2, 2], normalization_schemes: ['NoNormalization'] };
  const plans = {
    configurations: { '3d_fullres': settings },
    transpose_forward: [0, 1, 2],
    transpose_backward: [0, 1, 2],
    foreground_intensity_properties_per_channel: {},
  };
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(plans));
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(dataset ?? {}));
  return runFile({ ...ONE, label_order: labelOrder });
}

const ONE = { id: 'n', checkpoint: 'model.onnx', label_order: ['bright', 'dark'] };

function runFile(network: object) {
  const model = parseCustomModel({ name: 'm', nnunet: { interface: 'onnx' }, networks: [network] }, folder);
  const { signal } = new AbortController();
  return runOnnx(model, { volume: image(), where: '1.2', cores: 1, signal, log: silentLog }, 'cpu');
}

const refusal = (type: unknown, message: RegExp) => (error: Error) =>
  error instanceof (type as typeof Error) && message.test(error.message);

test('a network that covers the whole patch labels the image', async () => {
  const { labelMaps, findings } = await run({});
  assert.deepEqual(
    [...labelMaps[0].volume.data],
    Array.from(image().data, (value) => (value > 0 ? 1 : 2)),
  );
  assert.deepEqual(findings, []);
});

test('a network with weights in a separate file runs, and a missing file is reported', async () => {
  await assert.rejects(
    run({ external: 'absent.data' }),
    refusal(BadInput, /in a separate file \(such as model\.onnx\.data\), which must lie beside it/),
  );
  writeFileSync(join(folder, 'model.onnx.data'), rawWeights([0, 1, -1]));
  const { labelMaps } = await run({ external: 'model.onnx.data' });
  assert.equal(labelMaps[0].volume.data[0], 2);
});

test('a network whose last layer has a file of its own gives the same labels, and other numbers of classes are refused', async () => {
  const features = [1, -1, 0.5];
  const classes = Array.from({ length: 20 }, (_, c) => features.map((_, f) => Math.sin(3 * c + f)));
  const head = join(folder, 'model.head.onnx');
  const names = classes.slice(1).map((_, c) => `class ${c + 1}`);
  const weights = classes.map((row) => row.reduce((sum, weight, f) => sum + weight * features[f], 0));
  const whole = await run({ weights }, undefined, names);
  writeFileSync(head, onnxHead(PATCH, classes));
  try {
    const { labelMaps } = await run({ weights: features }, undefined, names);
    assert.ok(new Set(labelMaps[0].volume.data).size > 1);
    assert.deepEqual(labelMaps[0].volume.data, whole.labelMaps[0].volume.data);
    await assert.rejects(run({ weights: features }, undefined, names.slice(1)), refusal(BadInput, /20 classes/));
    await assert.rejects(run({ weights: features }, undefined, [...names, 'more']), refusal(BadInput, /20 classes/));
  } finally {
    rmSync(head);
  }
});

test('missing or broken plans and dataset.json are reported by name', async () => {
  const networks = [{ id: 'n', checkpoint: 'model.onnx', label_order: ['a'] }];
  const empty = mkdtempSync(join(folder, 'empty-'));
  const model = parseCustomModel({ name: 'm', nnunet: { interface: 'onnx' }, networks }, empty);
  const { signal } = new AbortController();
  const start = () => runOnnx(model, { volume: image(), where: '1.2', cores: 1, signal, log: silentLog }, 'cpu');
  await assert.rejects(start(), refusal(BadInput, /does not exist \(plans.json\)/));
  writeFileSync(join(empty, 'plans.json'), '{"configurations": {');
  await assert.rejects(start(), refusal(BadInput, /not valid JSON \(plans.json\)/));
  writeFileSync(join(empty, 'plans.json'), '{}');
  await assert.rejects(start(), refusal(BadConfig, /plans.json/));
});

test('a truncated network, and one that takes other windows than its plans say, are refused with the reason', async () => {
  const file = join(folder, 'model.onnx');
  await run({});
  const bytes = readFileSync(file);
  const truncated = { ...ONE, checkpoint: 'cut.onnx' };
  writeFileSync(join(folder, 'cut.onnx'), bytes.subarray(0, bytes.length / 2));
  await assert.rejects(
    runFile(truncated),
    refusal(BadInput, /truncated or not an ONNX file\. Copy it again \(cut\.onnx\)/),
  );
  await assert.rejects(
    runFile({ ...ONE, checkpoint: 'absent.onnx' }),
    refusal(BadInput, /does not exist \(absent\.onnx\)/),
  );
  await assert.rejects(
    run({ patch: [8, 8, 16] }),
    refusal(BadInput, /windows of \[8,8,16\] voxels, but plans\.json says/),
  );
});

test('a result of half the patch is refused, not read as background', async () => {
  await assert.rejects(run({ stride: 2 }), refusal(BadInput, /\[1,3,4,4,4\] instead of \[1,3,8,8,8\]/));
});

test('a network with another number of classes is refused', async () => {
  await assert.rejects(run({ weights: [0, 1, -1, 2] }), refusal(BadInput, /4 classes/));
});

test('NaN and infinite results are refused, not read as background', async () => {
  await assert.rejects(run({ weights: [0, Number.NaN, -1] }), refusal(UnusableResult, /not finite numbers/));
  await assert.rejects(run({ weights: [0, 1e6, -1] }), refusal(UnusableResult, /not finite numbers/));
});

test('labels must match the labels of the training; renamed ones are reported', async () => {
  const labels = { background: 0, bright: 1, dark: 2 };
  assert.deepEqual((await run({}, { labels })).findings, []);
  await assert.rejects(
    run({}, { labels }, ['dark', 'bright']),
    refusal(BadConfig, /calls the value 1 dark, but the network was trained on bright/),
  );
  const renamed = await run({}, { labels }, ['Bright', 'shade']);
  assert.deepEqual(
    renamed.findings.map(({ code, message }) => `${code}: ${message}`),
    ['CUSTOM_MODEL_LABELS_RENAMED: m, n: labels have other names than in dataset.json: 2 shade (dark)'],
  );
});

test('overlapping regions become separate structures, with the names of dataset.json', async () => {
  const dataset = { labels: { background: 0, whole: [1, 2], dark: 2, ignore: 3 }, regions_class_order: [1, 2] };
  const { labelMaps } = await run({ weights: [1, -1] }, dataset, ['Whole', 'Dark']);
  assert.deepEqual(
    labelMaps.map(({ labels }) => labels),
    [[{ value: 1, name: 'Whole' }], [{ value: 1, name: 'Dark' }]],
  );
  assert.ok(labelMaps[0].volume.data.every((value) => value === 1));
  assert.deepEqual(
    [...labelMaps[1].volume.data],
    Array.from(image().data, (value) => (value > 0 ? 0 : 1)),
  );
  await assert.rejects(run({}, dataset, ['shell', 'core']), refusal(BadConfig, /must name them/));
  await assert.rejects(run({}, dataset, ['whole', 'dark']), refusal(BadInput, /3 classes.*2 regions/));
});
