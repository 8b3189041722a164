import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';
import { subsetSteps } from '#lib/segmentation/total-segmentator/subset-steps.ts';

const step = (name: string, networks: string[], labels: object) => ({ name, networks, labels });
const ORGANS = { spleen: 1, liver: 2, vertebra: 3 };

function task(subset?: object) {
  const model = parseCustomModel(
    {
      name: 'total',
      nnunet: { interface: 'onnx' },
      networks: [
        { alias: 'organs', label_order: ['spleen', 'liver'] },
        { alias: 'bones', label_order: ['vertebra'] },
        { alias: 'rough', label_order: ['spleen', 'liver'] },
      ],
      steps: [step('total', ['organs', 'bones'], ORGANS)],
      subset,
    },
    '/models/total',
  );
  return { model, steps: model.steps! };
}

const ROUGH = step('crop', ['rough'], { spleen: 1, liver: 2 });
const shape = (steps: ReturnType<typeof subsetSteps>) =>
  steps.map(({ name, networks, crop }) => [name, networks.join(), crop?.structures.join(), crop?.margin_mm[0]]);

test('chosen classes are found quickly first, and only networks that know them look at the box around them', () => {
  const found = shape(subsetSteps(task(ROUGH), ['liver']));
  assert.deepEqual(found, [
    ['crop', 'rough', undefined, undefined],
    ['total', 'organs', 'liver', 20],
  ]);
});

test('without the quick look, or with a class that it does not know, the whole image is looked at', () => {
  assert.deepEqual(shape(subsetSteps(task(), ['liver'])), [['total', 'organs', undefined, undefined]]);
  const both = shape(subsetSteps(task(ROUGH), ['vertebra', 'liver']));
  assert.deepEqual(both, [['total', 'organs,bones', undefined, undefined]]);
});
