import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadConfig } from '#lib/errors.ts';
import { compareLabels, labelOrderOf } from '#lib/segmentation/custom-models/dataset-labels.ts';

test('both versions of dataset.json name the labels of a network', () => {
  const version1 = { labels: { '0': 'background', '1': 'heart', '2': 'lung' } };
  const version2 = { labels: { background: 0, heart: 1, lung: 2, ignore: 3 } };
  for (const dataset of [version1, version2]) {
    assert.deepEqual(compareLabels(['Heart', 'LUNG'], dataset), { renamed: [], hasRegions: false });
    assert.throws(() => compareLabels(['lung', 'heart'], dataset), BadConfig);
    assert.throws(
      () => compareLabels(['heart'], dataset),
      /names 1 labels, but the network was trained on 2: heart, lung/,
    );
    assert.deepEqual(compareLabels(['heart', 'pulmo'], dataset).renamed, ['2 pulmo (lung)']);
  }
});

test('a file without labels is accepted and compares nothing', () => {
  assert.deepEqual(compareLabels(['a'], {}), { renamed: [], hasRegions: false });
});

test('regions are identified by name in the order of dataset.json, other labels by value', () => {
  const labels = { background: 0, whole: [1, 2], core: 2, ignore: 3 };
  const dataset = { labels, regions_class_order: [1, 2] };
  assert.deepEqual(compareLabels(['Whole', 'core'], dataset).regions, [
    { name: 'Whole', values: [1, 2], paints: 1 },
    { name: 'core', values: [2], paints: 2 },
  ]);
  assert.equal(compareLabels(['oedema', 'core'], dataset).regions, undefined);
  assert.deepEqual(labelOrderOf(labels), ['whole', 'core']);
  assert.deepEqual(labelOrderOf({ background: 0, lung: 2, heart: 1, ignore: 3 }), ['heart', 'lung']);
});
