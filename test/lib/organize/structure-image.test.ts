import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { patientObjects } from '#lib/organize/patient-objects.ts';
import { imageLookup } from '#lib/organize/series.ts';
import { imagesOfStructureSet } from '#lib/organize/structure-image.ts';
import { imageSeries, seriesReference, structureSet } from '#test/fixtures/index-rows.ts';

function link(struct: IndexRow, images: IndexRow[]) {
  const { series: all } = patientObjects(images);
  const { series, status, findings } = imagesOfStructureSet(struct, imageLookup(all));
  return { series: series?.uid, status, codes: findings.map((f) => f.code) };
}

const ct = imageSeries();
const uids = ct.map((row) => row.sopInstanceUid);
const pet = imageSeries({ series: 'pet', modality: 'PT' });
const both = structureSet({ series: 'ct' });
both.structureSet?.seriesReferences.push(seriesReference('big'));

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
    expected: { series: 'big', status: 'referenced_multi', codes: ['STRUCTURE_SET_SEVERAL_IMAGES'] },
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
    expected: { series: 'ct', status: 'stand_in', codes: ['STRUCTURE_SET_IMAGES_BY_FRAME'] },
  },
  {
    title: 'the only series of the frame and of the modality that its name says',
    struct: structureSet({ series: 'gone', description: 'GTV_PET_mask' }),
    images: [...ct, ...pet],
    expected: { series: 'pet', status: 'stand_in', codes: ['STRUCTURE_SET_IMAGES_BY_FRAME'] },
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

const planning = imageSeries({ series: 'planning' });
const verification = imageSeries({ series: 'verification', slices: 16, firstMm: -6 });
const far = imageSeries({ series: 'far', frame: 'far' });
const named = (images: IndexRow[], first = 2, last = 6) => images.slice(first, last).map((row) => row.sopInstanceUid);
const phases = ['early', 'late'].flatMap((instances, n) =>
  imageSeries({ series: 'ct', instances, marks: () => ({ AcquisitionNumber: n + 1 }) }),
);

function linksOfRois(struct: IndexRow, images: IndexRow[]) {
  const { series: all } = patientObjects(images);
  const { rois, findings } = imagesOfStructureSet(struct, imageLookup(all));
  const links = rois.map(({ series, status }) => [series?.uid, series?.volume.label, status].filter(Boolean).join(' '));
  return { links, codes: findings.map(({ code }) => code) };
}

const ROI_CASES: { title: string; struct: IndexRow; images: IndexRow[]; links: string[]; codes: string[] }[] = [
  {
    title: 'the series of the images that its contours name, not the larger one that the set lists too',
    struct: withReferences(
      structureSet({
        series: 'planning',
        rois: [
          { name: 'GTV', type: 'GTV', images: named(planning) },
          { name: 'Heart', type: 'ORGAN', images: named(verification) },
        ],
      }),
      'verification',
    ),
    images: [...planning, ...verification],
    links: ['planning referenced', 'verification referenced'],
    codes: [],
  },
  {
    title: 'the series that its contours name although the set lists none',
    struct: structureSet({ series: '', rois: [{ name: 'GTV', type: 'GTV', images: named(planning) }] }),
    images: [...planning, ...verification],
    links: ['planning referenced'],
    codes: [],
  },
  {
    title: 'of a ROI without named images the series that the other contours name',
    struct: structureSet({
      series: '',
      rois: [
        { name: 'GTV', type: 'GTV', images: named(planning) },
        { name: 'Empty', type: 'ORGAN' },
      ],
    }),
    images: [...planning, ...verification],
    links: ['planning referenced', 'planning referenced'],
    codes: [],
  },
  {
    title: 'the series listed under its frame of reference',
    struct: withReferences(
      structureSet({
        series: 'planning',
        frames: ['frame', 'far'],
        rois: [
          { name: 'GTV', type: 'GTV', frame: 'frame' },
          { name: 'GTV_far', type: 'GTV', frame: 'far' },
        ],
      }),
      'far',
      'far',
    ),
    images: [...planning, ...far],
    links: ['planning referenced', 'far referenced'],
    codes: [],
  },
  {
    title: 'a stand-in of its own frame of reference when what its contours name is absent',
    struct: structureSet({
      series: 'gone',
      frames: ['frame', 'far'],
      rois: [
        { name: 'GTV', type: 'GTV', frame: 'frame', images: ['gone.1'] },
        { name: 'GTV_far', type: 'GTV', frame: 'far', images: ['gone.2'] },
      ],
    }),
    images: [...planning, ...far],
    links: ['planning stand_in', 'far stand_in'],
    codes: ['STRUCTURE_SET_IMAGES_BY_FRAME'],
  },
  {
    title: 'the volume of the series that its contours name',
    struct: structureSet({
      rois: [
        { name: 'GTV', type: 'GTV', images: ['late.3', 'late.4'] },
        { name: 'Lung', type: 'ORGAN', images: ['early.3', 'early.4'] },
      ],
    }),
    images: phases,
    links: ['ct AcquisitionNumber 2 referenced', 'ct AcquisitionNumber 1 referenced'],
    codes: [],
  },
  {
    title: 'the volume whose images the set lists',
    struct: structureSet({ instances: ['late.1', 'late.2', 'late.3'], rois: [{ name: 'GTV', type: 'GTV' }] }),
    images: phases,
    links: ['ct AcquisitionNumber 2 referenced'],
    codes: [],
  },
  {
    title: 'none when its contours name images of two volumes',
    struct: structureSet({ rois: [{ name: 'GTV', type: 'GTV', images: ['early.3', 'late.4'] }] }),
    images: phases,
    links: ['split'],
    codes: ['ROI_ON_SEVERAL_IMAGES'],
  },
  {
    title: 'one volume of two passes that meet, with a finding where it lies across their seam',
    struct: structureSet({
      series: 'long',
      rois: [
        { name: 'Below', type: 'ORGAN', images: ['long.3', 'long.4'] },
        { name: 'Across', type: 'ORGAN', images: ['long.10', 'long.11', 'long.12'] },
      ],
    }),
    images: imageSeries({ series: 'long', slices: 24, marks: (i) => ({ AcquisitionNumber: i < 12 ? 1 : 2 }) }),
    links: ['long referenced', 'long referenced'],
    codes: ['ROI_ACROSS_PASSES'],
  },
  {
    title: 'one volume whose scanner numbers each slice, without a finding',
    struct: structureSet({
      series: 'long',
      rois: [{ name: 'Across', type: 'ORGAN', images: ['long.10', 'long.11', 'long.12'] }],
    }),
    images: imageSeries({ series: 'long', slices: 24, marks: (i) => ({ AcquisitionNumber: i }) }),
    links: ['long referenced'],
    codes: [],
  },
  {
    title: 'the named one although its frame of reference differs, which is an error that the stages heed',
    struct: structureSet({ frames: ['other'], rois: [{ name: 'GTV', type: 'GTV', frame: 'other', images: ['ct.3'] }] }),
    images: ct,
    links: ['ct referenced'],
    codes: ['FRAME_OF_REFERENCE_DIFFERS'],
  },
];

function withReferences(struct: IndexRow, series: string, frame = 'frame'): IndexRow {
  struct.structureSet!.seriesReferences.push(seriesReference(series, [], frame));
  return struct;
}

for (const { title, struct, images, links, codes } of ROI_CASES) {
  test(`the image of an ROI: ${title}`, () => assert.deepEqual(linksOfRois(struct, images), { links, codes }));
}
