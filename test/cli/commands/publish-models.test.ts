import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readJson } from '#lib/course-store/json.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { publishModels } from '../../../cli/commands/publish-models.ts';
import { writeConvertedTask } from '../../fixtures/converted-task.ts';

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'publish-models-test-'));
after(() => rmSync(work, { recursive: true }));

test('models and weights are published separately, and published ones stay', async () => {
  const store = memoryStore('memory:models');
  assert.deepEqual(await publishModels(store, {}), {});
  const { custom } = await publishModels(store, { models: MODELS });
  assert.deepEqual(
    custom?.models.map(({ tasks, networks }) => [tasks.length, networks.length]),
    [[0, 1]],
  );
  for (const name of ['Dataset297_total', 'Dataset117_vessels', 'other']) {
    mkdirSync(join(work, 'weights', name), { recursive: true });
    writeFileSync(join(work, 'weights', name, 'plans.json'), name);
  }
  const both = await publishModels(store, { weights: join(work, 'weights') });
  assert.deepEqual([both.custom, both.weights?.models], [custom, [117, 297]]);
  assert.deepEqual(await readJson(store, 'published.json'), both);
});

test('converted tasks are published without the weights that they were made of', async () => {
  const folder = join(work, 'converted-alone');
  writeConvertedTask(folder, 'total', 'CT');
  const { weights } = await publishModels(memoryStore('memory:models'), { weights: folder });
  assert.deepEqual(weights?.models, []);
  assert.deepEqual(
    weights?.converted.map(({ name, networks }) => [
      name,
      networks.map(({ classes, onnx }) => [classes, onnx?.window]),
    ]),
    [['total', [[3, [8, 8, 8]]]]],
  );
});

test('a model without weights, and a folder without models or weights, are refused and nothing is published', async () => {
  const store = memoryStore('memory:models');
  cpSync(join(MODELS, 'phantom'), join(work, 'models', 'phantom'), { recursive: true });
  rmSync(join(work, 'models', 'phantom', 'model.onnx'));
  await assert.rejects(publishModels(store, { models: join(work, 'models') }), /not there: model.onnx/);
  await assert.rejects(
    publishModels(store, { models: join(MODELS, 'phantom') }),
    /no subfolder holds a custom_model.yaml/,
  );
  await assert.rejects(publishModels(store, { weights: MODELS }), /no folder like Dataset297/);
  assert.deepEqual(await publishModels(store, {}), {});
});
