import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { type PerturbationSettings, perturbationGrid } from '#lib/robustness/perturbation-grid.ts';

/** The levels that RTpipeline 2 documents for its three intensities: the defaults. */
const NTCV = { noise_levels: [0, 10, 20], max_translation_mm: 4, n_random_contour_realizations: 2 };
/** Nothing but the volume varies, as in the sample configuration of RTpipeline 2. */
const VOLUME = { noise_levels: [0], max_translation_mm: 0, n_random_contour_realizations: 0 };

const COUNTS: [Partial<PerturbationSettings>, number][] = [
  [{ ...NTCV, intensity: 'mild' }, 12],
  [{ ...NTCV, intensity: 'standard' }, 81],
  [{ ...NTCV, intensity: 'aggressive' }, 315],
  [{ ...NTCV, intensity: 'standard', rotation_angles_deg: [-3, 0, 3] }, 243],
  [{}, 12],
  [VOLUME, 2],
  [{ ...VOLUME, intensity: 'standard' }, 3],
  [{ ...VOLUME, intensity: 'aggressive' }, 3],
  [{ ...VOLUME, intensity: 'aggressive', noise_levels: [0, 10] }, 10],
];

for (const [settings, count] of COUNTS)
  test(`${JSON.stringify(settings)} gives ${count} perturbations with unique names`, () => {
    const ids = perturbationGrid(settingsOf(settings)).map(({ id }) => id);
    assert.equal(ids.length, count);
    assert.equal(new Set(ids).size, count);
  });

test('names state what differs from zero, for whole and decimal numbers', () => {
  const whole = perturbationGrid(settingsOf({ ...NTCV, intensity: 'standard' })).map(({ id }) => id);
  assert.deepEqual(
    [...whole.slice(0, 4), ...whole.slice(-1)],
    ['ntcv_v-15', 'ntcv_v0', 'ntcv_v+15', 'ntcv_c1_v-15', 'ntcv_n20_t0_0_-4_c2_v+15'],
  );
  const broken = {
    ...VOLUME,
    intensity: 'standard' as const,
    noise_levels: [10.2, 10.7],
    max_translation_mm: 0.5,
    rotation_angles_deg: [2.5],
    small_volume_changes: [-0.05, 0.125],
  };
  const ids = perturbationGrid(settingsOf(broken)).map(({ id }) => id);
  assert.equal(ids[0], 'ntcv_n10.2_r2.5_v-05');
  assert.equal(ids.at(-1), 'ntcv_n10.7_t0_0_-0.5_r2.5_v+12.5');
});

test('aggressive shifts run along all three axes and combine with large and small volumes once', () => {
  const grid = perturbationGrid(settingsOf({ ...NTCV, intensity: 'aggressive' }));
  assert.deepEqual([...new Set(grid.map(({ volumeChange }) => volumeChange))], [-0.3, 0, 0.3, -0.15, 0.15]);
  const shifts = [...new Set(grid.map(({ translationMm }) => translationMm.join(' ')))];
  assert.deepEqual(shifts, ['0 0 0', '4 0 0', '-4 0 0', '0 4 0', '0 -4 0', '0 0 4', '0 0 -4']);
});

test('repeated levels, and contours that cannot move, are refused', () => {
  assert.throws(
    () => perturbationGrid(settingsOf({ ...VOLUME, intensity: 'standard', noise_levels: [10, 10] })),
    /duplicate perturbation ntcv_n10_v-15/,
  );
  assert.throws(
    () => perturbationGrid(settingsOf({ ...VOLUME, n_random_contour_realizations: 2 })),
    /contour_randomization_mm/,
  );
});

function settingsOf(settings: Partial<PerturbationSettings>): PerturbationSettings {
  return parseConfig({ radiomics_robustness: { segmentation_perturbation: settings } }).radiomics_robustness
    .segmentation_perturbation;
}
