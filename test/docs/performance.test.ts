import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OURS, spreadOf } from '../../bench/performance/entry.ts';
import { performancePage } from '../../bench/performance/page.ts';
import { readResults } from '../../bench/performance/results.ts';

test('docs/performance.md matches the results of the bench', () => {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  assert.equal(page, performancePage());
});

test('a peer is timed only on workloads that the product is timed on', () => {
  const { timed } = readResults();
  const ours = new Set(timed.filter(({ by }) => by === OURS).map(({ work }) => work));
  assert.deepEqual(
    timed.filter(({ work }) => !ours.has(work)).map(({ work, by }) => `${work} by ${by}`),
    [],
  );
});

test('the median of an even number of times is the mean of the middle two', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { least: 1, median: 2.5, most: 4 });
  assert.deepEqual(spreadOf([5]), { least: 5, median: 5, most: 5 });
});
