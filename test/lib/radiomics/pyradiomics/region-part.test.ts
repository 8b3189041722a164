import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { prepareImage } from '#lib/radiomics/preprocessing/prepare-image.ts';
import {
  extractFromPrepared,
  type FeatureResult,
  filterWholeImage,
  joinParts,
} from '#lib/radiomics/pyradiomics/extract.ts';
import { mostParts } from '#lib/radiomics/pyradiomics/region-part.ts';
import { extractRegionTask } from '#lib/radiomics/pyradiomics/task.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { seededRandom } from '#lib/random.ts';
import { ball } from '#test/fixtures/masks.ts';

const GRID = {
  size: [24, 22, 20] as Vec3,
  originMm: [0, 0, 0] as Vec3,
  spacingMm: [1, 1, 1.5] as Vec3,
  direction: IDENTITY,
};
const random = seededRandom(3);
const image = { grid: GRID, data: Float32Array.from({ length: 24 * 22 * 20 }, () => 100 * random()) };
const mask = ball(GRID, [11.5, 10.5, 14.25], 7);
const imageType = { Original: {}, LoG: { sigma: [1, 30, 2] }, Wavelet: {}, Square: {}, LBP3D: {} };

for (const [name, setting] of Object.entries({ resampled: { resampledPixelSpacing: [1, 1, 1] }, 'as it is': {} })) {
  const settings = parseRadiomicsSettings({ setting, imageType });
  const prepared = prepareImage(image, settings.setting);
  const filtered = filterWholeImage(prepared, settings).images;
  const whole = extractFromPrepared(prepared, mask, settings, { filtered });

  test(`any number of parts gives the values, columns and findings of the whole: ${name}`, () => {
    assert.equal(mostParts(settings), 16);
    assert.ok(Object.keys(whole.values).length > 1000);
    for (const [n, count] of [2, 3, 16].entries()) {
      const joined = joinParts(partsOf(prepared, settings, filtered, { region: n, count }));
      assert.deepEqual(joined, whole);
      assert.deepEqual(Object.keys(joined.values), Object.keys(whole.values));
    }
  });
}

test('a region that gives no features gives them in no part', () => {
  const settings = parseRadiomicsSettings({ imageType });
  const prepared = prepareImage(image, settings.setting);
  const parts = [0, 1].map((index) =>
    extractRegionTask({
      prepared,
      mask: ball(GRID, [11, 10, 15], 0.5),
      settings,
      share: { region: 99, part: { index, count: 2 } },
    }),
  );
  assert.equal(joinParts(parts).status, 'too_small');
});

function partsOf(
  prepared: ReturnType<typeof prepareImage>,
  settings: ReturnType<typeof parseRadiomicsSettings>,
  filtered: ReturnType<typeof filterWholeImage>['images'],
  { region, count }: { region: number; count: number },
): FeatureResult[] {
  return Array.from({ length: count }, (_, index) =>
    extractRegionTask({ prepared, mask, settings, filtered, share: { region, part: { index, count } } }),
  );
}
