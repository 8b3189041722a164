import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTimeline } from '#lib/report/cohort/run-timeline.ts';

const row = (stage: string, started_at: string, seconds: number) => ({ stage, started_at, seconds });

test('overlapping jobs of a stage count together', () => {
  const timeline = runTimeline([
    row('dvh', '2024-05-06T07:00:00', 480),
    row('dvh', '2024-05-06T07:02:00', 120),
    row('qc', '2024-05-06T07:07:00', 60),
  ])!;
  const { start, binSeconds, stages } = timeline;
  assert.deepEqual([start, binSeconds], ['2024-05-06T07:00:00', 2]);
  const at = (stage: string, seconds: number) => stages.find((one) => one.stage === stage)!.jobs[seconds / binSeconds];
  assert.deepEqual(
    [0, 118, 120, 238, 240, 478].map((seconds) => at('dvh', seconds)),
    [1, 1, 2, 2, 1, 1],
  );
  assert.deepEqual(
    [0, 418, 420, 478].map((seconds) => at('qc', seconds)),
    [0, 0, 1, 1],
  );
});

test('the area of a stage in the timeline is the work of its jobs', () => {
  const { binSeconds, stages } = runTimeline([
    row('dvh', '2024-05-06T07:00:00', 1000.7),
    row('dvh', '2024-05-06T07:10:03', 33.3),
  ])!;
  const work = stages[0].jobs.reduce((sum, jobs) => sum + jobs * binSeconds, 0);
  // The mean number of jobs is rounded to a thousandth.
  assert.ok(Math.abs(work - 1034) < 0.0005 * binSeconds * stages[0].jobs.length, `${work} s`);
});

test('tables without start times give no timeline', () => {
  assert.equal(runTimeline([{ stage: 'dvh', seconds: 4 }]), undefined);
});
