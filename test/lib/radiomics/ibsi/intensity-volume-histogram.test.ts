import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intensityVolumeHistogram, ivhDiscretisationOf } from '#lib/radiomics/ibsi/intensity-volume-histogram.ts';

const TEN = Float64Array.from({ length: 10 }, (_, n) => n + 1);

const CASES: {
  name: string;
  values: Float64Array;
  how: Parameters<typeof intensityVolumeHistogram>[1];
  range?: [number | null, number | null];
  expected: Record<string, number>;
}[] = [
  {
    name: 'ten steps of one voxel each',
    values: TEN,
    how: { method: 'none' },
    expected: { ivh_v10: 0.9, ivh_v90: 0.1, ivh_i10: 10, ivh_i90: 2, ivh_diff_i10_i90: 8 },
  },
  {
    name: 'a range that is wider than the intensities',
    values: TEN,
    how: { method: 'none' },
    range: [-9, 21],
    expected: { ivh_v10: 1, ivh_v90: 0, ivh_i10: 10, ivh_i90: 2 },
  },
  {
    name: 'bins of two, known by their centres',
    values: TEN,
    how: { method: 'fbs', width: 2 },
    range: [1, 11],
    expected: { ivh_v10: 0.8, ivh_v90: 0.2, ivh_i90: 4, ivh_i10: 12 },
  },
  {
    name: 'five bins, known by their numbers',
    values: TEN,
    how: { method: 'fbn', bins: 5 },
    expected: { ivh_v90: 0.2, ivh_i90: 2, ivh_i10: 6 },
  },
  {
    name: 'one intensity',
    values: new Float64Array(4).fill(7),
    how: { method: 'none' },
    expected: { ivh_v10: 0, ivh_i10: 8, ivh_auc: 0 },
  },
];

for (const { name, values, how, range, expected } of CASES) {
  test(`intensity-volume histogram of ${name}`, () => {
    const found = intensityVolumeHistogram(values, how, range);
    for (const [tag, value] of Object.entries(expected))
      assert.ok(Math.abs(found[tag] - value) < 1e-12, `${tag} ${found[tag]}`);
  });
}

test('unit steps over a huge range are refused to limit memory', () => {
  assert.throws(() => intensityVolumeHistogram(Float64Array.of(0, 1e9), { method: 'none' }), /choose a wider bin/);
});

test('fractional intensities without bins are refused', () => {
  const values = Float64Array.of(1, 2, 2.5);
  assert.throws(
    () => intensityVolumeHistogram(values, { method: 'none' }),
    /whole numbers, but one is 2.5: choose fbs/,
  );
});

/** A ramp of 0 to `top`: the exact curve is a straight line, so that V10 is 0.9, I10 is 0.9 of the range, and so on. */
const ramp = (top: number) => Float64Array.from({ length: 10_001 }, (_, n) => (top * n) / 10_000);

const UNITS: [unit: 'HU' | 'SUV' | 'arbitrary', values: Float64Array, step: number][] = [
  ['HU', ramp(1000).map(Math.round), 1 / 1000],
  ['HU', ramp(1000), 1 / 1000],
  ['SUV', ramp(25), 0.1 / 25],
  ['arbitrary', ramp(0.002), 1 / 1000],
  ['arbitrary', ramp(3e6), 1 / 1000],
];
for (const [unit, values, step] of UNITS) {
  test(`unit ${unit} gives steps fine enough for intensities up to ${values.at(-1)}`, () => {
    const how = ivhDiscretisationOf(unit, values.every(Number.isInteger));
    const found = intensityVolumeHistogram(values, how);
    const range = how.method === 'fbn' ? how.bins : values[values.length - 1];
    const exact = { ivh_v10: 0.9, ivh_v90: 0.1, ivh_i10: 0.9 * range, ivh_i90: 0.1 * range };
    for (const [tag, value] of Object.entries(exact)) {
      const allowed = 2 * step * (tag.startsWith('ivh_i') ? range : 1);
      assert.ok(Math.abs(found[tag] - value) <= allowed, `${tag}: ${found[tag]} instead of ${value}`);
    }
    assert.ok(Math.abs(found.ivh_auc - 0.5) <= step);
  });
}
