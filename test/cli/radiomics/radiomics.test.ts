import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { IDENTITY } from '#lib/math/vec3.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { seededRandom } from '#lib/random.ts';
import { featuresOfFiles } from '../../../cli/commands/radiomics.ts';

const folder = mkdtempSync(join(tmpdir(), 'radiomics-command-'));
after(() => rmSync(folder, { recursive: true }));

const SIDE = 12;
const grid = { size: [SIDE, SIDE, SIDE] as [number, number, number], originMm: [0, 0, 0] as [number, number, number] };
const random = seededRandom(3);
const path = (name: string) => join(folder, name);
const write = (name: string, data: Int16Array | Uint8Array) =>
  writeFileSync(path(name), writeNifti({ grid: { ...grid, spacingMm: [1, 1, 1], direction: IDENTITY }, data }, false));
write(
  'image.nii',
  Int16Array.from({ length: SIDE ** 3 }, () => 300 * random()),
);
/** Label 1 in the first half, label 2 in a block of the second, 0 elsewhere. */
write(
  'mask, both.nii',
  Uint8Array.from({ length: SIDE ** 3 }, (_, p) => {
    const [i, k] = [p % SIDE, Math.floor(p / SIDE ** 2)];
    return i === 0 ? 0 : k < 5 ? 1 : k > 8 ? 2 : 0;
  }),
);
writeFileSync(
  path('params.yaml'),
  'setting: {additionalInfo: false}\nfeatureClass: {firstorder: [Mean], shape: [VoxelVolume]}\n',
);

const options = { roi: [], ibsi: false, format: 'csv' as const, params: path('params.yaml') };
const oneCase = { image: path('image.nii'), mask: path('mask, both.nii') };

test('every label of a map is a row', async () => {
  const { rows } = await featuresOfFiles({ ...options, ...oneCase });
  assert.deepEqual(
    rows.map((row) => [row.Label, row.status, row.original_shape_VoxelVolume]),
    [
      [1, 'ok', 5 * 12 * 11],
      [2, 'ok', 3 * 12 * 11],
    ],
  );
});

test('a label that is not there is a row that names those that are', async () => {
  const { rows } = await featuresOfFiles({ ...options, ...oneCase, label: 7 });
  assert.deepEqual(
    rows.map((row) => [row.status, row.reason]),
    [['empty', 'label 7 is not in the mask; it has 1, 2']],
  );
});

test('a batch file names cases relative to itself, in quotes where a comma is, and one that is missing does not stop the rest', async () => {
  const lines = ['ID,Image,Mask,Label', 'a,image.nii,"mask, both.nii",2', 'b,absent.nii,"mask, both.nii",1'];
  writeFileSync(path('cases.csv'), lines.join('\n'));
  const { rows } = await featuresOfFiles({ ...options, batch: path('cases.csv') });
  assert.deepEqual(
    rows.map((row) => [row.Label, row.status]),
    [
      [2, 'ok'],
      [1, 'failed'],
    ],
  );
  assert.match(String(rows[1].reason), /absent\.nii/);
});

test('IBSI mode gives columns by the codes of the manual', async () => {
  writeFileSync(path('ibsi.yaml'), 'families: [statistics]\n');
  const { rows } = await featuresOfFiles({ ...options, ...oneCase, label: 1, ibsi: true, params: path('ibsi.yaml') });
  assert.equal(rows[0].status, 'ok');
  assert.ok(Object.keys(rows[0]).some((name) => name === 'statistics_mean'));
});
