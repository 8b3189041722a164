import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { silentLog } from '#lib/log.ts';
import type { Anatomy } from '#lib/phantom/anatomy.ts';
import { paint } from '#lib/phantom/paint.ts';
import { pelvis } from '#lib/phantom/pelvis.ts';
import { axialGrid } from '#lib/phantom/scene.ts';
import { thorax } from '#lib/phantom/thorax.ts';
import { runChain } from '#lib/segmentation/chain/run-chain.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import type { LabelMap } from '#lib/segmentation/label-map.ts';

const ROOT = fileURLToPath(new URL('../../models', import.meta.url));
const [model] = (await discoverModels(ROOT, ['phantom'])).models;

/** Organs of the anatomies by the model's names, with the overlap (Dice) that it reaches at least on new images. */
const THORAX: [label: string, organ: string, least: number][] = [
  ['lung_left', 'Lung_L', 0.95],
  ['lung_right', 'Lung_R', 0.95],
  ['heart', 'Heart', 0.9],
];
const PELVIS: [label: string, organ: string, least: number][] = [
  ['urinary_bladder', 'Bladder', 0.9],
  ['femur_head_left', 'Femur_Head_L', 0.9],
  ['femur_head_right', 'Femur_Head_R', 0.9],
];

test('the demo model finds the organs of unseen anatomies, and none that they do not have', async () => {
  for (const [anatomy, organs, seed] of [
    [thorax([-76, 4, 30], 12), THORAX, 501],
    [pelvis(), PELVIS, 502],
  ] as const) {
    const { volume, labels } = await found(anatomy, seed);
    for (const [label, organ, least] of organs) {
      const dice = diceOf(volume, valueNamed(labels, label), anatomy, organ);
      assert.ok(dice > least, `${label}: ${dice}`);
    }
    for (const [label] of organs === THORAX ? PELVIS : THORAX)
      assert.ok(!volume.data.includes(valueNamed(labels, label)), `${label} is not in this image`);
  }
});

test('the demo model names no organ that it does not find well', () => {
  const claimed = Object.keys(model.steps?.at(-1)?.labels ?? {});
  assert.deepEqual(claimed.sort(), [...THORAX, ...PELVIS].map(([label]) => label).sort());
});

test('the demo model is small enough to ship with the code', () => {
  assert.ok(statSync(`${ROOT}/phantom/model.onnx`).size < 2e6);
});

async function found(anatomy: Anatomy, seed: number): Promise<LabelMap> {
  const grid = axialGrid([96, 84, 44], [4.1, 4.1, 4.4]);
  const volume = { grid, data: paint(grid, -1000, anatomy.tissues, seed) };
  const input = { volume, where: '', cores: 1, signal: new AbortController().signal, log: silentLog };
  return (await runChain(model, model.steps ?? [], input, 'cpu')).labelMaps[0];
}

function valueNamed(labels: LabelMap['labels'], label: string): number {
  const value = labels.find(({ name }) => name === label)?.value;
  assert.ok(value !== undefined, label);
  return value;
}

function diceOf({ grid, data }: LabelMap['volume'], value: number, anatomy: Anatomy, organ: string): number {
  const truth = paint(grid, 0, [{ solid: anatomy.organs[organ], value: 1, noise: 0 }], 0);
  let [ours, theirs, both] = [0, 0, 0];
  for (let v = 0; v < truth.length; v++) {
    const isOurs = data[v] === value;
    if (isOurs) ours++;
    if (truth[v] === 1) theirs++;
    if (isOurs && truth[v] === 1) both++;
  }
  return (2 * both) / (ours + theirs);
}
