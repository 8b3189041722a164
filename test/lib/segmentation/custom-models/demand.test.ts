import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NetworkDemand, predictedMiB } from '#lib/segmentation/custom-models/demand.ts';

const WINDOW = 128 ** 3;

test('predicted memory grows with the classes of the network and the voxels at its spacing', () => {
  const image = { voxels: 300 ** 3, volumeMm3: 300 ** 3 * 1.5 ** 3 };
  const of = (classes: number) => predictedMiB([classes, 1.5 ** 3, WINDOW], image) as number;
  // 118 classes of 27 million voxels in 2 bytes each are 5.9 GiB, three copies of a window's logits 2.8 GiB.
  assert.ok(of(118) > 8 * 1024 && of(118) < 14 * 1024, `${of(118)}`);
  assert.ok(of(8) < 5 * 1024, `${of(8)}`);
});

test('an image smaller than the window needs as much memory as the window', () => {
  const demand: NetworkDemand = [118, 1, WINDOW];
  assert.equal(
    predictedMiB(demand, { voxels: 1000, volumeMm3: 1000 }),
    predictedMiB(demand, { voxels: 1000, volumeMm3: 1 }),
  );
});

test('no memory is predicted for a network run by another program', () => {
  const demand: NetworkDemand = [3, null, null];
  assert.equal(predictedMiB(demand, { voxels: 1, volumeMm3: 1 }), undefined);
});
