import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson } from '#lib/course-store/json.ts';
import { readStructures } from '#lib/course-store/structures.ts';
import { BadConfig } from '#lib/errors.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { block, rowsOf, runStage, STRUCTURE_KEYS, structuredCourse } from '../../../fixtures/structured-course.ts';

const codesOf = async ({ store }: StageContext) =>
  (await readJson<StageStatus>(store, STRUCTURE_KEYS.status('structures'))).findings.map(({ code }) => code);

test('every structure has its own name, and its standard name if certain; a guess is marked', async () => {
  const context = await structuredCourse({
    manual: { Pęcherz: block(5, 10), Recttum: block(5, 10), 'OAR 7': block(5, 10), zRing: block(5, 10) },
    automatic: { urinary_bladder: block(5, 9), spleen: undefined },
    config: { structures: { names: { 'oar 7': 'Liver' } } },
  });
  await runStage(context);
  assert.deepEqual(
    (await rowsOf(context, 'structures')).map((row) =>
      [row.source, row.roi_number, row.roi_name, row.standard_name, row.name_rule, row.suggested_name, row.status].join(
        ' | ',
      ),
    ),
    [
      'manual | 10 | Pęcherz | Bladder | synonym |  | ok',
      'manual | 11 | Recttum |  | none | Rectum | ok',
      'manual | 12 | OAR 7 | Liver | override |  | ok',
      'manual | 13 | zRing |  | planning_aid |  | ok',
      'totalsegmentator | 1 | urinary_bladder | Bladder | totalsegmentator |  | ok',
      'totalsegmentator | 2 | spleen | Spleen | totalsegmentator |  | empty',
    ],
  );
});

test('segments of an uploaded DICOM segmentation are structures, and usable in derived ones', async () => {
  const context = await structuredCourse({
    manual: { PTV: block(5, 10, 32) },
    sent: { Bladder: block(5, 10), tumour: block(6, 8) },
    config: { custom_structures: [{ name: 'both', source_structures: ['tumour', 'PTV'] }] },
  });
  await runStage(context);
  const rows = await rowsOf(context, 'structures');
  assert.deepEqual(
    rows.map((row) => [row.source, row.roi_number, row.roi_name, row.status].join(' | ')),
    ['manual | 10 | PTV | ok', 'seg | 1 | Bladder | ok', 'seg | 2 | tumour | ok', 'derived | 1 | both | ok'],
  );
  assert.ok(rows.filter((row) => row.source === 'seg').every((row) => row.structure_set_uid === '2.25.111'));
  const [ptv, , tumour, both] = (await readStructures(context.store, STRUCTURE_KEYS.course.split('/')[1])).structures;
  assert.equal(tumour.voxels, 6 * 6 * 3);
  assert.equal(both.voxels, ptv.voxels + tumour.voxels);
});

test('an unreadable DICOM segmentation is a row and a finding', async () => {
  const context = await structuredCourse({ sent: { Bladder: block(5, 10) }, isCut: true });
  await runStage(context);
  const [row] = (await rowsOf(context, 'structures')).filter(({ source }) => source === 'seg');
  assert.deepEqual([row.roi_name, row.status], ['SENT', 'failed']);
  assert.match(String(row.reason), /^the segmentation could not be read/);
  assert.ok((await codesOf(context)).includes('SEGMENTATION_UNREADABLE'));
});

const DERIVED = {
  custom_structures: [
    { name: 'bladder_and_ptv', source_structures: ['Bladder', 'ptv'] },
    { name: 'ring', operation: 'subtract', source_structures: ['bladder_up', 'urinary_bladder'] },
    { name: 'bladder_up', source_structures: ['urinary_bladder'], margin: { superior_mm: 10 } },
    { name: 'with_gap', source_structures: ['PTV', 'colon'] },
    { name: 'cut', operation: 'intersection', source_structures: ['PTV', 'spleen'] },
    { name: 'nothing', operation: 'intersection', source_structures: ['PTV', 'urinary_bladder'] },
  ],
};

test('a derived structure is a row that names its sources, or says why it is missing', async () => {
  const context = await structuredCourse({
    manual: { PTV: block(5, 10, 32), Pęcherz: block(5, 10) },
    automatic: { urinary_bladder: block(5, 9), spleen: undefined },
    config: { custom_structures: DERIVED },
  });
  await runStage(context);
  const rows = (await rowsOf(context, 'structures')).filter(({ source }) => source === 'derived');
  assert.deepEqual(
    rows.map((row) => [row.roi_name, row.status, row.derived_sources, row.derived_missing, row.derived_partial]),
    [
      ['bladder_and_ptv', 'ok', 'Bladder = Pęcherz (manual); ptv = PTV (manual)', '', false],
      ['bladder_up', 'ok', 'urinary_bladder = urinary_bladder (totalsegmentator)', '', false],
      [
        'ring',
        'ok',
        'bladder_up = bladder_up (derived); urinary_bladder = urinary_bladder (totalsegmentator)',
        '',
        false,
      ],
      ['with_gap', 'ok', 'PTV = PTV (manual)', 'colon', true],
      ['cut', 'skipped_by_rule', 'PTV = PTV (manual)', 'spleen', true],
      ['nothing', 'empty', 'PTV = PTV (manual); urinary_bladder = urinary_bladder (totalsegmentator)', '', false],
    ],
  );
  // Blocks of 6 x 6 voxels in 6 and 5 slices of 5 mm: 10 mm upward are two more.
  assert.deepEqual(
    rows.map(({ voxels }) => voxels),
    [2 * 36 * 6, 36 * 7, 36 * 2, 36 * 6, 0, 0],
  );
  assert.match(String(rows[4].reason), /spleen missing or empty/);
  assert.deepEqual(JSON.parse(String(rows[1].derived_definition)).margin.superior_mm, 10);
  const codes: string[] = await codesOf(context);
  for (const code of ['DERIVED_PARTIAL', 'DERIVED_SOURCE_MISSING', 'DERIVED_EMPTY'])
    assert.ok(codes.includes(code), code);
});

test('invalid or circular definitions are configuration errors', async () => {
  const wrong = [
    { custom_structures: [{ name: 'x' }] },
    'structures.yaml',
    {
      custom_structures: [
        { name: 'a', source_structures: ['b'] },
        { name: 'b', source_structures: ['a'] },
      ],
    },
  ];
  for (const custom_structures of wrong) {
    const context = await structuredCourse({ manual: {}, config: { custom_structures } });
    await assert.rejects(runStage(context), BadConfig);
  }
});

test('a manual structure is compared with model structures of the same standard name, found or not', async () => {
  const context = await structuredCourse({
    manual: { Pęcherz: block(5, 10), Spleen: block(12, 14), PTV: block(5, 10, 32) },
    automatic: { urinary_bladder: block(5, 9), spleen: undefined, liver: block(15, 17) },
    config: { custom_structures: [{ name: 'Bladder', source_structures: ['PTV'] }] },
  });
  await runStage(context);
  const rows = await rowsOf(context, 'agreement');
  assert.deepEqual(
    rows.map((row) => [row.standard_name, row.roi_name, row.other_roi_name, row.other_source, row.status]),
    [
      ['Bladder', 'Pęcherz', 'urinary_bladder', 'totalsegmentator', 'ok'],
      ['Spleen', 'Spleen', 'spleen', 'totalsegmentator', 'empty'],
    ],
  );
  // Same block in 6 and in 5 slices: Dice 2 * 5 / 11; their tops lie one slice of 5 mm apart.
  assert.ok(Math.abs(Number(rows[0].dice) - 10 / 11) < 1e-12);
  assert.ok(Math.abs(Number(rows[0].volume_ratio) - 5 / 6) < 1e-12);
  assert.ok(Math.abs(Number(rows[0].centroid_distance_mm) - 2.5) < 1e-9);
  assert.equal(rows[0].hausdorff95_mm, 5);
});

test('an ROI without image or region, or outside the image, is a row with its reason', async () => {
  const manual = { Rectum: block(5, 10), Point: undefined, Far: block(5, 10, 500) };
  const custom_structures = [{ name: 'both', source_structures: ['Rectum', 'Far'] }];
  const statuses = async (context: StageContext) =>
    (await rowsOf(context, 'structures')).map((row) => [row.roi_name, row.status, row.reason]);

  const complete = await structuredCourse({ manual, config: { custom_structures } });
  await runStage(complete);
  assert.deepEqual(await statuses(complete), [
    ['Rectum', 'ok', ''],
    ['Point', 'empty', '"Point" has no contour that encloses a region'],
    ['Far', 'outside_image', 'all contours are outside the image'],
    ['both', 'ok', ''],
  ]);

  const blind = await structuredCourse({ manual, hasImage: false, config: { custom_structures } });
  assert.equal((await runStage(blind)).status, 'ok');
  assert.deepEqual(await statuses(blind), [
    ['Rectum', 'failed', 'there is no image for it'],
    ['Point', 'failed', 'there is no image for it'],
    ['Far', 'failed', 'there is no image for it'],
    ['both', 'failed', 'there is no image to make it on'],
  ]);

  const cut = await structuredCourse({ manual, isCut: true, automatic: { colon: block(2, 6) } });
  assert.equal((await runStage(cut)).status, 'ok');
  assert.deepEqual(await statuses(cut), [
    ['Rectum', 'failed', 'the structure set could not be read'],
    ['Point', 'failed', 'the structure set could not be read'],
    ['Far', 'failed', 'the structure set could not be read'],
    ['colon', 'ok', ''],
  ]);
  assert.ok((await codesOf(cut)).includes('STRUCTURE_SET_UNREADABLE'));
  assert.equal((await readStructures(cut.store, 'abcdef0123456789')).structures.length, 4);
});
