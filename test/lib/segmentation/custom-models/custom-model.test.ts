import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '#lib/config.ts';
import { largestComponent } from '#lib/image/components.ts';
import type { Volume } from '#lib/image/grid.ts';
import { fullMaskData, maskOfVolume } from '#lib/image/mask.ts';
import { silentLog } from '#lib/log.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { runCustomModel } from '#lib/segmentation/custom-models/custom-model.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import { storedZip } from '../../../fixtures/stored-zip.ts';

const programs = fileURLToPath(new URL('../../../fixtures/programs/', import.meta.url));
const PREDICT = join(programs, 'nnunet.mjs');
const root = mkdtempSync(join(tmpdir(), 'custom-models-test-'));
const LOG = join(root, 'calls.jsonl');

beforeEach(() => {
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  process.env.FAKE_SEGMENTER_LOG = LOG;
});
after(() => {
  rmSync(root, { recursive: true });
  delete process.env.FAKE_SEGMENTER_LOG;
});

function addModel(name: string, yaml: string, files: Record<string, Uint8Array | string> = {}): void {
  mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, name, 'custom_model.yaml'), yaml);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, name, path, '..'), { recursive: true });
    writeFileSync(join(root, name, path), content);
  }
}

function image(): Volume<Int16Array> {
  const size: [number, number, number] = [6, 5, 12];
  const data = Int16Array.from({ length: 360 }, (_, v) => (v % 7) - 3 + (v > 200 ? 2 : 0));
  return { grid: { size, spacingMm: [1, 1, 2], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

async function run(name: string, custom: object = {}, segmentation: object = {}) {
  const config = parseConfig({ custom_models: { nnunet_predict: PREDICT, ...custom }, segmentation });
  const { models } = await discoverModels(root, [name]);
  const input = { volume: image(), where: '1.2', cores: 1, signal: new AbortController().signal, log: silentLog };
  const settings = { segmentation: { ...config.segmentation, device: 'gpu' as const }, custom: config.custom_models };
  return runCustomModel(models[0], settings, input);
}

function calls(): { args: string[]; env: Record<string, string>; weights: boolean }[] {
  return readFileSync(LOG, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** 1 where the image is brighter than 0. */
const bright = () => Uint8Array.from(image().data, (value) => (value > 0 ? 1 : 0));

test('models are found in order, and broken models are reported', async () => {
  const net = 'networks: [{id: 1, label_order: [a], source_directory: w}]';
  addModel('b', net, { 'w/x': '' });
  addModel('a', `${net}\nname: A`, { 'w/x': '' });
  addModel('_hidden', net, { 'w/x': '' });
  addModel('off', `${net}\nenabled: false`, { 'w/x': '' });
  addModel('broken', 'networks: [', {});
  addModel('bare', net);
  addModel('twin', `${net}\nname: a`, { 'w/x': '' });
  mkdirSync(join(root, 'no-model'));
  const { models, findings } = await discoverModels(root, []);
  assert.deepEqual(
    models.map(({ name }) => name),
    ['A', 'b'],
  );
  assert.deepEqual(
    findings.map(({ code, where }) => `${where} ${code}`),
    ['broken CUSTOM_MODEL_REFUSED', 'a CUSTOM_MODEL_REFUSED', 'bare CUSTOM_MODEL_WITHOUT_WEIGHTS'],
  );
  const chosen = await discoverModels(root, ['B', 'nobody']);
  assert.deepEqual(
    chosen.models.map(({ name }) => name),
    ['b'],
  );
  assert.ok(chosen.findings.some(({ code, where }) => code === 'CUSTOM_MODEL_UNKNOWN' && where === 'nobody'));
  assert.equal((await discoverModels(join(root, 'nowhere'), [])).findings[0].code, 'NO_CUSTOM_MODELS');
});

test('a network gets the image in the orientation of its training, and its labels return to the image', async () => {
  addModel('one', 'networks: [{id: 7, label_order: [heart]}]', { 'nnUNet_results/7/plans.json': '{}' });
  const { labelMaps, programs } = await run('one', {}, { threads_per_worker: 2, device: 'cpu' });
  assert.deepEqual(labelMaps[0].volume, { grid: image().grid, data: bright() });
  assert.deepEqual(labelMaps[0].labels, [{ value: 1, name: 'heart' }]);
  assert.equal(programs.length, 1);
  const [{ env, weights }] = calls();
  assert.deepEqual([env.OMP_NUM_THREADS, weights], ['2', true]);
});

test('a structure of several networks comes from the later one, and an ensemble overrides all', async () => {
  const nets = `
networks:
  - {id: 1, alias: x, label_order: [heart, lung], env: {FAKE_NNUNET_VALUE: 1}}
  - {id: 2, alias: y, label_order: [heart, liver], env: {FAKE_NNUNET_VALUE: 2}}
`;
  const files = { 'nnUNet_results/x/a': '', 'nnUNet_results/y/a': '' };
  addModel('chain', nets, files);
  const found = async () =>
    (await run('chain')).labelMaps.map(({ volume, labels }) => [
      labels.map(({ name }) => name).join(),
      Math.max(...volume.data),
    ]);
  assert.deepEqual(await found(), [
    ['lung', 0],
    ['heart,liver', 2],
  ]);
  addModel('chain', `${nets}combine: {ordered_networks: [y, x]}`, files);
  assert.deepEqual(await found(), [
    ['liver', 2],
    ['heart,lung', 1],
  ]);
  const ensemble = `ensemble: {inputs: [x, y], command: ${PREDICT}, label_order: [heart, spleen]}`;
  addModel('chain', `${nets.replace('[heart, liver]', '[heart, lung]')}${ensemble}`, files);
  assert.deepEqual(await found(), [['heart,spleen', 2]]);
  assert.ok(calls().some(({ args }) => args.includes('--save_probabilities')));
});

test('results are postprocessed as the model says, and a broken postprocessing file is named', async () => {
  const best = fullMaskData(largestComponent(maskOfVolume(image().grid, bright()), 26));
  assert.notDeepEqual(best, bright());
  const name = 'remove_all_but_largest_component_from_segmentation';
  const steps = { postprocessing_fns: [name], postprocessing_kwargs: [{ labels_or_regions: [1, 2] }] };
  const net = (id: number, more = '') => `  - {id: ${id}, alias: n${id}, label_order: [heart, lung]${more}}\n`;
  const files = { 'nnUNet_results/n1/a': '', 'nnUNet_results/n2/a': '', 'post.json': JSON.stringify(steps) };
  addModel('alone', `networks:\n${net(1, ', postprocessing_json: post.json')}`, files);
  const found = async (model: string) => (await run(model)).labelMaps[0].volume.data.map((value) => Math.min(value, 1));
  assert.deepEqual(await found('alone'), best);
  const ensemble = `ensemble: {inputs: [n1, n2], command: ${PREDICT}, postprocessing_json: post.json}`;
  addModel('both', `networks:\n${net(1)}${net(2)}${ensemble}`, files);
  assert.deepEqual(await found('both'), best);
  addModel('broken', `networks:\n${net(1, ', postprocessing_json: post.json')}`, { ...files, 'post.json': '{' });
  await assert.rejects(run('broken'), { name: 'BadInput', where: 'post.json' });
});

test('weights are unpacked once if kept, otherwise for each use', async () => {
  const archive = storedZip({ 'Dataset7/plans.json': '{}', 'Dataset7/fold_all/checkpoint.pth': storedZip({ a: 'b' }) });
  const yaml = 'networks: [{id: 7, archive: Dataset7.zip, label_order: [heart]}]';
  addModel('kept', yaml, { 'Dataset7.zip': archive });
  const unpacked = join(root, 'kept', 'nnUNet_results', 'Dataset7', 'fold_all', 'checkpoint.pth');
  await run('kept', { retain_weights: false });
  assert.deepEqual([calls()[0].weights, existsSync(unpacked)], [true, false]);
  await run('kept');
  assert.equal(existsSync(unpacked), true);
  writeFileSync(join(root, 'kept', 'Dataset7.zip'), 'broken since');
  await run('kept');
  assert.deepEqual(readdirSync(join(root, 'kept', 'nnUNet_results')), ['Dataset7']);
});

test('an archive that would write outside its folder is refused, and nothing of it stays', async () => {
  const archive = storedZip({ '../evil': 'x', 'Dataset7/plans.json': '{}' });
  addModel('evil', 'networks: [{id: 7, archive: Dataset7.zip, label_order: [heart]}]', { 'Dataset7.zip': archive });
  await assert.rejects(run('evil'), /not unpacked: \.\.\/evil: the path leaves the folder/);
  assert.deepEqual(readdirSync(join(root, 'evil', 'nnUNet_results')), []);
});

test('TotalSegmentator tasks give the requested classes, and report classes that they lack', async () => {
  const nets = 'networks: [{task: total, label_order: [Brighter, rib]}]';
  addModel('task', `nnunet: {interface: totalsegmentator}\n${nets}`);
  const command = join(programs, 'segmenter.mjs');
  const { labelMaps, missing, findings } = await run('task', {}, { command, roi_subset: ['bright'] });
  assert.deepEqual(labelMaps[0].labels, [{ value: 2, name: 'Brighter' }]);
  assert.deepEqual(missing, ['rib']);
  assert.equal(findings[0].code, 'CUSTOM_MODEL_LABELS_MISSING');
});

test('a custom command reads an image and writes a label map', async () => {
  const command = `[${join(programs, 'segmenter.mjs')}, -i, '{input}', -o, '{output}']`;
  const nets = 'networks: [{label_order: [low, high, none]}]';
  addModel('own', `nnunet: {interface: command, orientation: RAS, command: ${command}}\n${nets}`);
  const { labelMaps } = await run('own', { conda_activate: 'export ACTIVE=1' });
  assert.deepEqual(labelMaps[0].volume, { grid: image().grid, data: bright() });
});
