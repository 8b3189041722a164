import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxOf } from '#lib/image/box.ts';
import { type Connectivity, connectedComponents, largestComponent } from '#lib/image/components.ts';
import { distanceToMask, signedDistance } from '#lib/image/distance.ts';
import type { Grid } from '#lib/image/grid.ts';
import { countVoxels } from '#lib/image/mask.ts';
import { resampleLinear, resampleNearest } from '#lib/image/resample.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { seededRandom } from '#lib/random.ts';
import { frame, ODD_GRIDS, speckle } from '#test/fixtures/masks.ts';
import peers from '../../reference/image-peers.json' with { type: 'json' };

const AXIAL = ODD_GRIDS.axial;

test('distances match scipy.ndimage.distance_transform_edt to 32-bit precision', () => {
  const { data } = distanceToMask(speckle(AXIAL, 0.03, 7));
  assert.ok(Math.abs(sum(data) - peers.edt.sum) < 1e-4 * peers.edt.sum);
  compareSamples(data, peers.edt.samples, 1e-6);
});

test('components match number and sizes of scipy.ndimage.label', () => {
  const mask = speckle(AXIAL, 0.25, 11);
  const truths: [Connectivity, { count: number; largest: number[] }][] = [
    [6, peers.components6],
    [18, peers.components18],
    [26, peers.components26],
  ];
  for (const [connectivity, truth] of truths) {
    const { labels, sizes } = connectedComponents(mask, connectivity);
    assert.equal(sizes.length, truth.count);
    assert.deepEqual(sizes.slice(0, 5), truth.largest);
    assert.equal(labels.filter((label) => label === 1).length, truth.largest[0]);
    assert.equal(countVoxels(largestComponent(mask, connectivity)), truth.largest[0]);
  }
});

test('resampling to an oblique grid matches ITK, inside and outside', () => {
  const random = seededRandom(5);
  const source = { grid: AXIAL, data: Float64Array.from({ length: 17 * 13 * 9 }, () => random() * 100) };
  const target: Grid = {
    size: [12, 11, 10],
    originMm: [-28, 11, -636],
    spacingMm: [1.1, 1.4, 2],
    direction: frame([0.9, 0.3, -0.2], [-0.25, 0.95, 0.3]),
  };
  const results = [
    [resampleLinear(source, target, -1).data, peers['resample linear']],
    [resampleNearest(source, target, -1).data, peers['resample nearest']],
  ] as const;
  for (const [data, truth] of results) {
    assert.equal(data.filter((value) => value === -1).length, truth.outside);
    assert.ok(Math.abs(sum(data) - truth.sum) < 1e-9 * truth.sum);
    compareSamples(data, truth.samples, 1e-9);
  }
});

test('resampling onto the same grid keeps every value, however the grid is written', () => {
  const random = seededRandom(9);
  const data = Float64Array.from({ length: 17 * 13 * 9 }, random);
  for (const [name, grid] of Object.entries(ODD_GRIDS)) {
    assert.deepEqual(resampleLinear({ grid, data }, { ...grid }, -1).data, data, name);
    assert.deepEqual(resampleNearest({ grid, data }, { ...grid }, -1).data, data, name);
  }
});

test('linear interpolation between uneven slices is exact for a linear field', () => {
  const grid: Grid = { ...AXIAL, sliceOffsetsMm: Float64Array.of(0, 3, 6, 11, 13.5, 17, 20, 23, 26) };
  const offsets = grid.sliceOffsetsMm as Float64Array;
  const data = Float64Array.from({ length: 17 * 13 * 9 }, (_, v) => offsets[Math.floor(v / 221)]);
  const fine: Grid = { size: [1, 1, 27], originMm: [...AXIAL.originMm], spacingMm: [1, 1, 1], direction: IDENTITY };
  const { data: line } = resampleLinear({ grid, data }, fine, -1);
  for (let z = 0; z <= 26; z++) assert.ok(Math.abs(line[z] - z) < 1e-6, `${line[z]} at ${z} mm`);
});

test('distances above the limit become Infinity and the others stay', () => {
  const mask = speckle(AXIAL, 0.01, 3);
  const full = distanceToMask(mask).data;
  const limited = distanceToMask(mask, boxOf(AXIAL), 4).data;
  assert.deepEqual(
    limited,
    full.map((distance) => (distance <= 4 ? distance : Number.POSITIVE_INFINITY)),
  );
});

test('distances are the same in any box, also where the box leaves the grid', () => {
  const mask = speckle(AXIAL, 0.02, 4);
  const whole = distanceToMask(mask).data;
  const wide = distanceToMask(mask, { start: [-3, -2, -1], size: [24, 18, 12] });
  for (let v = 0; v < whole.length; v++) {
    const [i, j, k] = [v % 17, Math.floor(v / 17) % 13, Math.floor(v / 221)];
    assert.equal(wide.data[i + 3 + 24 * (j + 2 + 18 * (k + 1))], whole[v]);
  }
});

test('distances in a box count the mask outside the box', () => {
  const mask = speckle(AXIAL, 0.3, 4);
  const box = { start: [5, 4, 3] as Vec3, size: [6, 5, 4] as Vec3 };
  for (const distances of [distanceToMask, signedDistance]) {
    const [whole, part] = [distances(mask).data, distances(mask, box).data];
    part.forEach((distance, v) => {
      const [i, j, k] = [5 + (v % 6), 4 + (Math.floor(v / 6) % 5), 3 + Math.floor(v / 30)];
      assert.equal(distance, whole[i + 17 * (j + 13 * k)]);
    });
  }
});

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

function compareSamples(data: ArrayLike<number>, samples: Record<string, number>, relative: number): void {
  for (const [at, value] of Object.entries(samples)) {
    const difference = Math.abs(data[Number(at)] - value);
    assert.ok(difference <= relative * Math.max(1, Math.abs(value)), `voxel ${at}: ${data[Number(at)]} not ${value}`);
  }
}
