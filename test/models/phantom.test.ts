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
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import { runOnnx } from '#lib/segmentation/nnunet/run-onnx.ts';

const ROOT = fileURLToPath(new URL('../../models', import.meta.url));
const [model] = (await discoverModels(ROOT, ['phantom'])).models;

/** Organs of the anatomies by the model's names, with the overlap (Dice) that it reaches at least on new images. */
const THORAX: [label: string, organ: string, least: number][] = [
  ['lung_left', 'Lung_L', 0.95],
  ['lung_right', 'Lung_R', 0.95],
  ['heart', 'Heart', 0.9],
  ['spinal_cord', 'SpinalCord', 0.6],
];
const PELVIS: [label: string, organ: string, least: number][] = [
  ['urinary_bladder', 'Bladder', 0.9],
  ['femur_head_left', 'Femur_Head_L', 0.85],
  ['femur_head_right', 'Femur_Head_R', 0.85],
];

test('the demo model finds the organs of unseen anatomies', async () => {
  for (const [anatomy, organs, seed] of [
    [thorax([-76, 4, 30], 12), THORAX, 501],
    [pelvis(), PELVIS, 502],
  ] as const) {
    const dice = await diceOf(anatomy, seed);
    for (const [label, organ, least] of organs)
      assert.ok(dice(label, organ) > least, `${label}: ${dice(label, organ)}`);
  }
});

test('the demo model is small enough to ship with the code', () => {
  assert.ok(statSync(`${ROOT}/phantom/model.onnx`).size < 2e6);
});

async function diceOf(anatomy: Anatomy, seed: number): Promise<(label: string, organ: string) => number> {
  const grid = axialGrid([96, 84, 44], [4.1, 4.1, 4.4]);
  const volume = { grid, data: paint(grid, -1000, anatomy.tissues, seed) };
  const input = { volume, where: '', cores: 1, signal: new AbortController().signal, log: silentLog };
  const [{ volume: found, labels }] = (await runOnnx(model, input, 'cpu')).labelMaps;
  return (label, organ) => {
    const value = labels.find(({ name }) => name === label)?.value;
    const truth = paint(grid, 0, [{ solid: anatomy.organs[organ], value: 1, noise: 0 }], 0);
    let [ours, theirs, both] = [0, 0, 0];
    for (let v = 0; v < truth.length; v++) {
      const isOurs = found.data[v] === value;
      if (isOurs) ours++;
      if (truth[v] === 1) theirs++;
      if (isOurs && truth[v] === 1) both++;
    }
    return (2 * both) / (ours + theirs);
  };
}
