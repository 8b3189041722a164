import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { weightsCheck } from '../../../cli/doctor/weights-check.ts';
import { writeConvertedTask } from '../../fixtures/converted-task.ts';

const weights = mkdtempSync(join(tmpdir(), 'weights-test-'));
after(() => rmSync(weights, { recursive: true }));
const FULL = [291, 292, 293, 294, 295, 297, 850, 851, 852];

function check(segmentation: object) {
  return weightsCheck(parseConfig({ segmentation: { weights, ...segmentation } }));
}

test('doctor names the models that the configured tasks lack, including the 3 mm fallback', async () => {
  for (const id of FULL.slice(0, 5)) mkdirSync(join(weights, `Dataset${id}_Total`));
  const missing = await check({ extra_models: ['heartchambers_highres'] });
  assert.equal(missing?.verdict, 'missing');
  assert.match(missing?.message ?? '', /total \(297\), heartchambers_highres \(301, 297\), total_mr \(850, 851, 852\)/);
  for (const id of FULL.slice(5)) mkdirSync(join(weights, `Dataset${id}_Total`));
  assert.equal((await check({}))?.verdict, 'ok');
  assert.match((await check({ roi_subset: ['liver'] }))?.message ?? '', /total \(298\)/);
  const cropped = await check({ extra_models: ['lung_vessels', 'liver_vessels', 'abdominal_muscles'] });
  assert.match(
    cropped?.message ?? '',
    /lung_vessels \(117\), liver_vessels \(8, 298\), abdominal_muscles \(952, 300\)/,
  );
});

test('doctor does not check weights when segmentation is off, and names unknown tasks as unchecked', async () => {
  assert.equal(await check({ enabled: false }), undefined);
  assert.match((await check({ extra_models: ['new_task'] }))?.message ?? '', /not checked: new_task/);
});

test('doctor asks for no weights of converted tasks, and names a broken one', async () => {
  const folder = mkdtempSync(join(weights, 'alone-'));
  for (const [task, modality] of [
    ['total', 'CT'],
    ['total_mr', 'MR'],
  ] as const)
    writeConvertedTask(folder, task, modality);
  assert.equal((await check({ weights: folder }))?.verdict, 'ok');
  writeFileSync(join(folder, 'converted', 'total', 'custom_model.yaml'), 'networks: [');
  const found = await check({ weights: folder });
  assert.equal(found?.verdict, 'missing');
  assert.match(found?.message ?? '', /converted task total cannot be read/);
});
