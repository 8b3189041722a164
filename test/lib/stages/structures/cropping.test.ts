import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { readImages } from '#lib/course-store/images.ts';
import { readJson, sha256 } from '#lib/course-store/json.ts';
import { courseRois } from '#lib/course-store/rois.ts';
import type { Finding } from '#lib/findings.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { dvh } from '#lib/stages/dvh.ts';
import { radiomics } from '#lib/stages/radiomics/radiomics.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import type { CourseCropping } from '#lib/stages/structures/crop-structures.ts';
import { block, rowsOf, runStage, STRUCTURE_KEYS, structuredCourse, zOf } from '../../../fixtures/structured-course.ts';

const CROPPING = { enabled: true, region: 'pelvis', inferior_margin_cm: 1, use_cropped_for_radiomics: true };
/** One feature is enough to see what it was computed on. */
const PARAMETERS = {
  imageType: { Original: {} },
  featureClass: { firstorder: ['Minimum'] },
  setting: { binWidth: 25 },
};
const CONFIG = { ct_cropping: CROPPING, radiomics: { params_file: PARAMETERS } };

/** The top of L1 is slice 14; one centimetre below the femur's slice 5 is slice 3. Blocks have 6 x 6 voxels a slice. */
const SCENE = {
  manual: { PTV: block(1, 17, 32), Bladder: block(5, 9), Brain: block(16, 18) },
  automatic: { vertebrae_L1: block(12, 14, -40), femur_left: block(5, 8, -40), colon: block(10, 19, 0, 28) },
};
const VOXEL_CC = (4 * 4 * 5) / 1000;

const croppingOf = ({ store }: StageContext) => readJson<CourseCropping>(store, STRUCTURE_KEYS.cropping);

test('crop boundaries are stored as data, and every structure states its part between them', async () => {
  const context = await structuredCourse({ ...SCENE, config: CONFIG });
  await runStage(context);
  const [{ boundaries, box }] = (await croppingOf(context)).images;
  assert.deepEqual(
    [boundaries?.superior.appliedMm, boundaries?.superior.landmarks, boundaries?.inferior.appliedMm],
    [zOf(14), ['vertebrae_L1'], zOf(3)],
  );
  assert.deepEqual([box?.start[2], box?.size[2]], [3, 12]);
  assert.deepEqual(
    (await rowsOf(context, 'structures')).map((row) => [
      row.roi_name,
      row.cropped,
      row.voxels,
      row.cropped_voxels,
      row.crop_superior_mm,
      row.crop_inferior_mm,
    ]),
    [
      ['PTV', true, 36 * 17, 36 * 12, zOf(14), zOf(3)],
      ['Bladder', false, 36 * 5, 36 * 5, zOf(14), zOf(3)],
      ['Brain', true, 36 * 3, 0, zOf(14), zOf(3)],
      ['vertebrae_L1', false, 36 * 3, 36 * 3, zOf(14), zOf(3)],
      ['femur_left', false, 36 * 4, 36 * 4, zOf(14), zOf(3)],
      ['colon', true, 36 * 10, 36 * 5, zOf(14), zOf(3)],
    ],
  );
});

test('the CT between the boundaries is a separate image with equal voxels at equal places', async () => {
  const context = await structuredCourse({ ...SCENE, config: CONFIG });
  await runStage(context);
  const [{ key }] = (await croppingOf(context)).images;
  const [image] = await readImages(context.store, 'abcdef0123456789');
  const [whole, part] = await Promise.all(
    [image.key!, key!].map(async (one) => readNifti(await context.store.get(one))),
  );
  assert.deepEqual([part.grid.size, part.grid.originMm[2]], [[32, 26, 12], zOf(3)]);
  assert.deepEqual(part.data, whole.data.slice(3 * 32 * 26, 15 * 32 * 26));
});

test('DVH and radiomics use the cropped masks, whole structures keep their contours, and rows say so', async () => {
  const context = await structuredCourse({ ...SCENE, config: CONFIG });
  await runStage(context);
  const { rois } = await courseRois(await readJson(context.store, STRUCTURE_KEYS.course), true, context);
  assert.deepEqual(
    rois.map(({ name, region, cropped, ended }) => [name, region.kind, cropped, ended?.status]),
    [
      ['PTV', 'mask', true, undefined],
      ['Bladder', 'contours', false, undefined],
      ['Brain', 'contours', true, 'empty'],
      ['vertebrae_L1', 'mask', false, undefined],
      ['femur_left', 'mask', false, undefined],
      ['colon', 'mask', true, undefined],
    ],
  );
  await runStage(context, dvh);
  const metrics = await rowsOf(context, 'dvh_metrics', 'dvh');
  assert.deepEqual(metrics.map((row) => [row.roi_name, row.standard_name, row.cropped, row.end_cap]).slice(0, 4), [
    ['PTV', 'PTV', true, 'voxel'],
    ['Bladder', 'Bladder', false, 'half-gap'],
    ['Brain', 'Brain', true, 'rounded'],
    ['vertebrae_L1', 'VB_L1', false, 'voxel'],
  ]);
  assert.ok(Math.abs(Number(metrics[0]['Volume[cc]']) - 36 * 12 * VOXEL_CC) < 0.01);
  await runStage(context, radiomics);
  const features = await rowsOf(context, 'radiomics_ct', 'radiomics');
  assert.deepEqual(features.map((row) => [row.roi_name, row.standard_name, row.cropped, row.status]).sort(), [
    ['Bladder', 'Bladder', false, 'ok'],
    ['Brain', 'Brain', true, 'empty'],
    ['PTV', 'PTV', true, 'ok'],
    ['colon', 'Colon', true, 'ok'],
    ['femur_left', 'Femur_L', false, 'ok'],
    ['vertebrae_L1', 'VB_L1', false, 'ok'],
  ]);
  const ptv = features.find((row) => row.roi_name === 'PTV');
  assert.equal(ptv?.['diagnostics_Mask-original_VoxelNum'], 36 * 12);
});

test('an analysis that does not request the cropped anatomy uses the whole one', async () => {
  const config = {
    ...CONFIG,
    ct_cropping: { ...CROPPING, use_cropped_for_dvh: false, use_cropped_for_radiomics: false },
  };
  const context = await structuredCourse({ ...SCENE, config });
  await runStage(context);
  await runStage(context, dvh);
  await runStage(context, radiomics);
  const rows = [
    ...(await rowsOf(context, 'dvh_metrics', 'dvh')),
    ...(await rowsOf(context, 'radiomics_ct', 'radiomics')),
  ];
  assert.deepEqual([...new Set(rows.map(({ cropped }) => cropped))], [false]);
  assert.equal(rows.findLast((row) => row.roi_name === 'PTV')?.['diagnostics_Mask-original_VoxelNum'], 36 * 17);
});

test('cropping again gives the same bytes, and originals equal a run without cropping', async () => {
  const context = await structuredCourse({ ...SCENE, config: CONFIG });
  await runStage(context);
  const once = await digests(context);
  await runStage(context, undefined, true);
  assert.deepEqual(await digests(context), once);
  const plain = await structuredCourse(SCENE);
  await runStage(plain);
  for (const [key, digest] of Object.entries(await digests(plain)))
    if (/\/masks\/|totalsegmentator/.test(key)) assert.equal(once[key], digest, key);
});

const HOPELESS: [string, object, object, string][] = [
  ['no landmark', { liver: block(3, 6) }, { ...CROPPING, region: 'thorax' }, 'CROP_LANDMARK_MISSING'],
  [
    'landmarks upside down',
    { vertebrae_L1: block(3, 4), femur_left: block(10, 12, -40) },
    { ...CROPPING, inferior_margin_cm: 0 },
    'CROP_BOUNDARIES_REVERSED',
  ],
];

for (const [title, automatic, ct_cropping, code] of HOPELESS)
  test(`${title}: nothing is cropped, and a finding says why`, async () => {
    const scene = { manual: SCENE.manual, automatic: automatic as typeof SCENE.automatic };
    const context = await structuredCourse({ ...scene, config: { ct_cropping } });
    await runStage(context);
    const [{ boundaries, findings }] = (await croppingOf(context)).images;
    assert.deepEqual([boundaries, findings.some((found: Finding) => found.code === code)], [undefined, true]);
    const status = await readJson<StageStatus>(context.store, STRUCTURE_KEYS.status('structures'));
    assert.ok(status.findings.some((found) => found.code === code));
    assert.deepEqual([...new Set((await rowsOf(context, 'structures')).map(({ cropped }) => cropped))], [false]);
  });

/** What the stage wrote, by key, without its status. */
async function digests({ store }: StageContext): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of store.list(`${STRUCTURE_KEYS.root}structures/`))
    found[key] = sha256(await store.get(key));
  return found;
}
