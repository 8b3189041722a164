import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadConfig } from '#lib/errors.ts';
import { channelsOf, checkChannels } from '#lib/segmentation/custom-models/dataset-channels.ts';

test('both versions of dataset.json say what images a network was trained on', () => {
  assert.deepEqual(channelsOf({ channel_names: { 0: 'CT' } }), ['CT']);
  assert.deepEqual(channelsOf({ modality: { 0: 'T1', 1: 'FLAIR' } }), ['T1', 'FLAIR']);
  for (const nothing of [{}, undefined, { channel_names: 'CT' }]) assert.deepEqual(channelsOf(nothing), []);
});

test('a network for the other modality, or for several images, is refused; names that say neither are not', () => {
  checkChannels('CT', { channel_names: { 0: 'CT' } });
  checkChannels('MR', { channel_names: { 0: 'T1' } });
  checkChannels('CT', { channel_names: { 0: 'noNorm' } });
  checkChannels('MR', {});
  const refused: [modality: 'CT' | 'MR', channels: object, message: RegExp][] = [
    ['CT', { 0: 'MRI' }, /trained on MR \(MRI in dataset\.json\), but the model is for CT: set modality to MR/],
    ['MR', { 0: 'CT' }, /trained on CT \(CT in dataset\.json\), but the model is for MR/],
    ['CT', { 0: 'CT', 1: 'PET' }, /2 channels \(CT, PET\), but a model gets one image/],
  ];
  for (const [modality, channel_names, message] of refused)
    assert.throws(
      () => checkChannels(modality, { channel_names }),
      (error: Error) => error instanceof BadConfig && message.test(error.message),
    );
});
