import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { patientObjects } from '#lib/organize/patient-objects.ts';
import { imageOfStructureSet } from '#lib/organize/structure-image.ts';
import { imageSeries, structureSet } from '#test/fixtures/index-rows.ts';

function link(struct: IndexRow, images: IndexRow[]) {
  const { series, status, findings } = imageOfStructureSet(struct, patientObjects(images).series);
  return { series: series?.uid, status, codes: findings.map((f) => f.code) };
}

const ct = imageSeries();
const uids = ct.map((row) => row.sopInstanceUid);
const pet = imageSeries({ series: 'pet', modality: 'PT' });
const both = structureSet({ series: 'ct' });
both.structureSet?.seriesReferences.push({ seriesInstanceUid: 'big', studyInstanceUid: 'study', instanceUids: [] });

const CASES = [
  {
    title: 'the series that it names',
    struct: structureSet({ instances: uids }),
    images: [...ct, ...pet, ...imageSeries({ series: 'big', slices: 200 })],
    expected: { series: 'ct', status: 'referenced', codes: [] },
  },
  {
    title: 'the series that it names, in another study',
    struct: structureSet({ study: 'other', instances: uids }),
    images: ct,
    expected: { series: 'ct', status: 'referenced', codes: [] },
  },
  {
    title: 'of several named series the one with most slices',
    struct: both,
    images: [...ct, ...imageSeries({ series: 'big', slices: 20 })],
    expected: { series: 'big', status: 'referenced_multi', codes: [] },
  },
  {
    title: 'the named series although its instances were written anew, with a finding',
    struct: structureSet({ instances: ['gone.1', 'gone.2'] }),
    images: ct,
    expected: { series: 'ct', status: 'referenced', codes: ['STRUCTURE_SET_IMAGES_INCOMPLETE'] },
  },
  {
    title: 'the series of the named instances although its UID is another',
    struct: structureSet({ series: 'renamed', instances: uids }),
    images: ct,
    expected: { series: 'ct', status: 'referenced', codes: [] },
  },
  {
    title: 'the named series although the frame differs, with a finding',
    struct: structureSet({ frames: ['other'], instances: uids }),
    images: ct,
    expected: { series: 'ct', status: 'referenced', codes: ['FRAME_OF_REFERENCE_DIFFERS'] },
  },
  {
    title: 'the only series of the frame when the named one is absent',
    struct: structureSet({ series: 'gone' }),
    images: [...ct, ...imageSeries({ series: 'far', frame: 'far' })],
    expected: { series: 'ct', status: 'frame_of_reference', codes: ['STRUCTURE_SET_IMAGES_BY_FRAME'] },
  },
  {
    title: 'the only series of the frame and of the modality that its name says',
    struct: structureSet({ series: 'gone', description: 'GTV_PET_mask' }),
    images: [...ct, ...pet],
    expected: { series: 'pet', status: 'frame_of_reference', codes: ['STRUCTURE_SET_IMAGES_BY_FRAME'] },
  },
  {
    title: 'none when the named one is absent and several share the frame: fail closed',
    struct: structureSet({ series: 'gone' }),
    images: [...ct, ...imageSeries({ series: 'big', slices: 200 })],
    expected: { series: undefined, status: 'unresolved_reference', codes: ['STRUCTURE_SET_IMAGES_MISSING'] },
  },
  {
    title: 'none when the named one is absent and the only other lies in another frame',
    struct: structureSet({ series: 'gone' }),
    images: imageSeries({ frame: 'far' }),
    expected: { series: undefined, status: 'unresolved_reference', codes: ['STRUCTURE_SET_IMAGES_MISSING'] },
  },
  {
    title: 'the largest CT of the frame when none is named',
    struct: structureSet({ series: '' }),
    images: [
      ...ct,
      ...imageSeries({ series: 'big', slices: 20 }),
      ...imageSeries({ series: 'mr', slices: 50, modality: 'MR' }),
    ],
    expected: { series: 'big', status: 'fallback_largest', codes: ['STRUCTURE_SET_WITHOUT_REFERENCES'] },
  },
  {
    title: 'none when none is named and there are none',
    struct: structureSet({ series: '' }),
    images: [],
    expected: { series: undefined, status: 'none', codes: [] },
  },
] as const;

for (const { title, struct, images, expected } of CASES) {
  test(`the images of a structure set: ${title}`, () => {
    assert.deepEqual(link(struct, [...images]), expected);
  });
}
