import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { gridOf, readImages } from '#lib/course-store/images.ts';
import { readJson } from '#lib/course-store/json.ts';
import { readMask, readStructures, takenStructure } from '#lib/course-store/structures.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import type { StructureObject } from '#lib/stages/structures/objects.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { conformanceErrors } from '../../../fixtures/conformance.ts';
import { block, CT, runStage, STRUCTURE_KEYS, structuredCourse } from '../../../fixtures/structured-course.ts';

const SCENE = {
  manual: { PTV: block(1, 17, 32), Bladder: block(5, 9) },
  automatic: {
    vertebrae_L1: block(12, 14, -40),
    femur_left: block(5, 8, -40),
    urinary_bladder: block(5, 8),
    spleen: undefined,
  },
};
const CONFIG = {
  ct_cropping: { enabled: true, inferior_margin_cm: 1 },
  custom_structures: [{ name: 'PTV_and_bladder', source_structures: ['PTV', 'Bladder'] }],
};

const objectsOf = async ({ store }: StageContext) =>
  (await readJson<{ objects: StructureObject[] }>(store, STRUCTURE_KEYS.structureObjects)).objects;

const nameOf = ({ key }: StructureObject) => key.split('/').at(-1);

test('each source outside the upload is written as RTSTRUCT and SEG, each cropped source as RTSTRUCT', async (t) => {
  const context = await structuredCourse({ ...SCENE, config: CONFIG });
  await runStage(context);
  const objects = await objectsOf(context);
  assert.deepEqual(objects.map(nameOf), [
    'totalsegmentator.dcm',
    'totalsegmentator.seg.dcm',
    'derived.dcm',
    'derived.seg.dcm',
    'manual-cropped.dcm',
    'derived-cropped.dcm',
  ]);
  for (const { key } of objects) {
    const errors = conformanceErrors(await context.store.get(key));
    if (errors === undefined) return t.skip('dciodvfy of dicom3tools is not installed');
    assert.deepEqual(errors, [], key);
  }
});

test('contours of a written RTSTRUCT give back the masks it was written from, cropped ones too', async () => {
  const context = await structuredCourse({ ...SCENE, config: CONFIG });
  await runStage(context);
  const { structures } = await readStructures(context.store, 'abcdef0123456789');
  const [image] = await readImages(context.store, 'abcdef0123456789');
  const grid = gridOf(image.grid!);
  let compared = 0;
  for (const { key, kind, source, cropped } of await objectsOf(context)) {
    if (kind !== 'RTSTRUCT') continue;
    const dataSet = readDataSet(await context.store.get(key));
    const { rois, referencedSeriesUids } = readStructureSet(dataSet);
    assert.deepEqual(referencedSeriesUids, [CT.series.uid]);
    for (const roi of rois) {
      const record = structures.find((one) => one.source === source && one.roiNumber === roi.number)!;
      assert.equal(roi.name, record.standardName ?? record.roiName);
      const taken = takenStructure(record, cropped);
      const drawn = maskOfRoi(roi, grid);
      assert.equal(drawn.status, taken.status);
      if (taken.status !== 'ok') continue;
      const { box, data } = await readMask(context.store, taken, grid);
      assert.deepEqual([drawn.mask.box, drawn.mask.data], [box, data], `${key} ${roi.name}`);
      compared++;
    }
  }
  assert.equal(compared, 3 + 1 + 2 + 1);
});

test('equal structures have equal UIDs, different ones do not', async () => {
  const uids = async (scene: object, config: object) => {
    const context = await structuredCourse({ ...SCENE, ...scene, config });
    await runStage(context);
    return new Map((await objectsOf(context)).map((object) => [nameOf(object), object.sopInstanceUid]));
  };
  const first = await uids({}, CONFIG);
  assert.equal(new Set(first.values()).size, 6);
  assert.deepEqual(await uids({}, CONFIG), first);
  const moved = await uids({ manual: { ...SCENE.manual, PTV: block(2, 17, 32) } }, CONFIG);
  assert.equal(moved.get('totalsegmentator.dcm'), first.get('totalsegmentator.dcm'));
  assert.notEqual(moved.get('derived.dcm'), first.get('derived.dcm'));
});

test('objects name the patient only when identifiers are kept', async () => {
  const names = async (identifiers: string) => {
    const context = await structuredCourse({ ...SCENE, config: { ...CONFIG, organize: { identifiers } } });
    await runStage(context);
    const found = await Promise.all((await objectsOf(context)).map(({ key }) => context.store.get(key)));
    const fields = found
      .map((body) => readDataSet(body))
      .map((one) => `${one.text('PatientName')} ${one.text('PatientID')}`);
    return [...new Set(fields)];
  };
  assert.deepEqual(await names('keep'), [`${CT.series.study.patient.name} ${CT.series.study.patient.id}`]);
  assert.deepEqual(await names('pseudonym'), [' P']);
});
