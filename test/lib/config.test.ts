import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';

test('an empty configuration gives the defaults', () => {
  const config = parseConfig({});
  assert.equal(config.workers, 'auto');
  assert.equal(config.organize.merge_criteria, 'same_ct_study');
  assert.equal(config.radiomics_robustness.segmentation_perturbation.intensity, 'mild');
  assert.deepEqual(parseConfig(null), config);
});

test('an unknown key is refused with the nearest known key', () => {
  assert.throws(() => parseConfig({ worker: 3 }), {
    name: 'BadConfig',
    message: /unknown key worker, did you mean workers\?/,
  });
  assert.throws(() => parseConfig({ segmentation: { roi_subsets: [] } }), {
    message: /segmentation\.roi_subsets, did you mean roi_subset\?/,
  });
  assert.throws(() => parseConfig({ radiomics_robustness: { thresholds: { icc: { robbust: 1 } } } }), {
    message: /did you mean robust\?/,
  });
});

test('a value of the wrong type is refused with its path', () => {
  assert.throws(() => parseConfig({ workers: 0 }), { name: 'BadConfig', message: /workers/ });
  assert.throws(() => parseConfig({ dvh: { end_cap: 'half' } }), { message: /dvh\.end_cap/ });
});

test("RTpipeline's configuration file is accepted", () => {
  const config = parseConfig({
    workers: 'auto',
    segmentation: {
      workers: 1,
      threads_per_worker: null,
      force: false,
      fast: false,
      roi_subset: null,
      extra_models: [],
      device: 'gpu',
      force_split: true,
      nr_threads_resample: 1,
      nr_threads_save: 1,
      num_proc_preprocessing: 1,
      num_proc_export: 1,
    },
    custom_models: {
      enabled: false,
      root: 'custom_models',
      models: [],
      workers: 1,
      force: false,
      nnunet_predict: 'nnUNetv2_predict',
      retain_weights: true,
      conda_activate: null,
    },
    radiomics: {
      sequential: false,
      params_file: 'a.yaml',
      mr_params_file: 'b.yaml',
      thread_limit: null,
      skip_rois: ['body'],
      max_voxels: 1500000000,
      min_voxels: 10,
    },
    radiomics_robustness: {
      enabled: false,
      modes: ['segmentation_perturbation'],
      segmentation_perturbation: {
        apply_to_structures: ['GTV*'],
        small_volume_changes: [-0.15, 0, 0.15],
        large_volume_changes: [-0.3, 0, 0.3],
        max_translation_mm: 0,
        n_random_contour_realizations: 0,
        noise_levels: [0],
        intensity: 'standard',
      },
    },
    aggregation: { threads: 'auto' },
  });
  assert.equal(config.segmentation.nr_threads_resample, 1);
});
