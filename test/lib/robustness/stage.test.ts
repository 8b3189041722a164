import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type Config, parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { packNifti } from '#lib/course-store/images.ts';
import { readJson, writeJson } from '#lib/course-store/json.ts';
import type { Volume } from '#lib/image/grid.ts';
import { silentLog } from '#lib/log.ts';
import { paint } from '#lib/phantom/paint.ts';
import { axialGrid } from '#lib/phantom/scene.ts';
import { box, ellipsoid, type Solid } from '#lib/phantom/solid.ts';
import { createPool } from '#lib/pool/create-pool.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Pool } from '#lib/pool/pool.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import type { FeatureSelection } from '#lib/robustness/selection.ts';
import type { Course } from '#lib/rt/course.ts';
import { robustness, valuesKey } from '#lib/stages/robustness/robustness.ts';
import { cohortRobustness } from '#lib/stages/robustness/summary.ts';
import { courseKeys, resultKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { fromParquet, toParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { maskWhere } from '#test/fixtures/masks.ts';

const PARAMETERS = {
  setting: { binWidth: 25, resampledPixelSpacing: [2, 2, 2] },
  imageType: { Original: {} },
  featureClass: {
    shape: ['VoxelVolume', 'Sphericity'],
    firstorder: ['Mean', 'Entropy', 'Skewness'],
    glcm: ['Contrast'],
  },
};
const FEATURES = [
  'original_shape_VoxelVolume',
  'original_shape_Sphericity',
  'original_firstorder_Mean',
  'original_firstorder_Entropy',
  'original_firstorder_Skewness',
  'original_glcm_Contrast',
];
const PERTURBATIONS = { noise_levels: [0, 20], max_translation_mm: 6, n_random_contour_realizations: 1 };
const GRID = axialGrid([40, 36, 24], [2, 2, 3]);

/** A tumour within the image, one at its upper border, and what no pattern names. */
const SOLIDS: [name: string, solid: (course: number) => Solid][] = [
  ['GTV_1', (course) => ellipsoid([2 * course, -3, 1], [12 + 2 * course, 14, 10 + course])],
  ['gtv high', () => ellipsoid([0, 5, 26], [12, 10, 8])],
  ['Rectum', () => ellipsoid([0, 20, 0], [8, 8, 20])],
];

/** One course under 2 x 3 x 2 x 3 perturbations: several tests look at it. */
const computed = (async () => {
  const { store, context } = contextOf(inlinePool());
  await writeCourse(store, 'c1', 1);
  const result = await compute('c1', configOf(PERTURBATIONS), context);
  return { result, rows: await valuesOf(store, 'c1') };
})();

test('every requested structure has a row for each perturbation', async () => {
  const { result, rows } = await computed;
  assert.equal(result.status, 'ok');
  assert.deepEqual(countBy(rows, 'roi_name'), { GTV_1: 36, 'gtv high': 36 });
  assert.deepEqual(countBy(rows.filter(named('GTV_1')), 'status'), { ok: 36 });
  assert.ok(rows.filter(named('GTV_1')).every((row) => FEATURES.every((name) => Number.isFinite(row[name]))));
});

test('what cannot be perturbed has a row with the reason, and the rest continues', async () => {
  const { result, rows } = await computed;
  const high = rows.filter(named('gtv high'));
  const failed = high.filter(({ status }) => status !== 'ok');
  assert.ok(failed.length > 0 && failed.length < high.length);
  assert.ok(failed.every(({ translation_z }) => translation_z === 6));
  assert.match(String(failed[0].reason), /voxels would lie outside the image/);
  const told = result.findings.filter(({ code }) => code === 'PERTURBATIONS_FAILED');
  assert.deepEqual(
    told.map(({ where }) => where),
    ['roi 2 (manual)'],
  );
});

test('the unchanged perturbation has the features of the structure itself', async () => {
  const row = (await computed).rows.find((one) => named('GTV_1')(one) && one.perturbation_id === 'ntcv_v0');
  const { values } = extractFeatures(imageOf(1), maskOf(0, 1), parseRadiomicsSettings(PARAMETERS));
  for (const name of FEATURES) assert.equal(row?.[name], values[name], name);
});

test('features respond to what they depend on: volume to volume, entropy to noise', async () => {
  const rows = (await computed).rows.filter(named('GTV_1'));
  const of = (id: string, name: string) => Number(rows.find((row) => row.perturbation_id === id)?.[name]);
  assert.equal(of('ntcv_n20_v0', FEATURES[0]), of('ntcv_v0', FEATURES[0]));
  assert.ok(of('ntcv_n20_v0', FEATURES[3]) > of('ntcv_v0', FEATURES[3]));
  const growth = of('ntcv_v+15', FEATURES[0]) / of('ntcv_v0', FEATURES[0]);
  assert.ok(Math.abs(growth - 1.15) < 0.03, `${growth}`);
});

test('one worker and two write the same bytes', async () => {
  const pool = createPool({ width: 2, log: silentLog });
  const digests: string[] = [];
  for (const used of [inlinePool(), pool]) {
    const { store, context } = contextOf(used);
    await writeCourse(store, 'c1', 1);
    await compute(
      'c1',
      configOf({ noise_levels: [20], n_random_contour_realizations: 1, contour_randomization_mm: 2 }),
      context,
    );
    digests.push(
      createHash('sha256')
        .update(await store.get(valuesKey('c1')))
        .digest('hex'),
    );
  }
  await pool.close();
  assert.equal(digests[0], digests[1]);
});

test('a killed run continues with unfinished structures and noise levels', async () => {
  const { store, context } = contextOf(inlinePool());
  await writeCourse(store, 'c1', 1);
  const config = configOf({ noise_levels: [0, 20], apply_to_structures: ['*'] });
  await compute('c1', config, context);
  const whole = await store.get(valuesKey('c1'));
  await store.delete(valuesKey('c1'));
  const killed = countingPool(4);
  await assert.rejects(compute('c1', config, { ...context, pool: killed.pool }), /killed/);
  const resumed = countingPool(Number.POSITIVE_INFINITY);
  await compute('c1', config, { ...context, pool: resumed.pool });
  assert.deepEqual([killed.batches(), resumed.batches()], [4, 2]);
  assert.deepEqual(await store.get(valuesKey('c1')), whole);
  const left = [];
  for await (const { key } of store.list(courseKeys('c1').file('robustness', 'kept/'))) left.push(key);
  assert.deepEqual(left, [], 'what is in the table is not kept beside it');
});

test('intermediate results of another mask are recomputed', async () => {
  const { store, context } = contextOf(inlinePool());
  await writeCourse(store, 'c1', 1);
  await assert.rejects(compute('c1', configOf({}), { ...context, pool: countingPool(1).pool }), /killed/);
  const other = configOf({ small_volume_changes: [-0.2, 0, 0.2] });
  await compute('c1', other, context);
  const found = await store.get(valuesKey('c1'));
  await compute('c1', other, context);
  assert.deepEqual(await store.get(valuesKey('c1')), found);
});

test('the cohort has a table of all values, and an agreement row per structure name and feature', async () => {
  const { store, context } = contextOf(inlinePool());
  const config = configOf({ small_volume_changes: [-0.1, 0, 0.1], noise_levels: [0, 5] });
  const courses = ['c1', 'c2', 'c3', 'c4'];
  for (const [n, id] of courses.entries()) {
    await writeCourse(store, id, n + 1);
    await compute(id, config, context);
  }
  const { summary, values } = (await cohortRobustness(courses, config, store))!;
  const all = await fromParquet(await store.get(resultKeys.table('robustness_values', 'parquet')));
  assert.equal(all.rows.length, values.count);
  assert.equal(values.count, 4 * 2 * 6);
  const kinds = ['all', 'noise', 'volume'];
  assert.equal(summary.rows.length, 2 * FEATURES.length * kinds.length);
  assert.deepEqual([...new Set(summary.rows.map(({ perturbation }) => perturbation))].sort(), kinds);
  const row = (name: string, feature: string) =>
    summary.rows.find((one) => one.roi_name === name && one.feature_name === feature && one.perturbation === 'all')!;
  const volume = row('GTV_1', FEATURES[0]);
  assert.equal(volume.n_subjects_complete, 4);
  assert.equal(volume.n_perturbations, 6);
  assert.ok(Number(volume.icc3) > Number(volume.icc1), 'a change of volume is common to all, so consistency is higher');
  assert.ok(Number(volume.icc1) > 0.5);
  assert.ok(Math.abs(Number(volume.cov_pct) - 100 * Math.sqrt(0.04 / 5)) < 0.5, `${volume.cov_pct}`);
  assert.equal(row('gtv high', FEATURES[0]).robustness_label, 'poor', 'four structures that are the same');
  const selection = await readJson<{ structures: FeatureSelection[] }>(store, resultKeys.robustFeatures);
  const names = (label: string) =>
    summary.rows
      .filter((one) => one.perturbation === 'all' && one.robustness_label === label)
      .map((one) => one.feature_name);
  assert.deepEqual(selection.structures.flatMap(({ robust }) => robust).sort(), names('robust').sort());
  for (const { structures, note } of selection.structures) {
    assert.equal(structures, 4);
    assert.match(note, /10 structures with all features are needed, there are 4|no feature is robust/);
  }
});

test('several structure sets of a course count as observers, one measurement each', async () => {
  const { store, context } = contextOf(inlinePool());
  const config = configOf({});
  for (const [n, id] of ['c1', 'c2', 'c3'].entries()) {
    await writeCourse(store, id, n + 1);
    await compute(id, config, context);
    const { rows, ...head } = await fromParquet(await store.get(valuesKey(id)));
    const others = rows.map((row) => ({
      ...row,
      structure_set_uid: '1.4',
      [FEATURES[2]]: Number(row[FEATURES[2]]) + 2,
    }));
    await store.put(valuesKey(id), toParquet({ ...head, rows: [...rows, ...others] }));
  }
  const { summary } = (await cohortRobustness(['c1', 'c2', 'c3'], config, store))!;
  const observed = summary.rows.filter((row) => row.perturbation === 'observer' && row.roi_name === 'GTV_1');
  assert.equal(observed.length, FEATURES.length);
  const mean = observed.find((row) => row.feature_name === FEATURES[2])!;
  assert.deepEqual([mean.n_subjects_complete, mean.n_perturbations, mean.icc_type], [3, 2, 'ICC1']);
  // Two measurements 2 apart in every course: their standard deviation is the root of 2.
  assert.ok(Math.abs(Number(mean.wsd) - Math.SQRT2) < 1e-9, `${mean.wsd}`);
});

test('a disabled stage, or one without a matching structure, does nothing', async () => {
  const { store, context } = contextOf(inlinePool());
  await writeCourse(store, 'c1', 1);
  const course = { structureSets: [{ header: { rois: [{ name: 'Rectum' }] } }], images: [] } as unknown as Course;
  const disabled = parseConfig({ radiomics_robustness: { enabled: false } });
  assert.deepEqual(robustness.claim(course, disabled), {
    skip: 'disabled: radiomics_robustness.enabled is false',
  });
  const none = { apply_to_structures: ['PTV*'] };
  assert.deepEqual(robustness.claim(course, configOf(none)), { skip: 'no structure has a name that matches PTV*' });
  assert.ok('cpus' in robustness.claim(course, configOf({ apply_to_structures: ['rect*'] })));
  const result = await compute('c1', configOf(none), context);
  assert.equal(result.status, 'skipped');
  assert.equal(await cohortRobustness([], configOf(none), store), undefined);
});

/** Structures, a batch each, until it is killed when another shall begin. */
function countingPool(most: number): { pool: Pool; batches(): number } {
  const inner = inlinePool();
  let batches = 0;
  const map: Pool['map'] = async (label, tasks, signal) => {
    if (tasks[0]?.name === 'perturbedFeaturesTask') {
      if (batches === most) throw new Error('killed');
      batches++;
    }
    return inner.map(label, tasks, signal);
  };
  return { pool: { ...inner, width: 0.1, map, close: inner.close }, batches: () => batches };
}

/** The volume alone varies, three times. */
const VOLUME = {
  intensity: 'standard',
  noise_levels: [0],
  max_translation_mm: 0,
  n_random_contour_realizations: 0,
};

function configOf(perturbation: object): Config {
  return parseConfig({
    segmentation: { enabled: false },
    radiomics: { params_file: PARAMETERS },
    radiomics_robustness: {
      enabled: true,
      segmentation_perturbation: { apply_to_structures: ['GTV*'], ...VOLUME, ...perturbation },
    },
  });
}

function contextOf(pool: Pool): { store: ObjectStore; context: StageContext } {
  const store = memoryStore();
  const signal = new AbortController().signal;
  return { store, context: { input: memoryStore(), store, pool, log: silentLog, signal, now: () => new Date(0) } };
}

function compute(courseId: string, config: Config, context: StageContext) {
  const course = {
    courseId,
    patient: { id: courseId },
    images: [{ modality: 'CT' }],
    structureSets: [],
  } as unknown as Course;
  const work = { course, config: robustness.configuration(config), means: robustness.means(config), force: false };
  return robustness.compute(work, context);
}

async function writeCourse(store: ObjectStore, courseId: string, number: number): Promise<void> {
  const keys = courseKeys(courseId);
  const image = {
    number: 0,
    seriesInstanceUid: `1.2.${number}`,
    modality: 'CT',
    quantity: 'HU',
    grid: GRID,
    key: keys.image(0),
  };
  await store.put(keys.image(0), packNifti(imageOf(number)));
  await writeJson(store, keys.images, { images: [image] });
  const structures = [];
  for (const [n, [roiName]] of SOLIDS.entries()) {
    const { box: maskBox, data } = maskOf(n, number);
    const maskKey = `${keys.root}masks/${n}.nii.gz`;
    await store.put(maskKey, packNifti({ grid: { ...GRID, size: maskBox.size }, data }));
    const names = { roiNumber: n + 1, roiName, standardName: null, source: 'manual', structureSetUid: '1.3' };
    structures.push({
      ...names,
      number: n,
      imageNumber: 0,
      status: 'ok',
      reason: '',
      voxels: 1,
      box: maskBox,
      maskKey,
    });
  }
  await writeJson(store, keys.structures, { structures });
}

function imageOf(course: number): Volume {
  const tissues = [
    { solid: box([0, 0, 0], [60, 60, 60]), value: 0, noise: 12 },
    { solid: SOLIDS[0][1](course), value: 60, noise: 12 },
  ];
  return { grid: GRID, data: paint(GRID, -1000, tissues, course) };
}

function maskOf(structure: number, course: number) {
  const solid = SOLIDS[structure][1](course);
  return maskWhere(GRID, ([x, y, z]) => solid.contains(x, y, z));
}

async function valuesOf(store: ObjectStore, courseId: string): Promise<Row[]> {
  return (await fromParquet(await store.get(valuesKey(courseId)))).rows;
}

function named(name: string): (row: Row) => boolean {
  return (row) => row.roi_name === name;
}

function countBy(rows: Row[], column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[String(row[column])] = (counts[String(row[column])] ?? 0) + 1;
  return counts;
}
