import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { absent } from '#test/fixtures/shared.ts';
import { pyradiomicsCase } from '../reference-images.ts';

const brain = pyradiomicsCase('brain1');
const missing = absent('data/pyradiomics');

/** From PyRadiomics' data/baseline/baseline_shape.csv at 8ed5793, column brain1_resampling. */
const EXPECTED: Record<string, string | number> = {
  'diagnostics_Image-original_Mean': 385.6564080810547,
  'diagnostics_Image-original_Minimum': 0,
  'diagnostics_Image-original_Maximum': 3057,
  'diagnostics_Image-original_Size': '(256, 256, 25)',
  'diagnostics_Mask-original_VolumeNum': 2,
  'diagnostics_Mask-original_VoxelNum': 4137,
  'diagnostics_Mask-original_BoundingBox': '(162, 84, 11, 47, 70, 7)',
  'diagnostics_Image-interpolated_Size': '(30, 39, 34)',
  'diagnostics_Image-interpolated_Minimum': -128,
  'diagnostics_Mask-interpolated_BoundingBox': '(5, 6, 7, 19, 27, 22)',
  'diagnostics_Mask-interpolated_Minimum': 481,
  'diagnostics_Mask-interpolated_Mean': 820.533681462141,
};
const CENTRES: Record<string, number[]> = {
  'diagnostics_Mask-original_CenterOfMassIndex': [186.98549673676578, 106.3562968334542, 14.38917089678511],
  'diagnostics_Mask-original_CenterOfMass': [46.47304432559825, 16.518518098863908, 15.529610829103234],
  'diagnostics_Mask-interpolated_CenterOfMass': [46.5383812010444, 16.490339425587454, 15.377154046997425],
};

test('diagnostics are those of PyRadiomics, before and after resampling', { skip: missing }, () => {
  const settings = parseRadiomicsSettings({
    setting: { resampledPixelSpacing: [2, 2, 2] },
    featureClass: { ngtdm: null },
  });
  const { diagnostics } = extractFeatures(brain!.image, brain!.mask, settings);
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const found = diagnostics[name];
    if (typeof expected === 'string') assert.equal(found, expected, name);
    else assert.ok(Math.abs(Number(found) - expected) <= 1e-9 * Math.abs(expected), `${name} ${found}`);
  }
  for (const [name, expected] of Object.entries(CENTRES)) {
    const found = String(diagnostics[name]).slice(1, -1).split(', ').map(Number);
    found.forEach((x, axis) => {
      assert.ok(Math.abs(x - expected[axis]) < 1e-9, `${name} ${found}`);
    });
  }
});

test('there are none when additionalInfo is off', { skip: missing }, () => {
  const settings = parseRadiomicsSettings({ setting: { additionalInfo: false }, featureClass: { ngtdm: null } });
  assert.deepEqual(extractFeatures(brain!.image, brain!.mask, settings).diagnostics, {});
});
