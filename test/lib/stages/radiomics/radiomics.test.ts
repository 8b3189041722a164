import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { gridOf, readImages } from '#lib/course-store/images.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { ctSlices, mrSlices, PET_INJECTION, petSlices } from '#lib/phantom/objects/image.ts';
import { paint } from '#lib/phantom/paint.ts';
import { box, sphere } from '#lib/phantom/solid.ts';
import { createPool } from '#lib/pool/create-pool.ts';
import type { Pool, PoolTask } from '#lib/pool/pool.ts';
import { PROFILE_FILES } from '#lib/radiomics/pyradiomics/profiles.ts';
import { radiomics } from '#lib/stages/radiomics/radiomics.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { Row } from '#lib/tables/table.ts';
import {
  type DrawnImage,
  IMAGED_KEYS,
  imagedCourse,
  partRows,
  phantomImage,
  runOn,
  uploadCourse,
} from '#test/fixtures/imaged-course.ts';
import { maskWhere } from '#test/fixtures/masks.ts';
import { featuresOfFiles } from '../../../../cli/commands/radiomics.ts';

const folder = mkdtempSync(join(tmpdir(), 'radiomics-stage-'));
after(() => rmSync(folder, { recursive: true }));
const silentPool = (width: number) => createPool({ width, log: silentLog });

const PARAMETERS = {
  setting: { resampledPixelSpacing: [4, 4, 4], binWidth: 10 },
  imageType: { Original: {}, LoG: { sigma: [4] } },
  featureClass: { shape: ['VoxelVolume'], firstorder: ['Mean', 'Maximum'], glcm: ['Contrast'] },
};
const CONFIG = {
  segmentation: { enabled: false },
  radiomics: { params_file: PARAMETERS, skip_rois: ['Skin_Markers'], min_voxels: 30, max_voxels: 3000 },
};
const TUMOUR = sphere([0, 0, 0], 16);
const CT = phantomImage(1, 'ctImage', 'CT');
const TISSUES = [
  { solid: box([0, 0, 0], [46, 38, 38]), value: 20, noise: 15 },
  { solid: TUMOUR, value: 60, noise: 15 },
];

function ctImage(rois: DrawnImage['rois'], seed = 1): DrawnImage {
  return { image: CT, modality: 'CT', slices: ctSlices(CT, paint(CT.grid, -1000, TISSUES, seed)), rois };
}

/** The structures' masks as the stage before leaves them, then the features. */
async function analysed(drawn: DrawnImage[], config: object = CONFIG, pool?: Pool): Promise<StageContext> {
  const context = await imagedCourse(drawn, config);
  await runOn(context, structures);
  await runOn({ ...context, pool: pool ?? context.pool }, radiomics);
  return context;
}

const RULES: Record<string, [status: string, reason: RegExp, short: boolean, cutAtBorder?: boolean]> = {
  GTV: ['ok', /^$/, false],
  'Couch-Surface': ['skipped_by_rule', /skip list/, false],
  'skin markers': ['skipped_by_rule', /skip list/, false],
  Seed: ['too_small', /has 8 voxels, but at least 30 are needed/, false],
  'Body outline': ['ok', /^$/, true],
  Liver: ['ok', /^$/, true],
  Arm: ['ok', /^$/, false, true],
  Nothing: ['empty', /./, false],
};
const DRAWN: DrawnImage['rois'] = {
  GTV: TUMOUR,
  'Couch-Surface': box([0, 30, 0], [30, 6, 20]),
  'skin markers': box([20, 0, 0], [10, 10, 10]),
  Seed: box([0, 0, 0], [4, 4, 5]),
  'Body outline': box([0, 0, 0], [20, 20, 20]),
  Liver: box([0, 0, 0], [42, 34, 33]),
  Arm: box([-36, 0, 0], [16, 12, 20]),
  Nothing: undefined,
};

test('every ROI is a row with the status of the rule that applies', async () => {
  const rows = await partRows(await analysed([ctImage(DRAWN)]), 'radiomics', 'radiomics_ct');
  assert.equal(rows.length, Object.keys(RULES).length);
  for (const [name, [status, reason, short, cutAtBorder = false]] of Object.entries(RULES)) {
    const row = rows.find(({ roi_name }) => roi_name === name);
    assert.deepEqual([row?.status, row?.short, row?.cut_at_border], [status, short, cutAtBorder], name);
    assert.match(String(row?.reason), reason);
    assert.equal(Number.isFinite(row?.original_firstorder_Mean), status === 'ok', name);
    assert.equal(Number.isFinite(row?.original_glcm_Contrast), status === 'ok' && !short, name);
    assert.equal(Number.isFinite(row?.['log-sigma-4-0-mm-3D_firstorder_Mean']), status === 'ok' && !short, name);
  }
});

test('a structure without image or parameter file is a row that says so', async () => {
  const absent = phantomImage(5, 'ctImage', 'not uploaded');
  const odd = phantomImage(6, 'ctImage', 'of another modality');
  const context = await analysed([
    ctImage({ GTV: TUMOUR }),
    { image: absent, modality: 'CT', slices: [], rois: { Heart: TUMOUR }, isAbsent: true },
    { image: odd, modality: 'NM', slices: ctSlices(odd, paint(odd.grid, 0, TISSUES, 2)), rois: { Lung: TUMOUR } },
  ]);
  const rows = await partRows(context, 'radiomics', 'radiomics_ct');
  const told = rows.map(({ roi_name, status, reason }) => [roi_name, status, reason]).sort();
  assert.deepEqual(told, [
    ['GTV', 'ok', ''],
    ['Heart', 'failed', 'the images that it was drawn on are not in the upload'],
    ['Lung', 'failed', 'no features are computed on this image of modality NM'],
  ]);
});

test('one worker and three write the same bytes', async () => {
  const written: Uint8Array[] = [];
  for (const width of [1, 3]) {
    const pool = silentPool(width);
    const { store } = await analysed([ctImage(DRAWN)], CONFIG, pool);
    await pool.close();
    written.push(await store.get(IMAGED_KEYS.part('radiomics', 'radiomics_ct')));
  }
  assert.deepEqual(written[0], written[1]);
});

test('a lone region is divided among workers, and gives the same bytes as beside others', async () => {
  const labels: string[] = [];
  const pool = silentPool(2);
  const watched = poolWith(pool, ({ label }) => {
    labels.push(label);
    return {};
  });
  const alone = await partRows(
    await analysed([ctImage({ GTV: TUMOUR })], CONFIG, watched),
    'radiomics',
    'radiomics_ct',
  );
  await pool.close();
  assert.equal(labels.filter((label) => label.startsWith('roi ')).length, 2);
  const [beside] = await partRows(await whole, 'radiomics', 'radiomics_ct');
  assert.deepEqual(Object.keys(alone[0]), Object.keys(beside));
  for (const name of Object.keys(beside).filter((key) => /^(original|log)_/.test(key)))
    assert.equal(alone[0][name], beside[name], name);
});

/** The pool with another function in place of some tasks. */
function poolWith(pool: Pool, changed: (task: PoolTask) => Partial<PoolTask>): Pool {
  const map: Pool['map'] = (label, tasks, signal) =>
    pool.map(
      label,
      tasks.map((task) => ({ ...task, ...changed(task) })),
      signal,
    );
  return { width: pool.width, map, close: () => pool.close() };
}

const taskModule = (name: string) => new URL(`../../../fixtures/${name}.ts`, import.meta.url).href;
const TWO: DrawnImage['rois'] = { GTV: TUMOUR, Node: sphere([12, 0, 0], 12) };
const whole = analysed([ctImage(TWO)]);

test('a region whose worker dies is computed on another worker', async () => {
  const pool = silentPool(2);
  const marker = join(folder, 'died');
  const killing = poolWith(pool, ({ label, argument }) =>
    label === 'roi 10'
      ? { module: taskModule('radiomics-tasks'), name: 'extractAfterDeath', argument: { marker, argument } }
      : {},
  );
  const rows = await partRows(await analysed([ctImage(TWO)], CONFIG, killing), 'radiomics', 'radiomics_ct');
  await pool.close();
  assert.deepEqual(rows, await partRows(await whole, 'radiomics', 'radiomics_ct'));
});

const DEATHS: [what: string, label: RegExp, dead: string[]][] = [
  ['a region whose worker dies every time', /^roi 10$/, ['GTV']],
  ['an image that ends its worker while it is prepared', /^image$/, ['GTV', 'Node']],
  ['an image that ends its worker while it is filtered', /^filters$/, ['GTV', 'Node']],
];
for (const [what, label, dead] of DEATHS) {
  test(`${what} fails with the reason, and no other row is lost or changed`, async () => {
    const pool = silentPool(2);
    const killing = poolWith(pool, (task) =>
      label.test(task.label) ? { module: taskModule('pool-tasks'), name: 'dieAlways' } : {},
    );
    const rows = await partRows(await analysed([ctImage(TWO)], CONFIG, killing), 'radiomics', 'radiomics_ct');
    await pool.close();
    const expected = await partRows(await whole, 'radiomics', 'radiomics_ct');
    assert.equal(rows.length, 2);
    for (const [n, row] of rows.entries()) {
      if (!dead.includes(String(row.roi_name))) assert.deepEqual(row, expected[n]);
      else assert.deepEqual([row.status, /worker exited/i.test(String(row.reason))], ['failed', true]);
    }
  });
}

const CHANGES: [what: string, isComputed: boolean, change: (context: StageContext) => Promise<void>][] = [
  ['nothing', false, async () => {}],
  ['the image', true, (context) => uploadCourse(context, [ctImage({ GTV: TUMOUR }, 2)], '2')],
  ['the contours', true, (context) => uploadCourse(context, [ctImage({ GTV: sphere([0, 0, 0], 12) })], '2')],
  ['the parameter file', true, (context) => configure(context, { params_file: { ...PARAMETERS, setting: {} } })],
  ['the skip list', true, (context) => configure(context, { skip_rois: ['GTV'] })],
  [
    'the configuration of another stage',
    false,
    ({ store }) => writeJson(store, runKeys.config, parseConfig({ ...CONFIG, dvh: { end_cap: 'none' } })),
  ],
];
const configure = ({ store }: StageContext, changed: object) =>
  writeJson(store, runKeys.config, parseConfig({ ...CONFIG, radiomics: { ...CONFIG.radiomics, ...changed } }));

for (const [what, isComputed, change] of CHANGES) {
  test(`after a change of ${what} the features are ${isComputed ? 'computed again' : 'taken as they are'}`, async () => {
    const context = await analysed([ctImage({ GTV: TUMOUR })]);
    const key = IMAGED_KEYS.part('radiomics', 'radiomics_ct');
    const before = await context.store.get(key);
    await change(context);
    await runOn(context, structures);
    assert.equal((await runOn(context, radiomics)).resumed, !isComputed);
    assert.equal(Buffer.compare(before, await context.store.get(key)) === 0, !isComputed);
  });
}

/** The same regions of the same NIfTI by the command, with this parameter file. */
async function byCommand({ store }: StageContext, params: string): Promise<Row> {
  const [record] = await readImages(store, IMAGED_KEYS.root.split('/')[1]);
  const [image, mask] = ['image.nii', 'mask.nii'].map((name) => join(folder, name));
  writeFileSync(image, gunzipSync(await store.get(record.key!)));
  const region = maskWhere(gridOf(record.grid!), ([x, y, z]) => TUMOUR.contains(x, y, z));
  const [sx, sy, sz] = region.box.start;
  const [bx, by] = region.box.size;
  const [nx, ny, nz] = record.grid!.size;
  const data = new Uint8Array(nx * ny * nz);
  region.data.forEach((inside, v) => {
    const [i, j, k] = [sx + (v % bx), sy + (Math.floor(v / bx) % by), sz + Math.floor(v / (bx * by))];
    data[i + nx * (j + ny * k)] = inside;
  });
  const { sliceOffsetsMm: _, ...grid } = record.grid!;
  writeFileSync(mask, writeNifti({ grid, data }, false));
  return (await featuresOfFiles({ image, mask, params, roi: [], ibsi: false, format: 'csv' })).rows[0];
}

function assertSameFeatures(row: Row, expected: Row, count: number): void {
  const features = Object.keys(row).filter((name) => /^(original|log|wavelet)/.test(name));
  assert.equal(features.length, count);
  for (const name of features) assert.equal(row[name], expected[name], name);
}

test('PET features use SUV and their own parameter file, and equal those of the command on the same NIfTI', async () => {
  const pet = phantomImage(2, 'petImage', 'PET');
  const tissues = [
    { solid: box([0, 0, 0], [46, 38, 38]), value: 4000, noise: 300 },
    { solid: TUMOUR, value: 25000, noise: 900 },
  ];
  const activity = paint(pet.grid, 0, tissues, 4);
  const context = await analysed(
    [{ image: pet, modality: 'PT', slices: petSlices(pet, activity), rois: { GTV: TUMOUR } }],
    { segmentation: { enabled: false } },
  );
  const [row] = await partRows(context, 'radiomics', 'radiomics_pet');
  assert.equal(row.status, 'ok', String(row.reason));
  const { doseBq, halfLifeS, weightKg, secondsBefore } = PET_INJECTION;
  const suvPerBqPerMl = (1000 * weightKg) / (doseBq * 2 ** (-secondsBefore / halfLifeS));
  assert.ok(Math.abs(Number(row.original_firstorder_Median) / (25000 * suvPerBqPerMl) - 1) < 0.02);
  assertSameFeatures(row, await byCommand(context, fileURLToPath(PROFILE_FILES.PET_FDG)), 1130);
});

test('a structure on a PET without SUV has no features, and its row says why', async () => {
  const pet = phantomImage(2, 'petImage', 'PET');
  const activity = paint(pet.grid, 0, [{ solid: TUMOUR, value: 25000, noise: 900 }], 4);
  const slices = petSlices(pet, activity).map((slice) => ({ ...slice, PatientWeight: 70_000 }));
  const context = await analysed([{ image: pet, modality: 'PT', slices, rois: { GTV: TUMOUR, Nothing: undefined } }], {
    segmentation: { enabled: false },
  });
  const rows = await partRows(context, 'radiomics', 'radiomics_pet');
  const gtv = rows.find(({ roi_name }) => roi_name === 'GTV');
  assert.deepEqual([gtv?.status, gtv?.intensity_unit], ['no_suv', 'BQML']);
  assert.match(String(gtv?.reason), /settings in SUV do not apply to BQML/);
  assert.equal(gtv?.original_firstorder_Mean, undefined);
  assert.equal(rows.find(({ roi_name }) => roi_name === 'Nothing')?.status, 'empty');
});

const MR_NAMES: [what: string, names: object, normalize: boolean][] = [
  ['a sequence named t2', { SequenceName: '*t2d', ProtocolName: 'spine' }, false],
  ['a protocol named T1', { SequenceName: '', ProtocolName: 'T1_VIBE' }, true],
  ['an image type that says T1', { SequenceName: '', ImageType: ['DERIVED', 'PRIMARY', 'T1_MAP'] }, true],
  ['no name that tells', { SequenceName: '' }, false],
];
for (const [what, names, normalize] of MR_NAMES) {
  test(`MR of ${what} is ${normalize ? '' : 'not '}normalised, in 64 bins, and equals the command`, async () => {
    const mr = phantomImage(3, 'mrImage', 'MR');
    const tissues = [
      { ...TISSUES[0], value: 300, noise: 40 },
      { ...TISSUES[1], value: 700, noise: 40 },
    ];
    const slices = mrSlices(mr, paint(mr.grid, 0, tissues, 5)).map((slice) => ({ ...slice, ...names }));
    const context = await analysed([{ image: mr, modality: 'MR', slices, rois: { GTV: TUMOUR } }], {
      segmentation: { enabled: false },
    });
    const [row] = await partRows(context, 'radiomics', 'radiomics_mr');
    assert.equal(row.status, 'ok', String(row.reason));
    const params = join(folder, 'mr.yaml');
    const setting = `{resampledPixelSpacing: [1, 1, 1], minimumROISize: 64, binCount: 64, normalize: ${normalize}}`;
    writeFileSync(params, `setting: ${setting}\nimageType: {Original: {}, LoG: {sigma: [2.0, 3.0, 4.0]}}\n`);
    assertSameFeatures(row, await byCommand(context, params), 386);
  });
}
