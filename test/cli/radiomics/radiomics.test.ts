import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { writeDicom } from '#lib/dicom/write.ts';
import type { Grid } from '#lib/image/grid.ts';
import { countVoxels, cropMask, maskOfVolume } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { seededRandom } from '#lib/random.ts';
import { segmentationOf } from '#lib/structures/write-segmentation.ts';
import { toCsv } from '#lib/tables/csv.ts';
import {
  IDENTITY_OF_OBJECT,
  PATIENT_AND_STUDY,
  sourceImage,
  threeStructures,
} from '#test/fixtures/written-structures.ts';
import { featuresOfFiles } from '../../../cli/commands/radiomics.ts';

const folder = mkdtempSync(join(tmpdir(), 'radiomics-command-'));
after(() => rmSync(folder, { recursive: true }));

const SIDE = 12;
const grid = { size: [SIDE, SIDE, SIDE] as [number, number, number], originMm: [0, 0, 0] as [number, number, number] };
const IMAGE_GRID: Grid = { ...grid, spacingMm: [1, 1, 1], direction: IDENTITY };
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

test('every label of a label map becomes a row', async () => {
  const { rows } = await featuresOfFiles({ ...options, ...oneCase });
  assert.deepEqual(
    rows.map((row) => [row.Label, row.status, row.original_shape_VoxelVolume]),
    [
      [1, 'ok', 5 * 12 * 11],
      [2, 'ok', 3 * 12 * 11],
    ],
  );
});

test('a missing label becomes a row that lists the labels of the map', async () => {
  const { rows } = await featuresOfFiles({ ...options, ...oneCase, label: 7 });
  assert.deepEqual(
    rows.map((row) => [row.status, row.reason]),
    [['empty', 'label 7 is not in the mask; it has 1, 2']],
  );
});

test('batch paths are relative to the batch file, quoted paths may hold commas, and a missing case does not stop the others', async () => {
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

test('IBSI mode names columns by IBSI codes', async () => {
  writeFileSync(path('ibsi.yaml'), 'families: [statistics]\n');
  const { rows } = await featuresOfFiles({ ...options, ...oneCase, label: 1, ibsi: true, params: path('ibsi.yaml') });
  assert.equal(rows[0].status, 'ok');
  assert.ok(Object.keys(rows[0]).some((name) => name === 'statistics_mean'));
});

test('columns of the batch file come first, in their order', async () => {
  const lines = ['ID,Image,Mask,Label,Note', ',image.nii,"mask, both.nii",2,"a ""b"",\n=c"', ' 7 ,absent.nii,m,,'];
  writeFileSync(path('kept.csv'), `\uFEFF${lines.join('\r\n')}\r\n`);
  const { columns, rows } = await featuresOfFiles({ ...options, batch: path('kept.csv') });
  assert.deepEqual(
    columns.slice(0, 8).map(({ name }) => name),
    ['ID', 'Image', 'Mask', 'Label', 'Note', 'Region', 'status', 'reason'],
  );
  assert.deepEqual(
    rows.map((row) => [row.ID, row.Label, row.Note, row.status]),
    [
      ['', 2, 'a "b",\n=c', 'ok'],
      ['7', null, '', 'failed'],
    ],
  );
});

const BAD_BATCHES: [what: string, text: string, message: RegExp][] = [
  ['lacks a column', 'Image,Label\na,1', /needs the columns Image and Mask/],
  ['has a column of the result', 'Image,Mask,Status\na,b,c', /has a column Status, which the result also has/],
  ['has a column twice', 'Image,Mask,ID,id\na,b,c,d', /the column id twice/],
  ['has a line of another length', 'Image,Mask\na,b,c', /not CSV: .*line 2/],
];
for (const [what, text, message] of BAD_BATCHES) {
  test(`a batch file that ${what} is refused`, async () => {
    writeFileSync(path('bad.csv'), text);
    await assert.rejects(featuresOfFiles({ ...options, batch: path('bad.csv') }), { name: 'BadInput', message });
  });
}

const LABELS: [what: string, given: object, label: number][] = [
  ['the parameter file', {}, 2],
  ['the command', { label: 1 }, 1],
];
for (const [who, given, label] of LABELS) {
  test(`the label that ${who} names is the one computed`, async () => {
    writeFileSync(path('label.yaml'), 'setting: {label: 2}\nfeatureClass: {firstorder: [Mean]}\n');
    const { rows } = await featuresOfFiles({ ...options, ...oneCase, ...given, params: path('label.yaml') });
    assert.deepEqual(
      rows.map((row) => [row.Label, row.status]),
      [[label, 'ok']],
    );
  });
}

test('label_channel selects a component of a vector mask', async () => {
  const header = `NRRD0004\ntype: uchar\ndimension: 4\nspace: LPS\nsizes: 2 ${SIDE} ${SIDE} ${SIDE}\nencoding: raw
space directions: none (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n\n`;
  const voxels = Uint8Array.from({ length: 2 * SIDE ** 3 }, (_, n) =>
    (n % 2 === 0 ? n < SIDE ** 3 : n < 800) ? 1 : 0,
  );
  writeFileSync(path('segments.nrrd'), Buffer.concat([Buffer.from(header), voxels]));
  const volumes = [];
  for (const channel of [0, 1, 2]) {
    writeFileSync(path('channel.yaml'), `setting: {label_channel: ${channel}}\nfeatureClass: {shape: [VoxelVolume]}\n`);
    const given = { image: path('image.nii'), mask: path('segments.nrrd'), params: path('channel.yaml') };
    const [row] = (await featuresOfFiles({ ...options, ...given })).rows;
    volumes.push(row.original_shape_VoxelVolume ?? row.reason);
  }
  assert.deepEqual(volumes.slice(0, 2), [SIDE ** 3 / 2, 400]);
  assert.match(String(volumes[2]), /channel 2 does not exist \(0-1\)/);
});

test('column names repeat sigma as the parameter file writes it', async () => {
  writeFileSync(path('sigma.yaml'), 'imageType: {LoG: {sigma: [2, 3.0]}}\nfeatureClass: {firstorder: [Mean]}\n');
  const { columns } = await featuresOfFiles({ ...options, ...oneCase, params: path('sigma.yaml') });
  const names = columns.map(({ name }) => name).filter((name) => name.startsWith('log'));
  assert.deepEqual(names, ['log-sigma-2-mm-3D_firstorder_Mean', 'log-sigma-3-0-mm-3D_firstorder_Mean']);
});

test('radiomics writes JSON rows on request', async () => {
  const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
  const { image, mask } = oneCase;
  const flags = ['--image', image, '--mask', mask, '--params', options.params, '--format', 'json'];
  const { stdout } = await execa(process.execPath, [main, 'radiomics', ...flags]);
  assert.deepEqual(JSON.parse(stdout), (await featuresOfFiles({ ...options, ...oneCase })).rows);
});

test('a DICOM segmentation gives a row per segment, and --label and --roi select segments', async () => {
  const inSegments = Array.from({ length: 2 }, (_, s) =>
    maskOfVolume(
      IMAGE_GRID,
      Uint8Array.from({ length: SIDE ** 3 }, (_, p) => (p % SIDE < 4 + 3 * s && p > 300 ? 1 : 0)),
    ),
  );
  const structures = inSegments.map((mask, s) => ({ ...threeStructures(IMAGE_GRID)[s], mask }));
  const identity = { identity: IDENTITY_OF_OBJECT, patientAndStudy: PATIENT_AND_STUDY, image: sourceImage(IMAGE_GRID) };
  writeFileSync(path('seg.dcm'), writeDicom(segmentationOf(structures, { label: 'A', ...identity })));
  const given = { ...options, image: path('image.nii'), mask: path('seg.dcm') };
  const volumes = inSegments.map(countVoxels);
  const rowsOf = async (more: object) =>
    (await featuresOfFiles({ ...given, ...more })).rows.map((row) => [
      row.Region,
      row.Label,
      row.status,
      row.original_shape_VoxelVolume,
    ]);
  const expected = structures.map(({ name }, s) => [name, s + 1, 'ok', volumes[s]]);
  assert.deepEqual(await rowsOf({}), expected);
  assert.deepEqual(await rowsOf({ label: 2 }), [expected[1]]);
  assert.deepEqual(await rowsOf({ roi: [`${structures[0].name.slice(0, 3)}*`] }), [expected[0]]);
});

const PARTS: [what: string, setting: string][] = [
  ['as it is', ''],
  ['resampled', ', resampledPixelSpacing: [0.7, 0.7, 0.7]'],
];
for (const [how, setting] of PARTS) {
  test(`a cropped or turned mask has the features of the whole mask: ${how}`, async () => {
    writeFileSync(path('part.yaml'), `setting: {additionalInfo: false, binWidth: 10${setting}}\n`);
    const isIn = (i: number, j: number, k: number) => (i - 5) ** 2 + (j - 6) ** 2 + (k - 4) ** 2 < 12;
    const whole = Uint8Array.from({ length: SIDE ** 3 }, (_, p) =>
      isIn(p % SIDE, Math.floor(p / SIDE) % SIDE, Math.floor(p / SIDE ** 2)) ? 1 : 0,
    );
    const cut = cropMask(maskOfVolume(IMAGE_GRID, whole));
    const cutGrid = { ...IMAGE_GRID, size: cut.box.size, originMm: cut.box.start };
    const turned = whole.map(
      (_, p) => whole[SIDE ** 2 * Math.floor(p / SIDE ** 2) + (SIDE ** 2 - 1 - (p % SIDE ** 2))],
    );
    const turnedGrid: Grid = { ...IMAGE_GRID, originMm: [11, 11, 0], direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] };
    const rows = [];
    for (const volume of [
      { grid: IMAGE_GRID, data: whole },
      { grid: cutGrid, data: cut.data },
      { grid: turnedGrid, data: turned },
    ]) {
      writeFileSync(path('part.nii'), writeNifti(volume, false));
      const given = { image: path('image.nii'), mask: path('part.nii'), params: path('part.yaml') };
      rows.push((await featuresOfFiles({ ...options, ...given })).rows[0]);
    }
    assert.equal(rows[0].status, 'ok');
    assert.deepEqual(rows[1], rows[0]);
    assert.deepEqual(rows[2], rows[0]);
  });
}

const FRACTIONS: [what: string, value: (p: number) => number, outcome: RegExp][] = [
  ['one fraction is label 1', (p) => (p % SIDE < 5 ? 0.00392 : 0), /^1 ok $/],
  ['whole numbers as floats are labels', (p) => (p % SIDE < 5 ? 3 : 0), /^3 ok $/],
  ['probabilities are no labels', (p) => (p % SIDE) / 30, /^null failed the mask is not a label map: it has 11 values/],
  [
    'a label and fractions around it are no labels',
    (p) => [0, 0.5, 1][p % 3],
    /^null failed the mask is not a label map/,
  ],
];
test('a probability mask is not taken for a label map, and does not stop the other cases', async () => {
  const lines = FRACTIONS.map(([, value], n) => {
    const data = Float32Array.from({ length: SIDE ** 3 }, (_, p) => value(p));
    writeFileSync(path(`fraction${n}.nii`), writeNifti({ grid: IMAGE_GRID, data }, false));
    return `image.nii,fraction${n}.nii`;
  });
  writeFileSync(path('fractions.csv'), ['Image,Mask', ...lines].join('\n'));
  const table = await featuresOfFiles({ ...options, batch: path('fractions.csv') });
  assert.equal(table.rows.length, FRACTIONS.length);
  for (const [n, [what, , outcome]] of FRACTIONS.entries()) {
    const { Label, status, reason } = table.rows[n];
    assert.match(`${Label} ${status} ${reason}`, outcome, what);
  }
  assert.equal(new TextDecoder().decode(toCsv(table)).trim().split('\n').length, 1 + FRACTIONS.length);
});

const BAD_LABELS: [text: string, message: RegExp][] = [
  ['1.5', /Label of case 2 is "1.5" instead of a whole number from 1/],
  ['tumour', /Label of case 2 is "tumour"/],
  ['0', /Label of case 2 is "0"/],
  ['-3', /Label of case 2 is "-3"/],
];
test('an impossible label is refused before any case is computed', async () => {
  for (const [text, message] of BAD_LABELS) {
    const lines = ['Image,Mask,Label', 'absent.nii,absent.nii,1', `absent.nii,absent.nii,${text}`];
    writeFileSync(path('labels.csv'), lines.join('\n'));
    await assert.rejects(featuresOfFiles({ ...options, batch: path('labels.csv') }), { name: 'BadInput', message });
    const alone = featuresOfFiles({ ...options, ...oneCase, label: Number(text) });
    await assert.rejects(alone, { name: 'BadInput', message: /--label must be a whole number of at least 1/ });
  }
});
