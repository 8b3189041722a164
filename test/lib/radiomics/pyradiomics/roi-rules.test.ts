import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, Mask } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { normalizeRoiName, roiDecision } from '#lib/radiomics/pyradiomics/roi-rules.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { plainGrid } from '../random-region.ts';

const SETTINGS = parseRadiomicsSettings({
  setting: { resampledPixelSpacing: [1, 1, 1], binWidth: 10 },
  imageType: { Original: {}, LoG: { sigma: [1] } },
});
const RULES = { skip: ['Skin_Markers'], minVoxels: 10, maxVoxels: 1000 };

function blockMask(start: Vec3, size: Vec3, spacingMm: Vec3 = [1, 1, 1]): Mask {
  const box: Box = { start, size };
  return { grid: plainGrid([20, 20, 20], spacingMm), box, data: new Uint8Array(size[0] * size[1] * size[2]).fill(1) };
}

const NORMALIZED: [string, string][] = [
  ['Couch Surface', 'couchsurface'],
  ['COUCH-SURFACE', 'couchsurface'],
  ['couch_surface', 'couchsurface'],
  ['Włókno 2', 'włókno2'],
];
for (const [name, expected] of NORMALIZED) {
  test(`the ROI name ${name} is normalised to ${expected}`, () => assert.equal(normalizeRoiName(name), expected));
}

const STATUSES: [string, Mask, string][] = [
  ['Couch_Surface', blockMask([5, 5, 5], [5, 5, 5]), 'skipped_by_rule'],
  ['skinmarkers', blockMask([5, 5, 5], [5, 5, 5]), 'skipped_by_rule'],
  ['M1', blockMask([5, 5, 5], [5, 5, 5]), 'skipped_by_rule'],
  ['PTV', blockMask([5, 5, 5], [3, 3, 1]), 'too_small'],
  ['PTV', { ...blockMask([5, 5, 5], [0, 0, 0]), data: new Uint8Array(0) }, 'empty'],
];
for (const [name, mask, status] of STATUSES) {
  test(`${name} of ${mask.data.length} voxels is ${status}, with a reason`, () => {
    const plan = roiDecision(name, mask, SETTINGS, RULES);
    assert.ok('status' in plan);
    assert.equal(plan.status, status);
    assert.notEqual(plan.reason, '');
  });
}

test('a region with few voxels but many after resampling counts as large', () => {
  const coarse = blockMask([5, 5, 5], [5, 5, 5], [3, 3, 3]);
  const plan = roiDecision('PTV', coarse, SETTINGS, RULES);
  assert.ok(!('status' in plan) && plan.isLarge);
  const fine = roiDecision('PTV', blockMask([5, 5, 5], [5, 5, 5]), SETTINGS, RULES);
  assert.ok(!('status' in fine) && !fine.isLarge && fine.settings === SETTINGS);
});

test('a body is always computed as a large region: original image at 2 mm, shape and first order', () => {
  const plan = roiDecision('BODY_outer', blockMask([5, 5, 5], [5, 5, 5]), SETTINGS, RULES);
  assert.ok(!('status' in plan));
  assert.deepEqual(plan.settings.setting.resampledPixelSpacing, [2, 2, 2]);
  assert.equal(plan.settings.setting.binWidth, 10);
  assert.deepEqual(
    plan.settings.imageTypes.map(({ type }) => type),
    ['Original'],
  );
  assert.deepEqual(plan.settings.featureClasses.map(({ name }) => name).sort(), ['firstorder', 'shape']);
});
