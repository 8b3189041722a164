import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { BadInput } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { type AddOptions, addModel } from '#lib/segmentation/conversion/add-model.ts';
import { checkFiles, readManifest } from '#lib/segmentation/conversion/manifest.ts';
import { removeModel, verifyModel } from '#lib/segmentation/conversion/verify-model.ts';
import { modelsDigest } from '#lib/segmentation/custom-models/digest.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import { runOnnx } from '#lib/segmentation/nnunet/run-onnx.ts';
import { onnxNetwork } from '../../../fixtures/onnx-network.ts';

const PATCH: [number, number, number] = [4, 4, 4];
const WEIGHTS = [0, 1, -1];
const work = mkdtempSync(join(tmpdir(), 'add-model-test-'));
after(() => rmSync(work, { recursive: true }));
let count = 0;

const settings = { patch_size: PATCH, spacing: [2, 2, 2], normalization_schemes: ['CTNormalization'] };
const INTENSITIES = { mean: 10, std: 20, percentile_00_5: -30, percentile_99_5: 50 };

interface Trained {
  configuration?: string;
  plans?: object;
  dataset?: object;
  folds?: string[];
  files?: string[];
}

/** A folder as nnU-Net's training leaves it, in a folder of its data set. @returns the latter */
function trainedFolder({ configuration = '3d_fullres', plans = {}, dataset, folds = ['0'], files }: Trained): string {
  const parent = join(work, `Dataset${count++}`);
  const folder = join(parent, `nnUNetTrainer__nnUNetPlans__${configuration}`);
  const turn = { transpose_forward: [0, 1, 2], transpose_backward: [0, 1, 2] };
  const all = {
    configurations: { [configuration]: { ...settings, ...plans } },
    ...turn,
    foreground_intensity_properties_per_channel: { 0: INTENSITIES },
    image_reader_writer: 'SimpleITKIO',
  };
  for (const fold of folds) {
    mkdirSync(join(folder, `fold_${fold}`), { recursive: true });
    for (const file of files ?? ['checkpoint_final.pth']) writeFileSync(join(folder, `fold_${fold}`, file), 'weights');
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'plans.json'), JSON.stringify(all));
  const labels = { background: 0, bright: 1, dark: 2 };
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(dataset ?? { channel_names: { 0: 'CT' }, labels }));
  return parent;
}

/** Stands for Python: answers the exporter's question with a network of one convolution and these words. */
function python(answer: object, networks: string[] = ['fold_0.onnx']): string {
  const folder = join(work, `python${count++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'export.json'), JSON.stringify(answer));
  for (const name of networks) writeFileSync(join(folder, name), onnxNetwork({ patch: PATCH, weights: WEIGHTS }));
  const program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\ncp ${folder}/*.json ${folder}/*.onnx "$3"\n`, { mode: 0o755 });
  return program;
}

/** The sample window, written here by itself: 2654435761 times the place, modulo 2^32, on -2 to 2. */
function logits(): number[] {
  const window = Array.from({ length: 64 }, (_, v) => Number((BigInt(v) * 2_654_435_761n) % 4_294_967_296n));
  return WEIGHTS.flatMap((weight) => window.map((value) => weight * (value / 2 ** 30 - 2)));
}

const answer = (values = logits()) => ({
  ...{ trainer: 'nnUNetTrainer', patch: PATCH, channels: 1, classes: 3, mirror_axes: [0, 2] },
  checks: { 0: { step: 1, logits: values } },
  versions: { nnunetv2: '2.8.1' },
});

function options(more: Partial<AddOptions>): AddOptions {
  const { signal } = new AbortController();
  const usual = { name: 'm', checkpoint: 'checkpoint_final.pth', folds: [], activate: null, signal };
  return { ...usual, python: python(answer()), ...more };
}

const refusal = (message: RegExp) => (error: Error) => error instanceof BadInput && message.test(error.message);

test('a trained model becomes a model folder with a manifest that verifies its files', async () => {
  const root = join(work, 'models');
  const folder = await addModel(root, trainedFolder({}), options({ licence: 'CC-BY-4.0' }));
  const { models, findings } = await discoverModels(root, []);
  assert.deepEqual(findings, []);
  assert.deepEqual(models[0].networks[0].label_order, ['bright', 'dark']);
  assert.deepEqual(models[0].networks[0].mirror_axes, [0, 2]);
  const manifest = await readManifest(folder);
  assert.equal(manifest?.licence, 'CC-BY-4.0');
  assert.deepEqual(manifest?.networks[0].intensities, INTENSITIES);
  assert.deepEqual(await verifyModel(folder), []);
  const digest = await modelsDigest(root);
  await assert.rejects(addModel(root, trainedFolder({}), options({})), refusal(/already/));

  const network = join(folder, '3d_fullres', 'fold_0.onnx');
  const bytes = readFileSync(network);
  writeFileSync(network, bytes.subarray(0, 50));
  assert.deepEqual(await verifyModel(folder), ['3d_fullres/fold_0.onnx has changed since it was written (50 bytes)']);
  rmSync(network);
  assert.deepEqual(await verifyModel(folder), ['3d_fullres/fold_0.onnx is not there']);

  await assert.rejects(removeModel(root, '../models'), refusal(/not a valid model name/));
  await removeModel(root, 'm');
  assert.ok(!existsSync(folder));
  await addModel(root, trainedFolder({}), options({ licence: 'MIT' }));
  assert.notEqual(await modelsDigest(root), digest);
});

test('a manifest that cannot be read keeps a model from running and from being verified, not from being removed', async () => {
  const root = join(work, 'versions');
  const cases: [string, RegExp][] = [
    ['{"format":2}', /another version of rtpipeline \(format 2, here 1\): remove the model and add it again/],
    ['{"format":1', /the manifest cannot be read: remove the model and add it again/],
    ['{"format":1}', /the manifest cannot be read/],
    ['[]', /the manifest cannot be read/],
  ];
  for (const [manifest, message] of cases) {
    const folder = await addModel(root, trainedFolder({}), options({}));
    const network = join(folder, '3d_fullres', 'fold_0.onnx');
    await checkFiles(folder, [network]);
    writeFileSync(join(folder, 'manifest.json'), manifest);
    await assert.rejects(checkFiles(folder, [network]), refusal(message));
    await assert.rejects(verifyModel(folder), refusal(message));
    await removeModel(root, 'm');
    assert.ok(!existsSync(folder));
  }
});

test('a converted network that lost or changed a byte does not run', async () => {
  const root = join(work, 'damaged');
  const folder = await addModel(root, trainedFolder({}), options({}));
  const [{ networks, ...model }] = (await discoverModels(root, [])).models;
  const grid = { size: PATCH, spacingMm: PATCH, originMm: PATCH, direction: IDENTITY };
  const input = { volume: { grid, data: new Int16Array(64) }, where: '1.2', cores: 1, log: silentLog };
  const start = () => runOnnx({ networks, ...model }, { ...input, signal: new AbortController().signal }, 'cpu');
  await start();
  const file = join(folder, '3d_fullres', 'fold_0.onnx');
  const bytes = readFileSync(file);
  const at = bytes.indexOf(Buffer.from(Float32Array.of(-1).buffer));
  assert.ok(at > 0);
  for (const damaged of [bytes.with(at, 7), bytes.subarray(0, -1)]) {
    writeFileSync(file, damaged);
    const changed = /has changed since `models add` wrote it\. Copy it again.*\(3d_fullres\/fold_0\.onnx\)/;
    await assert.rejects(start(), refusal(changed));
  }
});

test('an unsupported model is refused by name, and nothing of it stays', async () => {
  const root = join(work, 'refused');
  const empty = join(work, 'empty');
  mkdirSync(empty);
  const one = trainedFolder({ configuration: '3d_cascade_fullres', plans: { previous_stage: '3d_lowres' } });
  const cases: [string, Partial<AddOptions>, RegExp][] = [
    [join(work, 'nowhere'), {}, /folder or file does not exist/],
    [empty, {}, /plans.json/],
    [trainedFolder({ folds: [] }), {}, /fold_0 or fold_all/],
    [trainedFolder({}), { folds: ['3'] }, /fold 3 does not exist; there are 0/],
    [trainedFolder({ files: ['checkpoint_best.pth'] }), {}, /no checkpoint_final.pth; set --checkpoint/],
    [trainedFolder({}), { configuration: '2d' }, /no trained 2d found; there are nnUNetTrainer/],
    [
      trainedFolder({ plans: { normalization_schemes: ['CTNormalization', 'CTNormalization'] } }),
      {},
      /several channels/,
    ],
    [trainedFolder({ plans: { normalization_schemes: ['MyOwn'] } }), {}, /normalisation MyOwn/],
    [trainedFolder({ plans: { resampling_fn_data: 'resample_torch_fornnunet' } }), {}, /resample_torch_fornnunet/],
    [one, {}, /refines the result of 3d_lowres/],
    [
      trainedFolder({ dataset: { labels: { background: 0, a: 1, b: 2 }, channel_names: { 0: 'PET' } } }),
      {},
      /--modality/,
    ],
    [trainedFolder({}), { modality: 'mr' }, /--modality MR contradicts dataset\.json: it calls the images "CT"/],
    [
      trainedFolder({}),
      { python: python({ refused: 'this Python lacks torch' }) },
      /not converted: this Python lacks torch/,
    ],
    [trainedFolder({}), { python: python(answer(logits().map((value) => value + 1))) }, /other results than PyTorch/],
    [trainedFolder({}), { name: '../x' }, /letters, digits/],
  ];
  for (const [location, more, message] of cases)
    await assert.rejects(addModel(root, location, options(more)), refusal(message), String(message));
  const noPython = options({ python: join(work, 'no-python') });
  await assert.rejects(
    addModel(root, trainedFolder({}), noPython),
    refusal(/no-python could not be started.*Name a Python with PyTorch/),
  );
  assert.deepEqual(existsSync(root) ? readdirSync(root) : [], []);
});

test('both networks of a cascade are converted, the second after the first', async () => {
  const parent = trainedFolder({ configuration: '3d_lowres' });
  const cascade = trainedFolder({ configuration: '3d_cascade_fullres', plans: { previous_stage: '3d_lowres' } });
  const name = 'nnUNetTrainer__nnUNetPlans__3d_lowres';
  const low = join(cascade, name);
  mkdirSync(join(low, 'fold_0'), { recursive: true });
  for (const file of ['plans.json', 'dataset.json', 'fold_0/checkpoint_final.pth'])
    writeFileSync(join(low, file), readFileSync(join(parent, name, file)));
  const configuration = '3d_cascade_fullres';
  await assert.rejects(
    addModel(join(work, 'cascade'), cascade, options({})),
    refusal(/there are several configurations/),
  );
  const folder = await addModel(join(work, 'cascade'), cascade, options({ configuration }));
  const { networks } = parse(readFileSync(join(folder, 'custom_model.yaml'), 'utf8'));
  assert.deepEqual(
    networks.map((network: Record<string, unknown>) => [network.alias, network.previous_stage]),
    [
      ['3d_lowres', undefined],
      [configuration, '3d_lowres'],
    ],
  );
});
