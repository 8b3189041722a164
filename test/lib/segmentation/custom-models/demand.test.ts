import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { demandsOf, type ImageSize, type NetworkDemand, predictedMiB } from '#lib/segmentation/custom-models/demand.ts';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'demand-test-'));
after(() => rmSync(folder, { recursive: true }));

interface NetworkFiles {
  classes: number;
  features: number;
  window: number;
  spacingMm: number;
  megabytes: number;
  hasHead?: boolean;
  isRespaced?: boolean;
  isMirrored?: boolean;
}

/** The need of a network whose files have these sizes. */
async function demandOf(network: NetworkFiles): Promise<NetworkDemand> {
  const { classes, features, window, spacingMm, megabytes } = network;
  const own = mkdtempSync(join(folder, 'model-'));
  const write = (name: string, bytes: number) => {
    writeFileSync(join(own, name), '');
    truncateSync(join(own, name), bytes);
  };
  write('fold_0.onnx', 1e6 * megabytes);
  if (network.hasHead) write('fold_0.head.onnx', 16_000);
  const settings = {
    patch_size: [window, window, window],
    spacing: [spacingMm, spacingMm, spacingMm],
    normalization_schemes: ['NoNormalization'],
    architecture: { arch_kwargs: { features_per_stage: [features, 2 * features] } },
  };
  const plans = {
    configurations: { '3d_fullres': settings },
    transpose_forward: [0, 1, 2],
    transpose_backward: [0, 1, 2],
    foreground_intensity_properties_per_channel: {},
  };
  writeFileSync(join(own, 'plans.json'), JSON.stringify(plans));
  const label_order = Array.from({ length: classes - 1 }, (_, index) => `organ ${index + 1}`);
  const step = {
    name: 'all',
    networks: ['own'],
    labels: { 'organ 1': 1 },
    spacing_mm: [spacingMm, spacingMm, spacingMm],
  };
  const content = {
    name: 'm',
    nnunet: { interface: 'onnx' },
    networks: [
      {
        ...{ alias: 'own', checkpoint: 'fold_{fold}.onnx', folds: ['0'], label_order },
        mirror_axes: network.isMirrored ? [0, 1, 2] : [],
      },
    ],
    ...(network.isRespaced && { steps: [step] }),
  };
  const [demand] = await demandsOf(parseCustomModel(content, own));
  return demand;
}

const CHEST: ImageSize = { size: [512, 512, 180], spacingMm: [0.9, 0.9, 2.5] };
const PART: ImageSize = { size: [88, 80, 55], spacingMm: [1.4, 1.4, 2.3] };
const WHOLE = { features: 32, window: 128, megabytes: 125 };

/**
 * Peak resident memory of whole processes by GNU time 1.9, Node 24 with onnxruntime-node 1.30.0 on two cores, 2026-11-30:
 * networks with random weights in the architecture that nnU-Net plans, and small ones. A claim is never below and at most 1.6
 * times what was measured: a job also reads its image, and sums of windows grow by what the engine has not yet given back.
 */
const MEASURED: [what: string, network: NetworkFiles, image: ImageSize, mib: number][] = [
  [
    'a small network of 118 classes',
    { classes: 118, features: 4, window: 32, spacingMm: 3, megabytes: 0.02, hasHead: true, isRespaced: true },
    CHEST,
    1309,
  ],
  ['a network of 118 classes', { classes: 118, ...WHOLE, spacingMm: 3, hasHead: true, isRespaced: true }, CHEST, 2651],
  ['a network of 3 classes', { classes: 3, ...WHOLE, spacingMm: 1.5, isRespaced: true }, PART, 1402],
  [
    'a network that takes the image as it is',
    { classes: 6, features: 8, window: 40, spacingMm: 5, megabytes: 0.5 },
    CHEST,
    1661,
  ],
];
const MOST = 1.6;

for (const [what, network, image, mib] of MEASURED) {
  test(`the memory of ${what} is predicted from its files`, async () => {
    const predicted = predictedMiB(await demandOf(network), image) as number;
    assert.ok(predicted >= mib && predicted <= MOST * mib, `predicted ${predicted} MiB, measured ${mib} MiB`);
  });
}

test('a last layer in a file of its own needs only some answers of a window, and mirroring needs all', async () => {
  const many = { classes: 118, ...WHOLE, spacingMm: 3 };
  const of = async (more: object) => predictedMiB(await demandOf({ ...many, ...more }), PART) as number;
  const [whole, parts, mirrored] = [
    await of({}),
    await of({ hasHead: true }),
    await of({ hasHead: true, isMirrored: true }),
  ];
  // 2 copies of 118 answers beside 32 features against 4 copies of the features: (268 - 128) arrays of 8 MiB.
  assert.equal(whole - parts, 140 * 8);
  assert.equal(mirrored - parts, 118 * 8);
});

test('an image that is thinner than a window needs the memory of a window along that axis', async () => {
  const demand = await demandOf({ classes: 25, ...WHOLE, spacingMm: 1.5 });
  const of = (slices: number) => predictedMiB(demand, { size: [100, 100, slices], spacingMm: [3, 3, 3] }) as number;
  const beside = (slices: number) => of(slices) - (100 * 100 * slices * 45) / 2 ** 20;
  assert.ok(Math.abs(beside(10) - beside(60)) <= 1, 'both are padded to 128 slices of 1.5 mm');
  // 128 slices of 200 x 200 more; a voxel takes 24 bytes, and 2 for each of 25 classes and for the weights.
  const more = (128 * 200 * 200 * (24 + 2 * 26)) / 2 ** 20;
  assert.ok(Math.abs(beside(128) - beside(60) - more) <= 1);
});

test('no memory is predicted for a network that another program runs', async () => {
  assert.equal(predictedMiB({ classes: 3, onnx: null }, CHEST), undefined);
});
