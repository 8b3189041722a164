import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { absent } from '../../../fixtures/shared.ts';
import { type Case, ctPhantom, digitalPhantom } from '../reference-images.ts';
import { deviations, referenceValues } from '../reference-values.ts';

/**
 * Output of PyRadiomics 8ed5793 (the 3.1 line) on the IBSI phantoms; PyRadiomics 3.0.1 with SimpleITK 2.5.7 gives the same to
 * 1e-13. Agreement asked for: 1e-6 relative. Reached: 1e-9, but for the informational measures of correlation of the
 * exponential image, nearly all of whose voxels have one grey level: there the measure is a difference of entropies that
 * agree to eight digits, and PyRadiomics itself moves by 6e-9 between NumPy 1.24 and 2.4.
 */
const REACHED = 1e-9;
const ILL_CONDITIONED = 1e-6;

interface Configuration {
  input: () => Case | undefined;
  setting: object;
  imageType?: object;
  shape?: boolean;
  tolerance?: number;
}

const float32 = () => ctPhantom('float32');
const int16 = () => ctPhantom('int16');
const oneMm = { resampledPixelSpacing: [1, 1, 1], distances: [1, 2], minimumROISize: 64, correctMask: true };
const rtpipelineTypes = { Original: {}, LoG: { sigma: [1, 2, 3, 5] }, Wavelet: {} };
const twoMm = { resampledPixelSpacing: [2, 2, 2], resegmentRange: [-1000, 400] };
const threeMm = { resampledPixelSpacing: [3, 3, 3] };
const threeSigma = { resegmentRange: [-3, 3], resegmentMode: 'sigma' };
const intensityTypes = { Square: {}, SquareRoot: {}, Logarithm: {}, Exponential: {}, Gradient: {} };

const CONFIGURATIONS: Record<string, Configuration> = {
  dig_w1: { input: digitalPhantom, setting: { binWidth: 1 }, shape: true },
  dig_w1_d12: { input: digitalPhantom, setting: { binWidth: 1, distances: [1, 2] } },
  dig_w1_asym_a1: { input: digitalPhantom, setting: { binWidth: 1, symmetricalGLCM: false, gldm_a: 1 } },
  dig_w1_norm_euclidean: { input: digitalPhantom, setting: { binWidth: 1, weightingNorm: 'euclidean' } },
  dig_w1_norm_manhattan: { input: digitalPhantom, setting: { binWidth: 1, weightingNorm: 'manhattan' } },
  dig_w1_norm_infinity: { input: digitalPhantom, setting: { binWidth: 1, weightingNorm: 'infinity' } },
  dig_w1_norm_no_weighting: { input: digitalPhantom, setting: { binWidth: 1, weightingNorm: 'no_weighting' } },
  dig_w1_force2D: { input: digitalPhantom, setting: { binWidth: 1, force2D: true } },
  ct_default: { input: float32, setting: {}, shape: true },
  ct_bincount32: { input: float32, setting: { binCount: 32 } },
  ct_force2D: { input: float32, setting: { force2D: true } },
  ct_shift2000: { input: float32, setting: { voxelArrayShift: 2000 } },
  ct_reseg_m500_400: { input: float32, setting: { resegmentRange: [-500, 400] }, shape: true },
  ct_reseg_sigma3: { input: float32, setting: threeSigma, shape: true },
  ct_reseg_sigma3_shape: { input: float32, setting: { ...threeSigma, resegmentShape: true }, shape: true },
  ct_norm100_out3: {
    input: float32,
    setting: { normalize: true, normalizeScale: 100, removeOutliers: 3, binWidth: 5 },
  },
  ct_2mm_bspline: { input: float32, setting: twoMm, shape: true },
  ct_2mm_linear: { input: float32, setting: { ...twoMm, interpolator: 'sitkLinear' }, shape: true },
  ct_2mm_inplane: { input: float32, setting: { resampledPixelSpacing: [2, 2, 0] }, shape: true },
  ct_3mm_filters: { input: float32, setting: threeMm, imageType: intensityTypes, tolerance: ILL_CONDITIONED },
  ct_3mm_wavelet_l2: { input: float32, setting: threeMm, imageType: { Wavelet: { level: 2 } } },
  ct_native_log_wavelet: {
    input: float32,
    setting: { preCrop: true },
    imageType: { LoG: { sigma: [3.0] }, Wavelet: {} },
  },
  ct_1mm_log_wavelet_d12: { input: float32, setting: oneMm, imageType: rtpipelineTypes, shape: true },
  ct_int16_default: { input: int16, setting: {} },
  ct_int16_2mm_bspline: { input: int16, setting: twoMm },
  ct_int16_1mm_log_wavelet_d12: { input: int16, setting: oneMm, imageType: rtpipelineTypes, shape: true },
};

const golden = referenceValues('pyradiomics-golden.csv');
const missing = absent('data/ibsi-ct-phantom') || absent('data/ibsi-digital-phantom');

for (const [name, { input, setting, imageType, shape, tolerance = REACHED }] of Object.entries(CONFIGURATIONS)) {
  test(`${name}: every feature matches PyRadiomics to ${tolerance}`, { skip: missing }, (t) => {
    const { image, mask } = input()!;
    const settings = parseRadiomicsSettings({
      setting,
      imageType: imageType ?? {},
      featureClass: { ...textures(), ...(shape ? { shape: null } : {}) },
    });
    const result = extractFeatures(image, mask, settings);
    assert.equal(result.status, 'ok', result.reason);
    const expected = golden.get(name)!;
    assert.deepEqual(Object.keys(result.values).sort(), Object.keys(expected).sort());
    const found = deviations(expected, result.values);
    t.diagnostic(`${found.length} features, worst ${found[0].feature} ${found[0].relative.toExponential(1)}`);
    assert.deepEqual(
      found.filter(({ relative }) => !(relative <= tolerance)),
      [],
    );
  });
}

test('every configuration of the golden file is checked', () => {
  assert.deepEqual(Object.keys(CONFIGURATIONS).sort(), [...golden.keys()].sort());
});

function textures(): Record<string, null> {
  return { firstorder: null, glcm: null, gldm: null, glrlm: null, glszm: null, ngtdm: null };
}
