import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Volume } from '#lib/image/grid.ts';
import { extractFeatures } from '#lib/radiomics/extract.ts';
import { joinParts, partsOf } from '#lib/radiomics/parts.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings.ts';
import * as task from '#lib/radiomics/task.ts';
import { seededRandom } from '#lib/random.ts';
import { plainGrid, randomMask } from './random-region.ts';

const grid = plainGrid([24, 20, 16], [0.9, 0.9, 2.5]);
const random = seededRandom(11);
const image: Volume = { grid, data: Int16Array.from({ length: 24 * 20 * 16 }, () => Math.floor(300 * random())) };
const mask = randomMask(grid.size, 0.8, 12, grid.spacingMm);

const imageType = { Original: {}, LoG: { sigma: [2, 3] }, Wavelet: {}, Gradient: {}, LBP2D: {} };
const resampled = parseRadiomicsSettings({
  setting: { resampledPixelSpacing: [2, 2, 2], distances: [1, 2] },
  imageType,
});
const whole = parseRadiomicsSettings({ setting: { distances: [1, 2] }, imageType });

/** What a worker thread does with a task: everything it gets and gives is cloned. */
function posted<A, B>(run: (argument: A) => B, argument: A): B {
  return structuredClone(run(structuredClone(argument)));
}

test('the parts of a region, posted in any order, give the values of the whole in its order', () => {
  const expected = extractFeatures(image, mask, resampled);
  const prepared = posted(task.prepareImageTask, { image, settings: resampled });
  const { region, diagnostics, findings } = posted(task.prepareRegionTask, { prepared, mask, settings: resampled });
  assert.ok(!('status' in region));
  const parts = partsOf(resampled);
  assert.ok(parts.length >= 6);
  const results = parts
    .map((part, n) => ({ part, n }))
    .reverse()
    .map(({ part, n }) => ({ n, result: posted(task.computePartTask, { region, part, settings: resampled }) }))
    .sort((a, b) => a.n - b.n)
    .map(({ result }) => result);
  const joined = joinParts({ diagnostics, findings }, results);
  assert.deepEqual(joined, expected);
  assert.deepEqual(Object.keys(joined.values), Object.keys(expected.values));
});

test('a region as one task gives the same', () => {
  const prepared = posted(task.prepareImageTask, { image, settings: resampled });
  assert.deepEqual(
    posted(task.extractRegionTask, { prepared, mask, settings: resampled }),
    extractFeatures(image, mask, resampled),
  );
});

test('images filtered once for all regions give what filtering for each gives', () => {
  const prepared = posted(task.prepareImageTask, { image, settings: whole });
  const { images } = posted(task.filterImageTask, { prepared, settings: whole });
  assert.equal(images.length, 2 + 8 + 1 + 1);
  assert.ok(images.every(({ image: { data } }) => data.buffer instanceof SharedArrayBuffer));
  const result = posted(task.extractRegionTask, { prepared, mask, settings: whole, filtered: images });
  assert.deepEqual(result, extractFeatures(image, mask, whole));
});

test('nothing is filtered in advance when every region is cropped', () => {
  const prepared = task.prepareImageTask({ image, settings: resampled });
  assert.deepEqual(task.filterImageTask({ prepared, settings: resampled }).images, []);
  const cropping = parseRadiomicsSettings({ setting: { preCrop: true }, imageType });
  assert.deepEqual(task.filterImageTask({ prepared, settings: cropping }).images, []);
});
