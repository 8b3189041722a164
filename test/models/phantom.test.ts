import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Volume } from '#lib/image/grid.ts';
import { silentLog } from '#lib/log.ts';
import { runChain } from '#lib/segmentation/chain/run-chain.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import type { LabelMap } from '#lib/segmentation/label-map.ts';
import { runOnnx } from '#lib/segmentation/nnunet/run-onnx.ts';
import { ORGANS, type PhantomCase, phantomCases } from '../../models/phantom/phantom-cases.ts';

const ROOT = fileURLToPath(new URL('../../models', import.meta.url));
const [model] = (await discoverModels(ROOT, ['phantom'])).models;

/** The training takes another seed. */
const UNSEEN = [...phantomCases(777, 8)];
/** The least overlap (Dice) of an organ: voxels of 5 mm show a femoral head of 24 mm radius so well. */
const LEAST_DICE = 0.9;
const inputOf = (volume: Volume) => ({
  volume,
  where: '',
  cores: 1,
  signal: new AbortController().signal,
  log: silentLog,
});

for (const kind of ['thorax', 'pelvis'])
  test(`the demo model finds the organs of a ${kind} of unseen size and position, and no others`, async () => {
    const { labelMap, unseen } = await chainOn(kind);
    for (const [index, [label]] of ORGANS.entries()) {
      const { claimed, true: drawn, both } = overlap(labelMap, label, unseen, index + 1);
      if (drawn === 0) assert.equal(claimed, 0, `${label} is not in this image`);
      else assert.ok((2 * both) / (claimed + drawn) >= LEAST_DICE, `${label}: ${(2 * both) / (claimed + drawn)}`);
    }
  });

for (const kind of ['abdomen', 'head', 'water'])
  test(`the network itself finds nothing in an image without organs, before anything is cleaned: ${kind}`, async () => {
    const networks = model.networks.map((network) => ({ ...network, postprocessing_json: undefined }));
    const { image } = unseenOf(kind);
    const [{ volume }] = (await runOnnx({ ...model, networks }, inputOf(image), 'cpu')).labelMaps;
    assert.ok(volume.data.every((value) => value === 0));
  });

test('the demo model names every organ that it was trained on', () => {
  const claimed = Object.keys(model.steps?.at(-1)?.labels ?? {});
  assert.deepEqual(
    claimed,
    ORGANS.map(([label]) => label),
  );
});

test('the demo model is small enough to ship with the code', () => {
  assert.ok(statSync(`${ROOT}/phantom/model.onnx`).size < 2e6);
});

function unseenOf(kind: string): PhantomCase {
  const unseen = UNSEEN.find((one) => one.kind === kind);
  assert.ok(unseen, kind);
  return unseen;
}

async function chainOn(kind: string): Promise<{ labelMap: LabelMap; unseen: PhantomCase }> {
  const unseen = unseenOf(kind);
  const { labelMaps } = await runChain(model, model.steps ?? [], inputOf(unseen.image), 'cpu');
  return { labelMap: labelMaps[0], unseen };
}

function overlap({ volume, labels }: LabelMap, label: string, unseen: PhantomCase, value: number) {
  const own = labels.find(({ name }) => name === label)?.value;
  assert.ok(own !== undefined, label);
  const counts = { claimed: 0, true: 0, both: 0 };
  for (let v = 0; v < volume.data.length; v++) {
    const [isClaimed, isTrue] = [volume.data[v] === own, unseen.labels[v] === value];
    if (isClaimed) counts.claimed++;
    if (isTrue) counts.true++;
    if (isClaimed && isTrue) counts.both++;
  }
  return counts;
}
