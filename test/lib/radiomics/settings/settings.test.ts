import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { BadConfig } from '#lib/errors.ts';
import { featureColumns } from '#lib/radiomics/pyradiomics/columns.ts';
import { settingsForMr } from '#lib/radiomics/pyradiomics/mr-settings.ts';
import { PROFILE_FILES, type ProfileName } from '#lib/radiomics/pyradiomics/profiles.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { mrWeighting } from '#lib/rt/mr-weighting.ts';

test('an empty file gives PyRadiomics defaults: the original image and every class but shape2D', () => {
  const settings = parseRadiomicsSettings('');
  assert.equal(settings.setting.binWidth, 25);
  assert.equal(settings.setting.interpolator, 'sitkBSpline');
  assert.deepEqual(
    settings.imageTypes.map(({ type }) => type),
    ['Original'],
  );
  assert.deepEqual(
    settings.featureClasses.map(({ name }) => name),
    ['firstorder', 'glcm', 'gldm', 'glrlm', 'glszm', 'ngtdm', 'shape'],
  );
});

test('settings of an image type override the general ones for that type alone', () => {
  const { imageTypes } = parseRadiomicsSettings(`
setting: { binWidth: 25, distances: [1, 2] }
imageType:
  Original:
  Wavelet: { binWidth: 10, level: 2 }
`);
  assert.deepEqual(
    imageTypes.map(({ setting }) => [setting.binWidth, setting.level, setting.distances]),
    [
      [25, 1, [1, 2]],
      [10, 2, [1, 2]],
    ],
  );
});

test('numbers may have underscores, as in YAML 1.1', () => {
  const { setting } = parseRadiomicsSettings(
    'setting: { binWidth: 1_0, voxelArrayShift: 1_000, normalizeScale: 1_0.5 }',
  );
  assert.deepEqual([setting.binWidth, setting.voxelArrayShift, setting.normalizeScale], [10, 1000, 10.5]);
});

test('a class with null or [] has all its features, with a list only those', () => {
  const { featureClasses } = parseRadiomicsSettings(`
featureClass:
  shape:
  firstorder: []
  glcm: [Id, Contrast]
  gldm: [DependencePercentage, LowGrayLevelEmphasis]
`);
  assert.deepEqual(
    featureClasses.map(({ name, features }) => [name, features.length]),
    [
      ['shape', 14],
      ['firstorder', 18],
      ['glcm', 2],
      ['gldm', 1],
    ],
  );
});

test('column names write sigma as the parameter file does', () => {
  const { imageTypes } = parseRadiomicsSettings('imageType: { LoG: { sigma: [1, 1.0, 2.5] } }');
  const names = imageTypes[0].setting.sigma.map(({ mm, name }) => [mm, name]);
  assert.deepEqual(names, [
    [1, '1'],
    [1, '1-0'],
    [2.5, '2-5'],
  ]);
});

test('voxelSetting is accepted without effect; interpolators may be numbers; a tolerance may be text', () => {
  const { setting } = parseRadiomicsSettings(`
setting: { interpolator: 2, geometryTolerance: "1e-3" }
voxelSetting: { kernelRadius: 2, maskedKernel: true, initValue: nan, voxelBatch: 10000 }
`);
  assert.equal(setting.interpolator, 'sitkLinear');
  assert.equal(setting.geometryTolerance, 1e-3);
});

const REFUSED: [string, RegExp][] = [
  ['setting: { binwidth: 25 }', /unknown key setting\.binwidth .* did you mean binWidth\?/],
  ['settings: {}', /unknown key settings .* did you mean setting\?/],
  ['imageType: { Wavelets: {} }', /unknown key imageType\.Wavelets .* did you mean Wavelet\?/],
  ['imageType: { LoG: { sigmas: [1] } }', /unknown key imageType\.LoG\.sigmas .* did you mean sigma\?/],
  ['featureClass: { glcmm: }', /unknown key featureClass\.glcmm .* did you mean glcm\?/],
  ['featureClass: { glcm: [Contrst] }', /unknown feature Contrst, did you mean Contrast\?/],
  ['setting: { binWidth: 0 }', /setting\.binWidth/],
  ['setting: { binWidth: wide }', /setting\.binWidth/],
  ['setting: { distances: [0] }', /setting\.distances/],
  ['setting: { distances: [1, 20] }', /setting\.distances.*19/],
  [
    'setting: { interpolator: sitkGaussian }',
    /interpolator sitkGaussian is not one of sitkNearestNeighbor, sitkLinear, sitkBSpline/,
  ],
  ['setting: { wavelet: bior1.2 }', /wavelet bior1\.2 is not haar, dbN, symN, coifN, dmey, biorN\.M or rbioN\.M/],
  ['setting: { resampledPixelSpacing: [1, 1] }', /setting\.resampledPixelSpacing/],
  ['setting: { weightingNorm: manhatten }', /setting\.weightingNorm/],
  ['setting: [1]', /setting: not a mapping/],
  ['setting: {', /not YAML/],
];

for (const [text, message] of REFUSED) {
  test(`settings refuse ${text}`, () => {
    assert.throws(
      () => parseRadiomicsSettings(text),
      (error) => error instanceof BadConfig && message.test(error.message),
    );
  });
}

test('settings can be sent to a worker thread', () => {
  const settings = parseRadiomicsSettings(readFileSync(PROFILE_FILES.CT, 'utf8'));
  assert.deepEqual(structuredClone(settings), settings);
});

/** Of the parameter files of RTpipeline 2: what they share, and what differs. */
const SHARED_SETTINGS = {
  interpolator: 'sitkBSpline',
  normalize: false,
  minimumROIDimensions: 2,
  minimumROISize: 64,
  force2D: false,
  padDistance: 5,
  geometryTolerance: 1e-6,
  weightingNorm: null,
  voxelArrayShift: 0,
  additionalInfo: true,
  label: 1,
  preCrop: false,
};
const PROFILES: Record<ProfileName, { own: object; sigmas: number[]; hasWavelet: boolean }> = {
  CT: {
    own: { resampledPixelSpacing: [1, 1, 1], binWidth: 25, distances: [1, 2], correctMask: true },
    sigmas: [1, 2, 3, 5],
    hasWavelet: true,
  },
  MR: {
    own: { resampledPixelSpacing: [1, 1, 1], binWidth: 0.5, distances: [1], correctMask: false },
    sigmas: [2, 3, 4],
    hasWavelet: false,
  },
  PET_FDG: {
    own: { resampledPixelSpacing: [3, 3, 3], binWidth: 0.25, distances: [1, 2], correctMask: true },
    sigmas: [1, 2, 3],
    hasWavelet: true,
  },
  PET_PSMA: {
    own: { resampledPixelSpacing: [3, 3, 3], binWidth: 0.5, distances: [1, 2], correctMask: true },
    sigmas: [2, 3, 4],
    hasWavelet: true,
  },
};

for (const [name, { own, sigmas, hasWavelet }] of Object.entries(PROFILES)) {
  test(`the ${name} parameter file equals that of RTpipeline 2`, () => {
    const text = readFileSync(PROFILE_FILES[name as ProfileName], 'utf8');
    assert.deepEqual(parse(text).setting, { ...SHARED_SETTINGS, ...own });
    const { setting, imageTypes } = parseRadiomicsSettings(text);
    for (const [key, value] of Object.entries({ ...SHARED_SETTINGS, ...own }))
      assert.deepEqual(setting[key as keyof typeof setting], value, key);
    const types = ['Original', 'LoG', ...(hasWavelet ? ['Wavelet'] : [])];
    assert.deepEqual(
      imageTypes.map(({ type }) => type),
      types,
    );
    assert.deepEqual(
      imageTypes[1].setting.sigma,
      sigmas.map((mm) => ({ mm, name: `${mm}-0` })),
    );
    const { wavelet, level } = imageTypes.at(-1)!.setting;
    assert.deepEqual([wavelet, level], ['coif1', 1]);
  });
}

/** Features per ROI of the parameter files of RTpipeline 2: 93 per image and 14 of shape. */
const FEATURE_COUNTS: Record<ProfileName, number> = { CT: 1223, MR: 386, PET_FDG: 1130, PET_PSMA: 1130 };

for (const [name, count] of Object.entries(FEATURE_COUNTS) as [ProfileName, number][]) {
  test(`the ${name} parameter file gives ${count} features, each explained in the data dictionary`, () => {
    const settings = parseRadiomicsSettings(readFileSync(PROFILE_FILES[name], 'utf8'));
    const columns = featureColumns(settings);
    assert.equal(columns.length, count);
    assert.equal(new Set(columns.map((column) => column.name)).size, count);
    assert.ok(columns.every(({ meaning, source }) => meaning !== '' && source !== ''));
  });
}

test('the data dictionary names unit and IBSI code', () => {
  const columns = featureColumns(parseRadiomicsSettings({ imageType: { Original: {}, LoG: { sigma: [2] } } }));
  const describe = (name: string) => columns.find((column) => column.name === name);
  assert.deepEqual(describe('original_firstorder_Variance'), {
    name: 'original_firstorder_Variance',
    type: 'double',
    meaning: 'first order: population variance',
    unit: '(intensity_unit)²',
    source: 'IBSI ECT3; PyRadiomics',
  });
  assert.equal(describe('original_shape_MeshVolume')?.unit, 'mm³');
  assert.match(
    describe('log-sigma-2-0-mm-3D_glcm_MCC')!.meaning,
    /of the image log-sigma-2-0-mm-3D: maximal correlation/,
  );
});

const WEIGHTINGS: [string[], string[], string][] = [
  [['t2_tse_tra', '', ''], [], 'T2'],
  [['Ax FLAIR', 'T1 protocol', ''], [], 'T2'],
  [['', 'MPRAGE_T1', ''], [], 'T1'],
  [['localizer', '', ''], ['ORIGINAL', 'PRIMARY', 'T1_MAP'], 'T1'],
  [['dwi', '', ''], ['ORIGINAL'], 'unknown'],
];

for (const [names, imageType, expected] of WEIGHTINGS) {
  test(`MR series ${names.join('/')} ${imageType.join('\\')} is weighted ${expected}`, () => {
    assert.equal(mrWeighting(names, imageType), expected);
  });
}

test('MR uses 64 bins instead of a bin width, and is normalised when T1-weighted', () => {
  const profile = parseRadiomicsSettings(readFileSync(PROFILE_FILES.MR, 'utf8'));
  for (const weighting of ['T1', 'T2', 'unknown'] as const) {
    const { setting, imageTypes } = settingsForMr(profile, weighting);
    for (const one of [setting, ...imageTypes.map((type) => type.setting)]) {
      assert.equal(one.binCount, 64);
      assert.equal(one.normalize, weighting === 'T1');
    }
  }
});
