import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { diagnosticColumns } from '#lib/radiomics/pyradiomics/diagnostics.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { seededRandom } from '#lib/random.ts';
import { ball } from '#test/fixtures/masks.ts';
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

test('diagnostics match PyRadiomics before and after resampling', { skip: missing }, () => {
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

test('additionalInfo: false removes the diagnostics', { skip: missing }, () => {
  const settings = parseRadiomicsSettings({ setting: { additionalInfo: false }, featureClass: { ngtdm: null } });
  assert.deepEqual(extractFeatures(brain!.image, brain!.mask, settings).diagnostics, {});
});

const GRID: Grid = { size: [12, 12, 12], originMm: [0, 0, 0], spacingMm: [1, 1, 1], direction: IDENTITY };
const SHIFTED: Grid = { ...GRID, originMm: [2, 2, 2] };
/** Steps that a region goes through by these settings; every region may be interpolated, since large ones are. */
const STEPS: [setting: object, mask: Grid, steps: string[]][] = [
  [{}, GRID, []],
  [{ resampledPixelSpacing: [2, 2, 2] }, GRID, ['interpolated']],
  [{ resegmentRange: [-1000, 1000] }, GRID, ['resegmented']],
  [{ correctMask: true }, SHIFTED, ['corrected']],
];
for (const [setting, maskGrid, steps] of STEPS) {
  test(`with ${JSON.stringify(setting)} every diagnostic has its column in fixed order, for any region`, () => {
    const settings = parseRadiomicsSettings({ setting, featureClass: { ngtdm: null } });
    const random = seededRandom(1);
    const image = { grid: GRID, data: Float32Array.from({ length: 12 ** 3 }, () => 100 * random()) };
    const { status, reason, diagnostics } = extractFeatures(image, ball(maskGrid, [5, 5, 5], 3), settings);
    assert.equal(status, 'ok', reason);
    for (const step of steps) assert.ok(`diagnostics_Mask-${step}_Size` in diagnostics, step);
    const columns = diagnosticColumns(settings);
    const told = columns.filter(({ name }) => name in diagnostics);
    assert.deepEqual(
      told.map(({ name, type }) => [name, type]),
      Object.entries(diagnostics).map(([name, value]) => [name, typeof value === 'number' ? 'double' : 'string']),
    );
    assert.ok(columns.some(({ name }) => name === 'diagnostics_Image-interpolated_Mean'));
  });
}
