import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axialGrid } from '#lib/phantom/scene.ts';
import { addNoise } from '#lib/robustness/noise.ts';

const GRID = axialGrid([60, 60, 60], [1, 1, 1]);
const COUNT = 60 ** 3;

test('noise has mean zero and the requested standard deviation', () => {
  const noisy = addNoise({ grid: GRID, data: new Float32Array(COUNT).fill(40) }, 10).data;
  const { mean, deviation } = statistics(noisy);
  assert.ok(Math.abs(mean - 40) < (4 * 10) / Math.sqrt(COUNT), `mean ${mean}`);
  assert.ok(Math.abs(deviation - 10) < (4 * 10) / Math.sqrt(2 * COUNT), `deviation ${deviation}`);
});

test('an integer image stays integer, and rounding adds 1/12 to the variance', () => {
  const noisy = addNoise({ grid: GRID, data: new Int16Array(COUNT).fill(-1000) }, 2).data;
  assert.ok(noisy.every(Number.isInteger));
  const { mean, deviation } = statistics(noisy);
  assert.ok(Math.abs(mean + 1000) < 0.02, `mean ${mean}`);
  assert.ok(Math.abs(deviation - Math.sqrt(4 + 1 / 12)) < 0.015, `deviation ${deviation}`);
});

test('a noise level is the same in every run and differs from other levels; zero changes nothing', () => {
  const image = { grid: GRID, data: new Float32Array(COUNT) };
  assert.deepEqual(addNoise(image, 10).data, addNoise(image, 10).data);
  const [ten, twenty] = [addNoise(image, 10).data, addNoise(image, 20).data];
  const same = ten.filter((value, v) => Math.abs(2 * value - twenty[v]) < 1e-3).length;
  assert.ok(same < 100, `${same} voxels are the same draw`);
  assert.equal(addNoise(image, 0), image);
});

function statistics(data: ArrayLike<number>): { mean: number; deviation: number } {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, deviation: Math.sqrt(variance) };
}
