import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { absent } from '#test/fixtures/shared.ts';
import { pyradiomicsCase } from './reference-images.ts';
import { deviations, parseReferenceValues } from './reference-values.ts';

const TOLERANCE = 1e-6;

/**
 * Unstable in PyRadiomics itself: patterns take few values, so that many voxels tie with the 10th or 90th percentile, and
 * whether they count as beyond it hangs on the last bit of a square root. It differs there between builds of NumPy.
 */
const UNSTABLE = /^lbp-3D-m\d_firstorder_RobustMeanAbsoluteDeviation$/;

const expected = parseReferenceValues(
  readFileSync(new URL('../../reference/pyradiomics-lbp.csv', import.meta.url), 'utf8'),
);

const SETTINGS: Record<string, { setting: object; imageType: object }> = {
  lbp2d_uniform: { setting: { binWidth: 1, preCrop: true }, imageType: { LBP2D: {} } },
  lbp2d_default: {
    setting: { binWidth: 10, preCrop: true, force2D: true },
    imageType: { LBP2D: { lbp2DMethod: 'default', lbp2DRadius: 2.5 } },
  },
  lbp2d_ror_y: {
    setting: { binWidth: 10, preCrop: true, force2D: true, force2Ddimension: 1 },
    imageType: { LBP2D: { lbp2DMethod: 'ror', lbp2DSamples: 6 } },
  },
  lbp2d_var: { setting: { binWidth: 500, preCrop: true }, imageType: { LBP2D: { lbp2DMethod: 'var' } } },
  lbp3d: {
    setting: { binWidth: 0.25, preCrop: true },
    imageType: { LBP3D: { lbp3DLevels: 3, lbp3DIcosphereRadius: 1.3 } },
  },
  lbp3d_def: { setting: { binWidth: 0.5, preCrop: true }, imageType: { LBP3D: {} } },
};

const missing = absent('data/pyradiomics');

for (const [name, values] of expected) {
  test(`${name}: first-order features of the patterns match PyRadiomics to ${TOLERANCE}`, { skip: missing }, () => {
    const [image, ...rest] = name.split('_');
    const found = pyradiomicsCase(image)!;
    const settings = parseRadiomicsSettings({ ...SETTINGS[rest.join('_')], featureClass: { firstorder: null } });
    const result = extractFeatures(found.image, found.mask, settings);
    assert.equal(result.status, 'ok', result.reason);
    const off = deviations(values, result.values).filter(({ relative }) => !(relative <= TOLERANCE));
    assert.deepEqual(
      off.filter(({ feature }) => !UNSTABLE.test(feature)),
      [],
    );
  });
}
