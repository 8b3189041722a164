import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings, settingsSchema } from '#lib/radiomics/settings/settings.ts';
import { seededRandom } from '#lib/random.ts';
import { maskWhere } from '#test/fixtures/masks.ts';
import { plainGrid } from '../random-region.ts';

const GRID = plainGrid([20, 18, 16], [1, 1.5, 2]);
const random = seededRandom(11);
const IMAGE: Volume = {
  grid: GRID,
  data: Float32Array.from({ length: 20 * 18 * 16 }, (_, p) => 100 * random() + 4 * (p % 20) - 60),
};
const REGION = maskWhere(GRID, ([x, y, z]) => (x - 9) ** 2 + (y - 12) ** 2 + (z - 14) ** 2 < 60);
/** The largest intensity, which squares are scaled by, lies far from it. */
const SMALL = maskWhere(GRID, ([x, y, z]) => (x - 9) ** 2 + (y - 12) ** 2 + (z - 14) ** 2 < 16);
const THIN = maskWhere(GRID, ([x, y, z]) => x > 4 && x < 12 && y > 4 && y < 15 && z === 14);
const MOVED: Mask = {
  ...REGION,
  grid: { ...GRID, originMm: GRID.originMm.map((mm) => mm + 1e-4) as typeof GRID.originMm },
};

type Value = string | number | boolean | number[];
interface Effect {
  key: string;
  value: Value;
  /** Beside it in both files. */
  also?: Record<string, Value>;
  imageType?: string;
  mask?: Mask;
}

/** Each key with a value of PyRadiomics' documentation that is not its default. */
const EFFECTS: Effect[] = [
  { key: 'minimumROIDimensions', value: 3, mask: THIN },
  { key: 'minimumROISize', value: 5000 },
  { key: 'geometryTolerance', value: 0.01, mask: MOVED },
  { key: 'correctMask', value: true, mask: MOVED },
  { key: 'additionalInfo', value: false },
  { key: 'binWidth', value: 10 },
  { key: 'binCount', value: 16 },
  { key: 'normalize', value: true },
  { key: 'normalizeScale', value: 50, also: { normalize: true } },
  { key: 'removeOutliers', value: 1, also: { normalize: true } },
  { key: 'resampledPixelSpacing', value: [2, 2, 2] },
  { key: 'interpolator', value: 'sitkLinear', also: { resampledPixelSpacing: [2, 2, 2] } },
  { key: 'padDistance', value: 0, also: { resampledPixelSpacing: [2, 2, 2] }, imageType: 'Square', mask: SMALL },
  { key: 'preCrop', value: true, also: { padDistance: 1 }, imageType: 'Square', mask: SMALL },
  { key: 'distances', value: [2] },
  { key: 'force2D', value: true },
  { key: 'force2Ddimension', value: 1, also: { force2D: true } },
  { key: 'resegmentRange', value: [-20, 60] },
  { key: 'resegmentMode', value: 'sigma', also: { resegmentRange: [-1, 1] } },
  { key: 'resegmentShape', value: true, also: { resegmentRange: [-20, 60] } },
  { key: 'sigma', value: [2], imageType: 'LoG' },
  { key: 'start_level', value: 1, also: { level: 2 }, imageType: 'Wavelet' },
  { key: 'level', value: 2, imageType: 'Wavelet' },
  { key: 'wavelet', value: 'db2', imageType: 'Wavelet' },
  { key: 'gradientUseSpacing', value: false, imageType: 'Gradient' },
  { key: 'lbp2DRadius', value: 2, imageType: 'LBP2D' },
  { key: 'lbp2DSamples', value: 9, imageType: 'LBP2D' },
  { key: 'lbp2DMethod', value: 'ror', imageType: 'LBP2D' },
  { key: 'lbp3DLevels', value: 1, imageType: 'LBP3D' },
  { key: 'lbp3DIcosphereRadius', value: 2, imageType: 'LBP3D' },
  { key: 'lbp3DIcosphereSubdivision', value: 2, imageType: 'LBP3D' },
  { key: 'voxelArrayShift', value: 500 },
  { key: 'symmetricalGLCM', value: false },
  { key: 'weightingNorm', value: 'euclidean' },
  { key: 'gldm_a', value: 2 },
];

const CLASSES = {
  shape: ['VoxelVolume'],
  firstorder: ['Energy', 'Entropy', 'Mean'],
  glcm: ['Contrast', 'JointEntropy'],
  gldm: ['DependenceEntropy'],
};

function resultOf(setting: object, imageType: string, mask: Mask) {
  const settings = parseRadiomicsSettings({ setting, imageType: { [imageType]: {} }, featureClass: CLASSES });
  const { status, values, diagnostics } = extractFeatures(IMAGE, mask, settings);
  return { status, values, hasDiagnostics: Object.keys(diagnostics).length > 0 };
}

for (const { key, value, also = {}, imageType = 'Original', mask = REGION } of EFFECTS) {
  test(`the setting ${key} changes the result`, () => {
    const [without, by] = [also, { ...also, [key]: value }].map((setting) => resultOf(setting, imageType, mask));
    assert.notDeepEqual(by, without);
  });
}

test('every setting is covered by a test of its effect', () => {
  const shown = [...EFFECTS.map(({ key }) => key), 'label', 'label_channel'];
  assert.deepEqual(shown.sort(), Object.keys(settingsSchema.shape).sort());
});
