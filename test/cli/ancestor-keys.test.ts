import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { effectiveConfig } from '../../cli/configuration.ts';

const ANCESTOR = fileURLToPath(new URL('../fixtures/ancestor-config.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-ancestor-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const written = (text: string) => {
  const file = join(folder, `${Buffer.from(text).toString('hex').slice(0, 40)}.yaml`);
  writeFileSync(file, text);
  return file;
};

test('a configuration with every key that RTpipeline ever had is accepted', async () => {
  const { config } = await effectiveConfig(ANCESTOR, {}, {});
  assert.equal(config.segmentation.workers, 1, 'segmentation.max_workers');
  assert.equal(config.custom_models.workers, 1, 'workers counts before max_workers');
  assert.deepEqual(config.radiomics_robustness.thresholds.cov, { robust_pct: 10, acceptable_pct: 25 });
  assert.equal(config.aggregation.threads, 'auto');
  assert.equal(config.radiomics.min_voxels, 64);
});

test('every ignored key is reported, with its replacement', async () => {
  const { notes } = await effectiveConfig(ANCESTOR, {}, {});
  const named = notes.map((note) => note.split(': accepted but ignored: ')[0]);
  assert.deepEqual(named, [
    'dicom_root',
    'output_dir',
    'logs_dir',
    'snakemake_threads_io_bound',
    'scheduler',
    'container_mode',
    'container_env_prefix',
    'environments',
    'organize.dedup_by_sop_uid',
    'organize.use_hardlinks',
    'organize.verify_checksum',
    'organize.cache_headers',
    'segmentation.temp_dir',
    'dvh.enabled',
    'dvh.force',
    'dvh.prescription_dose_source',
    'dvh.volume_type',
    'dvh.dose_presentation',
    'dvh.dose_metrics',
    'dvh.volume_metrics',
    'radiomics.thread_limit',
    'radiomics_robustness.metrics.icc.implementation',
    'ct_cropping.keep_original',
    'qc.force',
  ]);
});

test('flags and variables without effect are reported too', async () => {
  const flag = await effectiveConfig(undefined, {}, { 'radiomics.thread_limit': 2 });
  const variable = await effectiveConfig(undefined, { RTPIPELINE_RADIOMICS_THREAD_LIMIT: '2' }, {});
  assert.deepEqual(flag.notes, variable.notes);
  assert.match(flag.notes[0], /^radiomics\.thread_limit: accepted but ignored: radiomics starts no programs/);
  assert.deepEqual((await effectiveConfig(undefined, {}, {})).notes, []);
});

test('parameter files are found beside the configuration; a missing one is reported with its key', async () => {
  const file = written('radiomics:\n  params_file: "rtpipeline/radiomics_params.yaml"\n');
  const message = /cannot read the file \(radiomics\.params_file: .*rtpipeline\/radiomics_params\.yaml\)/;
  await assert.rejects(effectiveConfig(file, {}, {}), { name: 'BadConfig', message });
  mkdirSync(join(folder, 'rtpipeline'));
  writeFileSync(join(folder, 'rtpipeline/radiomics_params.yaml'), 'setting:\n  binWidth: 10\n');
  const { config } = await effectiveConfig(file, {}, {});
  assert.deepEqual(config.radiomics.params_file, { setting: { binWidth: 10 } });
});

const BROKEN: [string, string, RegExp][] = [
  ['a tab', 'workers: 3\ndvh:\n\tend_cap: none\n', /not valid YAML: .*[Tt]abs.* at line 3, column 1/],
  ['a bracket that is not closed', 'workers: [3\n', /not valid YAML: .*line 2/],
  ['a list', '- workers\n', /the file is not a configuration. Write keys with values/],
  ['a text', 'hello\n', /the file is not a configuration. Write keys with values/],
  ['a name of JavaScript', '__proto__:\n  polluted: true\n', /unknown key __proto__/],
];
for (const [what, text, message] of BROKEN)
  test(`a configuration with ${what} is refused with one line that names the place`, async () => {
    await assert.rejects(effectiveConfig(written(text), {}, {}), (error: Error) => {
      assert.equal(error.name, 'BadConfig');
      assert.match(error.message, message);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
