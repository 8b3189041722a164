import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { dvh } from '#lib/stages/dvh.ts';
import { qc } from '#lib/stages/qc/qc.ts';
import { radiomics } from '#lib/stages/radiomics/radiomics.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { cohortInMemory } from '#test/fixtures/cohort-in-memory.ts';
import { drawnSet, slices, sliceUids, tenSlices, uidOf } from '#test/fixtures/sliced-images.ts';

/** Every image shows one value, so the mean of a ROI tells on which image its mask lies. */
const PARAMETERS = {
  imageType: { Original: {} },
  featureClass: { firstorder: ['Mean'], shape: ['VoxelVolume'] },
  setting: { binWidth: 25, additionalInfo: false },
};
const CONFIG = { radiomics: { params_file: PARAMETERS, mr_params_file: PARAMETERS, pet_params_file: PARAMETERS } };
const INNER = tenSlices.slice(3, 7);

interface Told {
  roi: string;
  mean: number | null;
  status: string;
  series: string;
  volume: string;
  image: string;
  missing: number | null;
}

async function tell(objects: (DicomJson | Uint8Array)[], table = 'radiomics_ct') {
  const { rows } = await cohortInMemory(objects, CONFIG, [structures, dvh, radiomics, qc]);
  const told = (await rows('radiomics', table)).map(
    (row): Told => ({
      roi: String(row.roi_name),
      mean: (row.original_firstorder_Mean as number | undefined) ?? null,
      status: String(row.status),
      series: String(row.image_series_uid ?? ''),
      volume: String(row.image_volume ?? ''),
      image: String(row.image_status ?? ''),
      missing: row.missing_slices as number | null,
    }),
  );
  const checks = await rows('qc', 'qc');
  const codes = new Set(checks.filter(({ code }) => code).map(({ code, severity }) => `${code} ${severity}`));
  return { told, codes, dvhRows: await rows('dvh', 'dvh_metrics') };
}

const ofMean = (told: Told[]) => Object.fromEntries(told.map(({ roi, mean }) => [roi, mean]));
/** UIDs of the images at the inner planes. */
const inner = (name: string) => sliceUids({ series: name, value: 0 }).slice(3, 7);

describe('an ROI uses the image that its contours name', () => {
  test('three series of one frame, an ROI on each, whatever the set lists', async () => {
    const names = ['aa', 'bb', 'cc'];
    const images = names.flatMap((series, n) => slices({ series, value: 100 * (n + 1) }));
    const set = drawnSet({
      listed: [{ frame: 'A', series: names.map((uid) => ({ uid })) }],
      rois: names.map((name) => ({ name, z: INNER, images: inner(name) })),
    });
    const { told, codes } = await tell([...images, set]);
    assert.deepEqual(ofMean(told), { aa: 100, bb: 200, cc: 300 });
    assert.deepEqual(
      told.map(({ series }) => series),
      names.map(uidOf),
    );
    assert.deepEqual(
      told.map(({ image }) => image),
      ['referenced', 'referenced', 'referenced'],
    );
    assert.ok(!codes.has('STRUCTURE_SET_SEVERAL_IMAGES warning'));
  });

  test('two frames, separated by the frame of each ROI alone', async () => {
    const images = [...slices({ series: 'aa', value: 100 }), ...slices({ series: 'bb', value: 200, frame: 'B' })];
    const set = drawnSet({
      listed: [
        { frame: 'A', series: [{ uid: 'aa' }] },
        { frame: 'B', series: [{ uid: 'bb' }] },
      ],
      rois: [
        { name: 'in A', z: INNER },
        { name: 'in B', z: INNER, frame: 'B' },
      ],
    });
    assert.deepEqual(ofMean((await tell([...images, set])).told), { 'in A': 100, 'in B': 200 });
  });

  test('a CT and a PET of one frame', async () => {
    const images = [
      ...slices({ series: 'ct', value: 50 }),
      ...slices({ series: 'pt', value: 7, modality: 'PT', more: () => ({ Units: 'GML' }) }),
    ];
    const set = drawnSet({
      listed: [{ frame: 'A', series: [{ uid: 'ct' }] }],
      rois: [{ name: 'hot', z: INNER, images: inner('pt') }],
    });
    const objects = [...images, set];
    assert.deepEqual(ofMean((await tell(objects, 'radiomics_pet')).told), { hot: 7 });
  });
});

describe('volumes of one series', () => {
  const echoes = [10, 80].flatMap((EchoTime, n) =>
    slices({ series: 'mr', name: `e${n}`, value: 40 * (n + 1), modality: 'MR', more: () => ({ EchoTime }) }),
  );
  const passes = ['up', 'down'].flatMap((name, n) =>
    slices({
      series: 'ct',
      name,
      value: 100 * (n + 1),
      z: tenSlices.map((z) => z + (n === 0 ? 0 : 18)),
      more: (k) => ({ AcquisitionNumber: n + 1, InstanceNumber: 10 * n + k + 1 }),
    }),
  );

  test('of two echoes the one that the contours name', async () => {
    const set = drawnSet({
      listed: [{ frame: 'A', series: [{ uid: 'mr' }] }],
      rois: [{ name: 'late', z: INNER, images: inner('e1') }],
    });
    const { told, codes } = await tell([...echoes, set], 'radiomics_mr');
    assert.deepEqual(ofMean(told), { late: 80 });
    assert.equal(told[0].volume, 'EchoTime 80');
    assert.ok(codes.has('VOLUME_NAMED info'));
  });

  test('without contour references the first of two echoes, with a warning that names both', async () => {
    const set = drawnSet({ listed: [{ frame: 'A', series: [{ uid: 'mr' }] }], rois: [{ name: 'any', z: INNER }] });
    const { told, codes } = await tell([...echoes, set], 'radiomics_mr');
    assert.deepEqual(ofMean(told), { any: 40 });
    assert.ok(codes.has('SEVERAL_VOLUMES warning'));
  });

  test('an ROI in each of two overlapping passes, and none across their seam', async () => {
    const uids = (name: string, from: number, to: number) =>
      sliceUids({ series: 'ct', name, value: 0 }).slice(from, to);
    const across = [...uids('up', 6, 9), ...uids('down', 3, 6)];
    const set = drawnSet({
      listed: [{ frame: 'A', series: [{ uid: 'ct' }] }],
      rois: [
        { name: 'low', z: [18, 21, 24], images: uids('up', 6, 9) },
        { name: 'high', z: [18, 21, 24], images: uids('down', 0, 3) },
        { name: 'across', z: [18, 21, 24, 27, 30, 33], images: across },
      ],
    });
    const { told, codes } = await tell([...passes, set]);
    assert.deepEqual(ofMean(told), { low: 100, high: 200, across: null });
    assert.deepEqual(
      told.map(({ status }) => status),
      ['ok', 'ok', 'failed'],
    );
    assert.ok(codes.has('ROI_ON_SEVERAL_IMAGES error'));
  });
});

describe('imperfect images are reported in the row and in quality control', () => {
  const ct = slices({ series: 'ct', value: 100 });
  const uids = sliceUids({ series: 'ct', value: 0 });

  test('a substitute for a missing series', async () => {
    const set = drawnSet({ listed: [{ frame: 'A', series: [{ uid: 'gone' }] }], rois: [{ name: 'GTV', z: INNER }] });
    const { told, codes, dvhRows } = await tell([...ct, set]);
    assert.deepEqual(
      told.map(({ image, mean }) => [image, mean]),
      [['stand_in', 100]],
    );
    assert.deepEqual(
      dvhRows.map((row) => row.image_status),
      ['stand_in'],
    );
    assert.ok(codes.has('STRUCTURE_SET_IMAGES_BY_FRAME warning'));
  });

  test('an ROI of another frame of reference has no mask, although its contours name the slices', async () => {
    const set = drawnSet({
      listed: [{ frame: 'B', series: [{ uid: 'ct' }] }],
      rois: [{ name: 'GTV', z: INNER, frame: 'B', images: uids.slice(3, 7) }],
    });
    const { told, codes } = await tell([...ct, set]);
    assert.deepEqual(
      told.map(({ status, mean }) => [status, mean]),
      [['failed', null]],
    );
    assert.ok(codes.has('ROI_IN_OTHER_FRAME error'));
  });

  const listed = [{ frame: 'A', series: [{ uid: 'ct', images: uids }] }];
  const set = drawnSet({
    listed,
    rois: [
      { name: 'across', z: tenSlices.slice(3, 7), images: uids.slice(3, 7) },
      { name: 'above', z: tenSlices.slice(6, 9), images: uids.slice(6, 9) },
      { name: 'to the end', z: tenSlices.slice(7), images: uids.slice(7) },
    ],
  });
  const missing = (told: Told[]) => told.map(({ roi, missing }) => [roi, missing]);

  /** The header is whole, the pixels are not. */
  const cut = (object: DicomJson) => writeDicom(object).subarray(0, -300);

  test('a truncated slice inside an ROI', async () => {
    const objects = ct.map((object, k) => (k === 4 ? cut(object) : object));
    const { told, codes, dvhRows } = await tell([...objects, set]);
    assert.deepEqual(missing(told), [
      ['across', 1],
      ['above', 0],
      ['to the end', 0],
    ]);
    assert.deepEqual(
      dvhRows.map((row) => row.missing_slices),
      [1, 0, 0],
    );
    assert.ok(codes.has('SLICE_UNREADABLE error') && codes.has('ROI_LACKS_SLICES error'));
  });

  test('a truncated or missing last slice', async () => {
    const broken = ct.map((object, k) => (k === 9 ? cut(object) : object));
    for (const objects of [broken, ct.slice(0, 9)])
      assert.deepEqual(missing((await tell([...objects, set])).told), [
        ['across', 0],
        ['above', 0],
        ['to the end', 1],
      ]);
  });

  test('an unreadable series, with the true reason only', async () => {
    const { told, codes } = await tell([...ct.map(cut), set]);
    assert.deepEqual([...new Set(told.map(({ status }) => status))], ['failed']);
    assert.ok(codes.has('IMAGE_UNREADABLE error'));
    for (const code of ['FRAME_OF_REFERENCE_DIFFERS error', 'SINGLE_SLICE warning', 'SINGLE_SLICE info'])
      assert.ok(!codes.has(code), code);
  });
});
