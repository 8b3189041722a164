import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { kindOfKey } from '#lib/config.ts';
import { describeConfig } from '../../cli/commands/config.ts';
import { addConfigFlags, type ConfigFlags, configFrom } from '../../cli/config-flags.ts';
import { configKeys } from '../../cli/config-keys.ts';
import { effectiveConfig } from '../../cli/configuration.ts';
import { configurationPage } from '../../cli/configuration-page.ts';
import { readProfiles } from '../../cli/profiles/profiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
after(() => rmSync(folder, { recursive: true }));

/** The config.yaml that RTpipeline is described with, but for its parameter files. */
const CONFIG_YAML = `
workers: auto
segmentation:
  workers: 1
  threads_per_worker: null
  force: false
  fast: false
  roi_subset: null
  extra_models: []
  device: "gpu"
  force_split: true
  nr_threads_resample: 1
  nr_threads_save: 1
  num_proc_preprocessing: 1
  num_proc_export: 1
custom_models:
  enabled: false
  root: "custom_models"
  models: []
  workers: 1
  force: false
  nnunet_predict: "nnUNetv2_predict"
  retain_weights: true
  conda_activate: null
radiomics:
  sequential: false
  params_file: null
  mr_params_file: null
  thread_limit: null
  skip_rois: [body, couchsurface, couchinterior, couchexterior, bones, m1, m2]
  max_voxels: 1500000000
  min_voxels: 10
radiomics_robustness:
  enabled: false
  modes:
    - segmentation_perturbation
  segmentation_perturbation:
    apply_to_structures: ["GTV*", "CTV*", "PTV*"]
    small_volume_changes: [-0.15, 0.0, 0.15]
    large_volume_changes: [-0.30, 0.0, 0.30]
    max_translation_mm: 0.0
    n_random_contour_realizations: 0
    noise_levels: [0.0]
    intensity: "standard"
aggregation:
  threads: auto
`;

function leaves(value: unknown, path: string[] = []): [string, unknown][] {
  const isSection = path.length === 0 || kindOfKey(path) === 'section';
  if (!isSection) return [[path.join('.'), value]];
  return Object.entries(value as object).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

const at = (config: unknown, key: string) =>
  key.split('.').reduce((value, name) => (value as Record<string, unknown>)[name], config);

test("every key of RTpipeline's config.yaml is read under its name", async () => {
  const expected = leaves(parse(CONFIG_YAML));
  const settings = Object.fromEntries(expected);
  const { config } = await effectiveConfig(undefined, {}, settings);
  assert.equal(expected.length, 38);
  for (const [key, value] of expected) assert.deepEqual(at(config, key), value, key);
});

/** Flags of RTpipeline, and what they set. */
const FLAGS: [string[], string, unknown][] = [
  [['--workers', '3'], 'workers', 3],
  [['--workers', 'auto'], 'workers', 'auto'],
  [['--seg-workers', '2'], 'segmentation.workers', 2],
  [['--seg-proc-threads', '4'], 'segmentation.threads_per_worker', 4],
  [['--seg-proc-threads', '0'], 'segmentation.threads_per_worker', 0],
  [['--custom-model-workers', '2'], 'custom_models.workers', 2],
  [['--radiomics-proc-threads', '2'], 'radiomics.thread_limit', 2],
  [['--sequential-radiomics'], 'radiomics.sequential', true],
  [['--task-timeout', '90'], 'task_timeout', 90],
  [['--totalseg-timeout', '0'], 'segmentation.timeout', 0],
  [['--totalseg-nr-thr-resamp', '3'], 'segmentation.nr_threads_resample', 3],
  [['--totalseg-nr-thr-saving', '5'], 'segmentation.nr_threads_save', 5],
  [['--totalseg-num-proc-pre', '2'], 'segmentation.num_proc_preprocessing', 2],
  [['--totalseg-num-proc-export', '2'], 'segmentation.num_proc_export', 2],
  [['--force-segmentation'], 'segmentation.force', true],
  [['--force-custom-models'], 'custom_models.force', true],
  [['--set', 'dvh.end_cap=none'], 'dvh.end_cap', 'none'],
];

for (const [args, key, value] of FLAGS) {
  test(`${args.join(' ')} sets ${key} to ${value}`, async () => {
    const command = addConfigFlags(new Command()).parse(args, { from: 'user' });
    const { config, origins } = await configFrom(command.opts<ConfigFlags>());
    assert.deepEqual([at(config, key), origins.get(key)], [value, 'flag']);
  });
}

/** Variables of RTpipeline that are settings, and what they set. */
const VARIABLES: [string, string, string, unknown][] = [
  ['WORKERS', '5', 'workers', 5],
  ['TOTALSEG_TIMEOUT', '60', 'segmentation.timeout', 60],
  ['DCM2NIIX_TIMEOUT', '30', 'organize.read_timeout', 30],
  ['RTPIPELINE_RADIOMICS_TASK_TIMEOUT', '20', 'radiomics.task_timeout', 20],
  ['RTPIPELINE_RADIOMICS_SEQUENTIAL', '1', 'radiomics.sequential', true],
  ['RTPIPELINE_RADIOMICS_SEQUENTIAL', 'Yes', 'radiomics.sequential', true],
  ['RTPIPELINE_RADIOMICS_SEQUENTIAL', 'TRUE', 'radiomics.sequential', true],
  ['RTPIPELINE_RADIOMICS_SEQUENTIAL', '0', 'radiomics.sequential', false],
  ['RTPIPELINE_SEGMENTATION_FAST', 'no', 'segmentation.fast', false],
  ['RTPIPELINE_SEGMENTATION_THREADS_PER_WORKER', '0', 'segmentation.threads_per_worker', 0],
  ['RTPIPELINE_RADIOMICS_WORKERS', '0', 'radiomics.workers', null],
  ['RTPIPELINE_RADIOMICS_WORKERS', '3', 'radiomics.workers', 3],
  ['RTPIPELINE_RADIOMICS_THREAD_LIMIT', '2', 'radiomics.thread_limit', 2],
  ['TOTALSEG_NUM_PROCESSES_PREPROCESSING', '2', 'segmentation.num_proc_preprocessing', 2],
  ['TOTALSEG_NUM_PROCESSES_SEGMENTATION_EXPORT', '3', 'segmentation.num_proc_export', 3],
  ['TOTALSEG_FORCE_TORCH_NUM_THREADS', '4', 'segmentation.torch_threads', 4],
  ['RTPIPELINE_AGGREGATION_FILE_TIMEOUT', '7', 'aggregation.file_timeout', 7],
];

for (const [variable, text, key, value] of VARIABLES) {
  test(`${variable}=${text} sets ${key} to ${value}`, async () => {
    const { config, origins } = await effectiveConfig(undefined, { [variable]: text }, {});
    assert.deepEqual([at(config, key), origins.get(key)], [value, 'environment']);
  });
}

const REFUSED: [string, string, RegExp][] = [
  ['RTPIPELINE_RADIOMICS_SEQUENTIAL', '2', /radiomics\.sequential: .*boolean/],
  ['RTPIPELINE_RADIOMICS_SEQUENTIAL', 'perhaps', /radiomics\.sequential: .*boolean/],
  ['WORKERS', '[', /workers: /],
];
for (const [variable, text, message] of REFUSED)
  test(`${variable}=${text} is refused with the name of its key`, async () => {
    await assert.rejects(effectiveConfig(undefined, { [variable]: text }, {}), { name: 'BadConfig', message });
  });

/** Workers and time limits; each of them in every way that a setting can be made. */
const LIMITS = [
  'workers',
  'max_workers',
  'segmentation.workers',
  'custom_models.workers',
  'radiomics.workers',
  'aggregation.threads',
  'organize.read_timeout',
  'segmentation.timeout',
  'custom_models.timeout',
  'radiomics.task_timeout',
  'radiomics_robustness.task_timeout',
  'aggregation.file_timeout',
  'task_timeout',
];

for (const key of LIMITS) {
  test(`${key} is set by file, variable and flag, and the later of them counts`, async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, stringify(key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), 11)));
    const variables = { [`RTPIPELINE_${key.toUpperCase().replace('.', '_')}`]: '12' };
    const command = addConfigFlags(new Command()).parse(['--set', `${key}=13`], { from: 'user' });
    const { set } = command.opts<ConfigFlags>();
    for (const [value, origin, made] of [
      [11, 'file', await effectiveConfig(file, {}, {})],
      [12, 'environment', await effectiveConfig(file, variables, {})],
      [13, 'flag', await effectiveConfig(file, variables, set)],
    ] as const) {
      assert.deepEqual([at(made.config, key), made.origins.get(key)], [value, origin]);
    }
  });
}

/** The four kinds of machines that RTpipeline gave advice for. */
const PROFILES: Record<string, Record<string, unknown>> = {
  'single-gpu': {
    workers: 4,
    'segmentation.workers': 1,
    'segmentation.threads_per_worker': 2,
  },
  'dual-gpu': {
    workers: 16,
    'segmentation.workers': 2,
    'segmentation.threads_per_worker': 4,
    'segmentation.nr_threads_resample': 4,
    'segmentation.nr_threads_save': 4,
    'custom_models.workers': 2,
  },
  'cpu-only': {
    workers: 32,
    'segmentation.workers': 4,
    'segmentation.threads_per_worker': 8,
    'segmentation.device': 'cpu',
    'segmentation.fast': true,
  },
  'slow-storage': { workers: 2, 'segmentation.workers': 1 },
};

for (const [name, settings] of Object.entries(PROFILES)) {
  test(`--profile ${name} sets the values of the tuning guide; file and flags override them`, async () => {
    const { config, origins } = await effectiveConfig(undefined, {}, {}, name);
    for (const [key, value] of Object.entries(settings)) assert.deepEqual(at(config, key), value, key);
    assert.deepEqual([...origins.keys()].sort(), Object.keys(settings).sort());
    const flagged = await effectiveConfig(undefined, {}, { workers: 1 }, name);
    assert.deepEqual([flagged.config.workers, flagged.origins.get('workers')], [1, 'flag']);
  });
}

test('every profile has a file, and an unknown name is refused with the known ones', async () => {
  assert.deepEqual(
    readProfiles().map(({ name }) => name),
    Object.keys(PROFILES).sort(),
  );
  await assert.rejects(effectiveConfig(undefined, {}, {}, 'gpu'), /use cpu-only, dual-gpu, single-gpu/);
});

test('the effective configuration shows every key with value and origin', async () => {
  const shown = describeConfig(
    await effectiveConfig(undefined, { WORKERS: '3' }, { 'dvh.end_cap': 'none' }, 'cpu-only'),
  );
  const rows = new Map(shown.split('\n').map((line) => [line.split(/\s+/)[0], line.split(/\s{2,}/).slice(1)]));
  for (const { key } of configKeys()) assert.ok(rows.has(key), key);
  assert.deepEqual(rows.get('workers'), ['3', 'environment']);
  assert.deepEqual(rows.get('dvh.end_cap'), ['"none"', 'flag']);
  assert.deepEqual(rows.get('segmentation.fast'), ['true', 'profile']);
  assert.deepEqual(rows.get('qc.enabled'), ['true', 'default']);
});

test('every key has a description, and docs/configuration.md matches the schema', () => {
  assert.deepEqual(
    configKeys()
      .filter(({ description }) => description === '')
      .map(({ key }) => key),
    [],
  );
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  assert.equal(page, `${configurationPage()}\n`, 'npm run docs:configuration');
});
