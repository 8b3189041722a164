import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LIMITS } from '#statemachine/engine/limits.ts';
import { groupings, hostChoices } from '../../bench/scale/choices.ts';
import { limitsOf } from '../../bench/scale/limits.ts';
import { fixedParts, gpuRow } from '../../bench/scale/page.ts';
import { steadyState, withGpus } from '../../bench/scale/scenario.ts';
import { gpuSweep } from '../../bench/scale/sweeps.ts';

const PAGE = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');

test('docs/scale.md is up to date: npm run docs:scale', async () => {
  for (const part of fixedParts()) assert.ok(PAGE.includes(part), `docs/scale.md is old: it lacks\n${part}`);
  const row = gpuRow(await gpuSweep(1, 40));
  assert.ok(PAGE.includes(row), `docs/scale.md is old: it lacks ${row}`);
});

test('one GPU segments as many courses per hour as fit by their duration', async () => {
  // Segmentation: 3 s start, 30 s loading, 200 slices of 0.6 s: 153 s. A lost host in 6,800 hours changes less than a part in 1,000.
  const { coursesPerHour } = await steadyState({ ...withGpus(1, 40), spotLossPerHour: 0 }, 24);
  assert.ok(Math.abs(coursesPerHour / (3600 / 153) - 1) < 0.01, `${coursesPerHour} an hour`);
});

test('a job of eight courses saves seven starts of the container, and of what the job itself loads', () => {
  const [one, , , eight] = groupings(3, 0);
  // 3 s for the container; TotalSegmentator loads for 30 s, five networks and Node take 1.85 s; 120 s of work.
  assert.deepEqual(one.seconds, { program: 153, converted: 124.85 });
  assert.deepEqual(eight.seconds, { program: (3 + 8 * 150) / 8, converted: (4.85 + 8 * 120) / 8 });
  assert.equal(eight.delay, 7 * 120);
});

test('a host costs its hourly price times its hours', () => {
  const g6 = hostChoices().find(({ name }) => name === 'g6.2xlarge');
  assert.deepEqual(g6?.seconds, [150, 150]);
  assert.ok(Math.abs((g6?.dollars[0] ?? 0) - (150 / 3600) * 0.9776) < 1e-12);
});

test('limits are exceeded where arithmetic says', async () => {
  const { whole } = await steadyState(withGpus(1, 40), 4);
  const limits = limitsOf(whole, 8, 100);
  const breaks = (what: string, courses: number) => limits.find((one) => one.what === what)?.breaks(courses);
  // 203 rows of 950 bytes: 10,240 MiB hold 55,678 courses; at 17,000 rows a second 900 s go through 75,369.
  assert.deepEqual(
    [55_000, 56_000].map((n) => breaks('memory of the function that organizes', n)),
    [false, true],
  );
  assert.deepEqual(
    [75_000, 76_000].map((n) => breaks('duration of the function that organizes', n)),
    [false, true],
  );
  // 100 an hour for 8,760 hours.
  assert.deepEqual(
    [876_000, 876_001].map((n) => breaks('duration of an execution', n)),
    [false, true],
  );
  assert.ok(whole.longestHistory < LIMITS.historyEvents / 100);
});
