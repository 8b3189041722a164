import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { paint } from '#lib/phantom/paint.ts';
import { axialGrid } from '#lib/phantom/scene.ts';
import { ellipsoid } from '#lib/phantom/solid.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { addNoise } from '#lib/robustness/noise.ts';
import { perturbedMasks } from '#lib/robustness/perturb-mask.ts';
import { perturbRegion } from '#lib/robustness/perturb-region.ts';
import { contourReachMm, perturbationGrid } from '#lib/robustness/perturbation-grid.ts';
import { structureField } from '#lib/robustness/structure-field.ts';
import { maskWhere } from '#test/fixtures/masks.ts';

const GRID = axialGrid([36, 36, 20], [1.5, 1.5, 3]);
const PERTURBATIONS = parseConfig({
  radiomics_robustness: {
    segmentation_perturbation: { intensity: 'standard', noise_levels: [0, 15], n_random_contour_realizations: 1 },
  },
}).radiomics_robustness.segmentation_perturbation;
/** With and without a shape that depends on the intensities. */
const SETTINGS = {
  resampled: { resampledPixelSpacing: [2, 2, 2] },
  'on the grid of the image': {},
  're-segmented with its shape': { resegmentRange: [-50, 60], resegmentShape: true },
};

for (const [name, setting] of Object.entries(SETTINGS))
  test(`reusing shared steps between perturbations changes no value (${name})`, () => {
    const settings = parseRadiomicsSettings({
      setting: { binWidth: 25, additionalInfo: false, ...setting },
      imageType: { Original: {}, LoG: { sigma: [3] }, Wavelet: {} },
      featureClass: { shape: [], firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: [] },
    });
    const tumour = { solid: ellipsoid([2, 1, 0], [11, 9, 12]), value: 40, noise: 30 };
    const image = { grid: GRID, data: paint(GRID, -20, [tumour], 5) };
    const mask = maskWhere(GRID, ([x, y, z]) => (x / 12) ** 2 + (y / 11) ** 2 + (z / 13) ** 2 <= 1);
    const grid = perturbationGrid(PERTURBATIONS);
    const found = perturbRegion({ image, mask, settings, seed: 3 }, grid, PERTURBATIONS);
    const made = perturbedMasks(structureField(mask, grid, PERTURBATIONS), grid, {
      reachMm: contourReachMm(PERTURBATIONS),
      seed: 3,
    });
    for (const n of [0, 1, 5, 20, 24, 35]) {
      const one = made[n];
      assert.ok('mask' in one);
      const plain = extractFeatures(addNoise(image, grid[n].noiseHu), one.mask, settings);
      assert.equal(found[n].status, plain.status, found[n].reason);
      assert.deepEqual(found[n].values, plain.values, grid[n].id);
    }
  });
