import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussian, seededRandom } from '#lib/random.ts';
import { redundantGroups } from '#lib/robustness/redundancy.ts';
import { selectFeatures } from '#lib/robustness/selection.ts';

test('features with the same or reversed ranking form a group; less similar and constant ones do not', () => {
  const features = [
    [1, 2, 3, 4, 5, 6],
    [1, 4, 9, 16, 25, 36],
    [-1, -2, -3, -4, -5, -6],
    [2, 1, 4, 3, 6, 5],
    [7, 7, 7, 7, 7, 7],
    [3, 1, 5, 2, 6, 4],
  ].map((values) => Float64Array.from(values));
  // Spearman: first and fourth 1 - 6 * 6 / 210 = 0.829, fourth and last 1 - 6 * 4 / 210 = 0.886, first and last 0.486.
  assert.deepEqual(redundantGroups(features, 0.9), [[0, 1, 2], [3], [4], [5]]);
  assert.deepEqual(redundantGroups(features, 0.82), [[0, 1, 2], [3, 5], [4]]);
});

test('groups match stepwise agglomeration, and within a group all pairs are alike', () => {
  const random = seededRandom(5);
  const bases = Array.from({ length: 6 }, () => Array.from({ length: 40 }, () => gaussian(random)));
  const features = Array.from({ length: 36 }, (_, n) =>
    Float64Array.from(bases[n % 6], (value) => value + 0.3 * gaussian(random)),
  );
  const groups = redundantGroups(features, 0.8);
  assert.deepEqual(
    groups.flat().sort((a, b) => a - b),
    Array.from(features.keys()),
  );
  assert.deepEqual(groups, stepByStep(features, 0.8));
  assert.ok(groups.length < 36);
});

test('of redundant features the one with the highest bound is selected', () => {
  const row = (feature_name: string, robustness_label: string, icc_ci95_low: number) => {
    const identity = { standard_name: 'GTV', roi_name: 'GTV', source: 'manual', modality: 'CT', n_subjects: 12 };
    return { ...identity, feature_name, robustness_label, icc_ci95_low };
  };
  const rows = [row('a', 'robust', 0.92), row('b', 'robust', 0.97), row('c', 'acceptable', 0.8), row('d', 'poor', 0.1)];
  const rising = Float64Array.from({ length: 12 }, (_, n) => n);
  const other = Float64Array.from({ length: 12 }, (_, n) => (5 * n) % 12);
  const { selected, redundant_groups, robust } = selectFeatures(rows, (name) => (name === 'c' ? other : rising));
  assert.deepEqual(robust, ['a', 'b']);
  assert.deepEqual(redundant_groups, [['b', 'a'], ['c']]);
  assert.deepEqual(selected, ['b', 'c']);
  const few = selectFeatures(rows, () => rising.slice(0, 4));
  assert.equal(few.redundant_groups, null);
  assert.deepEqual(few.selected, ['a', 'b', 'c']);
  const none = selectFeatures([row('d', 'poor', 0.1)], () => rising);
  assert.deepEqual([none.structures, none.selected, none.note], [12, [], 'no feature is robust or acceptable']);
});

/** The textbook's way: join the two nearest groups until none are near enough. */
function stepByStep(features: Float64Array[], least: number): number[][] {
  const ranks = features.map((values) => values.map((value) => values.filter((other) => other < value).length));
  const spearman = (a: Float64Array, b: Float64Array) => {
    const n = a.length;
    const squares = a.reduce((sum, rank, i) => sum + (rank - b[i]) ** 2, 0);
    return Math.abs(1 - (6 * squares) / (n * (n * n - 1)));
  };
  const groups = features.map((_, n) => [n]);
  for (;;) {
    let best = { likeness: least, a: -1, b: -1 };
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const pairs = groups[a].flatMap((x) => groups[b].map((y) => spearman(ranks[x], ranks[y])));
        const likeness = Math.min(...pairs);
        if (likeness > best.likeness) best = { likeness, a, b };
      }
    if (best.a < 0) return groups.map((group) => group.sort((x, y) => x - y)).sort(([x], [y]) => x - y);
    groups[best.a].push(...groups.splice(best.b, 1)[0]);
  }
}
