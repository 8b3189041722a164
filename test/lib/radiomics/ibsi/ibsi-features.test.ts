import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { FEATURES } from '#lib/radiomics/ibsi/catalogue.ts';
import { ibsiColumns } from '#lib/radiomics/ibsi/columns.ts';
import { ibsiFeatures } from '#lib/radiomics/ibsi/ibsi-features.ts';
import { type IbsiSettingsInput, ibsiSettings } from '#lib/radiomics/ibsi/settings.ts';
import { seededRandom } from '#lib/random.ts';
import type { Column } from '#lib/tables/table.ts';
import { DIGITAL_PHANTOM } from './digital-phantom.ts';

const SIZE: Vec3 = [14, 12, 10];

test('every column has a unique name without an image name, and an IBSI code', () => {
  const settings = ibsiSettings.parse({
    filters: [
      { name: 'mean3', filter: { type: 'mean', support: 3 } },
      { name: 'log-1.5mm', filter: { type: 'log', sigmaMm: 1.5 } },
    ],
    filteredFamilies: ['statistics', 'intensity_histogram', 'glcm'],
  });
  const { values, status } = ibsiFeatures(noise(), ball(), settings);
  assert.equal(status, 'ok');
  const names = values.map(({ column }) => column.name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(values.every(({ column }) => /^IBSI [A-Z0-9]{4}, [A-Z0-9]{4}$/.test(column.source)));
  for (const expected of [
    'morphology_volume',
    'local_intensity_peak_glob',
    'statistics_mean',
    'statistics_mean_log-1.5mm',
    'intensity_volume_histogram_v10',
    'glcm_joint_max_3D_avg_fbn32',
    'glcm_joint_max_3D_mrg_fbn32_mean3',
    'ngldm_dc_energy_3D_fbn32',
  ]) {
    assert.ok(names.includes(expected), expected);
  }
});

const SETTINGS: Record<string, IbsiSettingsInput> = {
  'the defaults': {},
  'slice by slice': { approach: '2D' },
  'chosen aggregations and families': {
    aggregations: ['3D_mrg', '2.5D', '2D_avg'],
    families: ['ngtdm', 'glcm', 'morphology'],
  },
  'filtered images alone': {
    unfiltered: false,
    filters: [{ name: 'mean3', filter: { type: 'mean', support: 3 } }],
    filteredFamilies: ['glszm', 'statistics', 'intensity_volume_histogram'],
  },
};
for (const [what, input] of Object.entries(SETTINGS)) {
  test(`the columns of ${what} follow from the settings and match the values`, () => {
    const settings = ibsiSettings.parse(input);
    const { values } = ibsiFeatures(noise(), ball(), settings);
    assert.ok(values.length > 0);
    const byName = (columns: Column[]) => columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(byName(ibsiColumns(settings)), byName(values.map(({ column }) => column)));
  });
}

test('every feature of the catalogue is computed', () => {
  const { values } = ibsiFeatures(noise(), ball(), ibsiSettings.parse({}));
  const tags = new Set(values.map(({ tag }) => tag));
  assert.deepEqual(
    FEATURES.map(({ tag }) => tag).filter((tag) => !tags.has(tag)),
    [],
  );
});

test('settings can be sent to a worker thread and give the same bytes there', () => {
  const settings = ibsiSettings.parse({ filters: [{ name: 'mean3', filter: { type: 'mean', support: 3 } }] });
  const [a, b] = [settings, structuredClone(settings)].map((copy) => ibsiFeatures(noise(), ball(), copy));
  assert.deepEqual(a, b);
});

const UNKNOWN: [string, object][] = [
  ['a key of PyRadiomics', { binWidth: 25 }],
  ['a key in the wrong place', { resegmentation: { range: [0, 1], sigma: 3 } }],
  ['an unknown filter', { filters: [{ name: 'x', filter: { type: 'sobel' } }] }],
  ['an unknown wavelet', { filters: [{ name: 'x', filter: { type: 'wavelet', family: 'bior1.1', bands: 'LLH' } }] }],
  [
    'three letters slice by slice',
    { approach: '2D', filters: [{ name: 'x', filter: { type: 'laws', kernels: 'L5E5E5' } }] },
  ],
  ['shape of a filtered image', { filteredFamilies: ['morphology'] }],
  ['one bin', { discretisation: { method: 'fbn', bins: 1 } }],
];

for (const [name, input] of UNKNOWN) {
  test(`settings refuse ${name}`, () => {
    assert.equal(ibsiSettings.safeParse(input).success, false);
  });
}

const REFUSED: {
  name: string;
  image?: Volume;
  mask?: Mask;
  settings?: IbsiSettingsInput;
  status: string;
  reason: RegExp;
}[] = [
  { name: 'an empty mask', mask: maskOf(() => false), status: 'empty', reason: /no voxel/ },
  {
    name: 'a mask on another grid',
    mask: { ...ball(), grid: { ...noise().grid, originMm: [0, 0, 1.5] } },
    status: 'failed',
    reason: /origin along z: the mask lies \+1.5 mm off/,
  },
  {
    name: 'a region that re-segmentation empties',
    settings: { resegmentation: { range: [1000, 2000] } },
    status: 'too_small',
    reason: /after re-segmentation the region has no voxel/,
  },
  {
    name: 'a voxel that a coarse grid loses',
    mask: maskOf((i, j, k) => i === 3 && j === 3 && k === 3),
    settings: { interpolation: { spacingMm: 4 } },
    status: 'too_small',
    reason: /after interpolation the region has no voxel/,
  },
  {
    name: 'a voxel that a grid steps over',
    mask: maskOf((i, j, k) => i === 3 && j === 3 && k === 3),
    settings: { interpolation: { spacingMm: 9 } },
    status: 'too_small',
    reason: /after interpolation the region has no voxel/,
  },
  {
    name: 'intensities that are no numbers',
    image: withNaN(),
    status: 'failed',
    reason: /^1 voxels of the region have no finite/,
  },
];

for (const { name, image = noise(), mask = ball(), settings = {}, status, reason } of REFUSED) {
  test(`${name} gives a row with status ${status} and the reason`, () => {
    const result = ibsiFeatures(image, mask, ibsiSettings.parse(settings));
    assert.equal(result.status, status);
    assert.match(result.reason, reason);
    assert.deepEqual(result.values, []);
  });
}

test('a region of one voxel gives each feature a value or none, and its size is right', () => {
  const mask = maskOf((i, j, k) => i === 3 && j === 3 && k === 3);
  const aggregations = [
    '2D_avg',
    '2D_s_mrg',
    '2.5D_d_mrg',
    '2.5D_v_mrg',
    '3D_avg',
    '3D_mrg',
    '2D',
    '2.5D',
    '3D',
  ] as const;
  const { status, values } = ibsiFeatures(noise(), mask, ibsiSettings.parse({ aggregations: [...aggregations] }));
  assert.equal(status, 'ok');
  const expected = ibsiFeatures(noise(), ball(), ibsiSettings.parse({ aggregations: [...aggregations] })).values;
  assert.deepEqual(
    values.map(({ column }) => column.name),
    expected.map(({ column }) => column.name),
  );
  const value = (tag: string) => values.find((row) => row.tag === tag)!.value;
  assert.equal(value('morph_vol_approx'), 1);
  assert.ok(Math.abs(value('morph_volume') - 1 / 6) < 1e-12, 'an octahedron with half-axes of half a voxel');
  assert.ok(Number.isNaN(value('cm_contrast')), 'no pair of neighbours');
  assert.ok(Math.abs(value('szm_zs_entr')) < 1e-12);
});

test('a flat region has one level, no spread, and ideal spatial correlation', () => {
  const image = { ...noise(), data: new Float32Array(14 * 12 * 10).fill(42) };
  const { values } = ibsiFeatures(image, ball(), ibsiSettings.parse({}));
  const value = (tag: string) => values.find((row) => row.tag === tag)!.value;
  const expected: Record<string, number> = {
    stat_mean: 42,
    stat_var: 0,
    stat_kurt: 0,
    ih_max: 1,
    ih_entropy: 0,
    morph_moran_i: 1,
    morph_geary_c: 1,
    cm_joint_entr: 0,
    cm_corr: 1,
    szm_glnu: 1,
  };
  for (const [tag, wanted] of Object.entries(expected))
    assert.ok(Math.abs(value(tag) - wanted) < 1e-9, `${tag} ${value(tag)}`);
});

test('distances above one voxel do not read outside the region', () => {
  const { image, mask } = DIGITAL_PHANTOM;
  const settings = ibsiSettings.parse({
    distance: 3,
    discretisation: { method: 'none' },
    families: ['glcm', 'ngtdm', 'ngldm'],
  });
  const { values } = ibsiFeatures(image, mask, settings);
  const padded = ibsiFeatures(paddedBy(4, image), maskIn(paddedBy(4, image), mask, 4), settings).values;
  assert.deepEqual(
    values.map(({ value }) => value),
    padded.map(({ value }) => value),
  );
});

function noise(): Volume<Float32Array> {
  const random = seededRandom(5);
  const data = Float32Array.from({ length: 14 * 12 * 10 }, () => Math.round(200 * random()));
  return { grid: { size: SIZE, spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

function withNaN(): Volume {
  const image = noise();
  image.data[6 + 14 * (6 + 12 * 5)] = Number.NaN;
  return image;
}

function ball(): Mask {
  return maskOf((i, j, k) => (i - 6) ** 2 + (j - 6) ** 2 + (k - 5) ** 2 <= 16);
}

function maskOf(isInside: (i: number, j: number, k: number) => boolean): Mask {
  const data = new Uint8Array(14 * 12 * 10);
  for (let n = 0; n < data.length; n++)
    data[n] = isInside(n % 14, Math.floor(n / 14) % 12, Math.floor(n / 168)) ? 1 : 0;
  return maskOfVolume(noise().grid, data);
}

function paddedBy(margin: number, { grid, data }: Volume): Volume {
  const size = grid.size.map((n) => n + 2 * margin) as Vec3;
  const to = new Float32Array(size[0] * size[1] * size[2]).fill(9);
  const [nx, ny] = grid.size;
  data.forEach((value, n) => {
    const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
    to[i + margin + size[0] * (j + margin + size[1] * (k + margin))] = value;
  });
  return { grid: { ...grid, size }, data: to };
}

function maskIn({ grid }: Volume, mask: Mask, margin: number): Mask {
  return { ...mask, grid, box: { size: mask.box.size, start: mask.box.start.map((from) => from + margin) as Vec3 } };
}
