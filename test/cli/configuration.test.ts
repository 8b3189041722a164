import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { effectiveConfig } from '../../cli/configuration.ts';

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rtpipeline-config-'));
  await writeFile(join(folder, 'params.yaml'), 'setting: {binWidth: 10}\n');
  await writeFile(join(folder, 'config.yaml'), text);
  return join(folder, 'config.yaml');
}

test('a flag overrides the environment, the environment the file, the file the default', async () => {
  const file = await fileWith('workers: 2\nsegmentation: {workers: 2, timeout: 10}\ntask_timeout: 5\n');
  const environment = { TOTALSEG_TIMEOUT: '20', WORKERS: '3' };
  const { config, origins } = await effectiveConfig(file, environment, { workers: 4 });
  assert.equal(config.workers, 4);
  assert.equal(config.segmentation.timeout, 20);
  assert.equal(config.segmentation.workers, 2);
  assert.equal(config.task_timeout, 5);
  assert.equal(config.radiomics.min_voxels, 10);
  assert.deepEqual(Object.fromEntries(origins), {
    workers: 'flag',
    'segmentation.workers': 'file',
    'segmentation.timeout': 'environment',
    task_timeout: 'file',
  });
});

test("zero disables a limit where RTpipeline's variables used it so", async () => {
  const environment = { RTPIPELINE_RADIOMICS_SEQUENTIAL: '1', RTPIPELINE_RADIOMICS_WORKERS: '0', WORKERS: 'auto' };
  const { config } = await effectiveConfig(undefined, environment, {});
  assert.equal(config.radiomics.sequential, true);
  assert.equal(config.radiomics.workers, null);
  assert.equal(config.workers, 'auto');
});

test('a file named in the configuration is read relative to the configuration', async () => {
  const { config } = await effectiveConfig(await fileWith('radiomics: {params_file: params.yaml}\n'), {}, {});
  assert.deepEqual(config.radiomics.params_file, { setting: { binWidth: 10 } });
});

test('wrong radiomics settings are refused at the start', async () => {
  for (const [text, message] of [
    [
      'radiomics: {mr_params_file: {setting: {binwidth: 5}}}\n',
      /unknown key setting\.binwidth .* did you mean binWidth\?/,
    ],
    ['radiomics: {ibsi: {famlies: [statistics]}}\n', /radiomics\.ibsi: .*famlies/],
  ] as const)
    await assert.rejects(effectiveConfig(await fileWith(text), {}, {}), { name: 'BadConfig', message });
});

test('an empty section is accepted; an unknown section is refused with the nearest name', async () => {
  const { config } = await effectiveConfig(await fileWith('segmentation:\n'), {}, {});
  assert.equal(config.segmentation.device, 'auto');
  await assert.rejects(
    effectiveConfig(await fileWith('segmentatoin: {workers: 1}\n'), {}, {}),
    /did you mean segmentation\?/,
  );
});

test('a missing or broken configuration file is reported by name', async () => {
  await assert.rejects(effectiveConfig('/no/such.yaml', {}, {}), { name: 'BadConfig', message: /such\.yaml/ });
  await assert.rejects(effectiveConfig(await fileWith('a: [1\n'), {}, {}), {
    name: 'BadConfig',
    message: /not valid YAML/,
  });
});
