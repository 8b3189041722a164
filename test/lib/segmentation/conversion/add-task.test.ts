import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BadInput } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { type AddTaskOptions, addTask } from '#lib/segmentation/conversion/add-task.ts';
import { readManifest } from '#lib/segmentation/conversion/manifest.ts';
import { verifyModel } from '#lib/segmentation/conversion/verify-model.ts';
import { UnusableResult } from '#lib/segmentation/label-map.ts';
import { convertedTask } from '#lib/segmentation/total-segmentator/converted-tasks.ts';
import { runConverted } from '#lib/segmentation/total-segmentator/run-converted.ts';
import { onnxNetwork } from '../../../fixtures/onnx-network.ts';

const PATCH: [number, number, number] = [4, 4, 4];
const WEIGHTS = [0, 1, -1];
const TRAINED = 'nnUNetTrainer__nnUNetPlans__3d_fullres';
const work = mkdtempSync(join(tmpdir(), 'add-task-test-'));
after(() => rmSync(work, { recursive: true }));
let count = 0;

/** A folder of weights with one trained network. */
function weightsFolder(labels: object = { background: 0, class_1: 1, class_2: 2 }): string {
  const folder = join(work, `weights${count++}`);
  const trained = join(folder, 'Dataset297_tiny', TRAINED);
  mkdirSync(join(trained, 'fold_0'), { recursive: true });
  writeFileSync(join(trained, 'fold_0', 'checkpoint_final.pth'), 'weights');
  const settings = { patch_size: PATCH, spacing: [2, 2, 2], normalization_schemes: ['NoNormalization'] };
  const turn = { transpose_forward: [0, 1, 2], transpose_backward: [0, 1, 2] };
  const plans = { configurations: { '3d_fullres': settings }, ...turn };
  const all = { ...plans, foreground_intensity_properties_per_channel: {} };
  writeFileSync(join(trained, 'plans.json'), JSON.stringify(all));
  writeFileSync(join(trained, 'dataset.json'), JSON.stringify({ channel_names: { 0: 'CT' }, labels }));
  return folder;
}

const NETWORK = {
  ...{ number: 297, folder: 'Dataset297_tiny', trained: TRAINED, configuration: '3d_fullres', folds: ['0'] },
  labels: { spleen: 1 },
};
const STEP = { name: 'total', labels: { spleen: 1 }, spacing_mm: [2, 2, 2], window_step: 0.8, networks: [NETWORK] };
const DESCRIBED = { version: '2.18.0', steps: [STEP] };

/** The sample window of the exporter: 2654435761 times the place, modulo 2^32, on -2 to 2. */
const WINDOW = Array.from(
  { length: 64 },
  (_, v) => Number((BigInt(v) * 2_654_435_761n) % 4_294_967_296n) / 2 ** 30 - 2,
);
const EXPORTED = {
  ...{ trainer: 'nnUNetTrainer', patch: PATCH, channels: 1, classes: 3, mirror_axes: [0, 1, 2] },
  checks: { 0: { step: 1, logits: WEIGHTS.flatMap((weight) => WINDOW.map((value) => weight * value)) } },
  versions: { nnunetv2: '2.8.1' },
};

/** Stands for Python: tells of the task what is given here, and exports a network of one convolution. */
function python(described: object): string {
  const folder = join(work, `python${count++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'task.json'), JSON.stringify(described));
  writeFileSync(join(folder, 'export.json'), JSON.stringify(EXPORTED));
  writeFileSync(join(folder, 'fold_0.onnx'), onnxNetwork({ patch: PATCH, weights: WEIGHTS }));
  const program = join(folder, 'program');
  const script = `case "$1" in *describe*) cp ${folder}/task.json "$2";; *) cp ${folder}/export.json ${folder}/*.onnx "$3";; esac`;
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return program;
}

function options(weights: string, described: object = DESCRIBED): AddTaskOptions {
  const { signal } = new AbortController();
  return { weights, fast: false, hasLicence: false, python: python(described), activate: null, signal };
}

const refusal = (message: RegExp) => (error: Error) => error instanceof BadInput && message.test(error.message);

test('a converted task is a folder in the weights that runs without the program', async () => {
  const weights = weightsFolder();
  const { folder } = await addTask(weights, 'total', options(weights));
  assert.equal(folder, join(weights, 'converted', 'total'));
  assert.deepEqual(await verifyModel(folder), []);
  const manifest = await readManifest(folder);
  assert.equal(manifest?.licence, 'Apache-2.0');
  assert.equal(manifest?.versions.TotalSegmentator, '2.18.0');

  const converted = await convertedTask(weights, 'total', false);
  assert.ok(converted);
  assert.deepEqual(converted.model.networks[0].label_order, ['spleen', 'unnamed_297_2']);
  const data = Int16Array.from({ length: 12 ** 3 }, (_, v) => (v % 12 < 5 ? 1 : -1));
  const grid = { size: [12, 12, 12], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY } as const;
  const volume = { grid: { ...grid, size: [...grid.size], spacingMm: [...grid.spacingMm] }, data } as never;
  const { signal } = new AbortController();
  const input = { volume, where: '1.2', cores: 1, signal, log: silentLog };
  const settings = { device: 'cpu', roi_subset: null } as const;
  const { labelMaps, programs } = await runConverted(converted, settings, input);
  assert.deepEqual(labelMaps[0].labels, [{ name: 'spleen', value: 1 }]);
  assert.equal([...labelMaps[0].volume.data.subarray(0, 12)].join(''), '111110000000');
  assert.equal(programs[0].options.task, 'total');
  const lost = runConverted(converted, { device: 'cpu', roi_subset: ['liver'] }, input);
  await assert.rejects(
    lost,
    (error) => error instanceof UnusableResult && /has none of the classes liver/.test(error.message),
  );
});

const LOOK = { ...NETWORK, number: 298, folder: 'Dataset298_look', labels: { spleen: 1, liver: 2 } };
const SUBSET = { ...STEP, name: 'crop', labels: LOOK.labels, networks: [LOOK] };

test('the quick look for chosen classes is converted too, and named where its weights are missing', async () => {
  const described = { ...DESCRIBED, subset: SUBSET };
  const weights = weightsFolder();
  const lost = await addTask(weights, 'total', options(weights, described));
  assert.deepEqual(lost.withoutSubset, ['Dataset298_look']);
  assert.equal((await convertedTask(weights, 'total', false))?.model.subset, undefined);

  const both = weightsFolder();
  cpSync(join(both, 'Dataset297_tiny'), join(both, 'Dataset298_look'), { recursive: true });
  const whole = await addTask(both, 'total', options(both, described));
  assert.deepEqual(whole.withoutSubset, []);
  const { model } = (await convertedTask(both, 'total', false))!;
  assert.deepEqual(
    model.networks.map(({ alias }) => alias),
    ['297', '298'],
  );
  assert.deepEqual(model.subset?.networks, ['298']);
});

test('the 3 mm model is converted separately, except for tasks without one', async () => {
  const weights = weightsFolder();
  await addTask(weights, 'total', { ...options(weights), fast: true });
  assert.equal(await convertedTask(weights, 'total', false), undefined);
  assert.equal((await convertedTask(weights, 'total', true))?.model.name, 'total_fast');
  await addTask(weights, 'lung_vessels', options(weights));
  assert.equal((await convertedTask(weights, 'lung_vessels', true))?.model.name, 'lung_vessels');
});

test('what cannot be converted is refused by name, and leaves nothing behind', async () => {
  const weights = weightsFolder();
  const refused = (task: string, given: AddTaskOptions, message: RegExp) =>
    assert.rejects(addTask(weights, task, given), refusal(message));
  await refused(
    'vertebrae_pp',
    options(weights, { refused: 'it renumbers' }),
    /vertebrae_pp is not converted: it renumbers/,
  );
  await refused('face', options(weights), /face needs a licence number: set segmentation.license/);
  await refused('total', { ...options(weights), weights: join(work, 'nowhere') }, /set --weights/);
  const lost = { ...DESCRIBED, steps: [{ ...STEP, networks: [{ ...NETWORK, folder: 'Dataset298_lost' }] }] };
  await refused('total', options(weights, lost), /the weights are missing: Dataset298_lost/);
  const many = { ...DESCRIBED, steps: [{ ...STEP, networks: [{ ...NETWORK, labels: { spleen: 1, liver: 3 } }] }] };
  await refused('total', options(weights, many), /gives 2 structures, but TotalSegmentator names 3/);
  const regions = weightsFolder({ background: 0, whole: [1, 2], core: 2 });
  await refused('total', options(regions), /trained on regions/);
  assert.equal(await convertedTask(weights, 'total', false), undefined);
});

test('a broken description of a converted task is reported by name', async () => {
  const weights = weightsFolder();
  const { folder } = await addTask(weights, 'total', options(weights));
  const file = join(folder, 'custom_model.yaml');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.slice(0, whole.indexOf('steps:')));
  await assert.rejects(convertedTask(weights, 'total', false), refusal(/has no steps/));
  writeFileSync(file, 'networks: [');
  await assert.rejects(convertedTask(weights, 'total', false), refusal(/cannot be read/));
});
