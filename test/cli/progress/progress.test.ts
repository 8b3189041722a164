import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import type { HistoryEvent } from '#statemachine/engine/history.ts';
import type { JobUpdate } from '#statemachine/local/submit-job.ts';
import { jsonDisplay, lineDisplay } from '../../../cli/progress/displays.ts';
import { describeTally, runProgress } from '../../../cli/progress/progress.ts';
import { watchRun } from '../../../cli/progress/watch-run.ts';

test('progress shows count, elapsed time and time left', () => {
  const running: never[] = [];
  const lines = [
    describeTally({ done: 0, total: 0, elapsedMs: 5000, running }),
    describeTally({ done: 12, total: 63, elapsedMs: 42_000, running }),
    describeTally({ done: 63, total: 63, elapsedMs: 3_723_000, running }),
  ];
  assert.deepEqual(lines, [
    '0:05 elapsed',
    'stages: 12/63 (19 %) 0:42 elapsed, ETA 2:59',
    'stages: 63/63 (100 %) 1:02:03 elapsed, ETA 0:00',
  ]);
});

test('progress prints a line every 60 s, and calls a stage slow once after 300 s', (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const lines: string[] = [];
  const display = lineDisplay(
    (line) => lines.push(line),
    (id) => id,
  );
  const progress = runProgress(display, { course: 7, run: 4 }, Date.now);
  progress.courses(1);
  progress.update({ stage: 'radiomics', courseId: 'c1', phase: 'started' });
  for (let quarter = 0; quarter < 28; quarter++) context.mock.timers.tick(15_000);
  progress.update({ stage: 'radiomics', courseId: 'c1', phase: 'done' });
  progress.close();
  context.mock.timers.tick(600_000);
  const beats = lines.filter((line) => line.startsWith('still running: radiomics c1  stages: 0/11 (0 %)'));
  assert.equal(beats.length, 7);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('slow')),
    ['slow: radiomics c1 has been running for 300 s'],
  );
  assert.match(lines.at(-1)!, /^radiomics +c1 +done +stages: 1\/11 \(9 %\) 7:00 elapsed, ETA 1:10:00$/);
});

test('retried stages count once: done never exceeds the total, the time left is never negative', (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const lines: string[] = [];
  const counts: number[] = [];
  const display = lineDisplay(
    (line) => lines.push(line),
    (id) => id,
  );
  const watched = {
    ...display,
    update: (...of: Parameters<typeof display.update>) => {
      counts.push(of[1].done);
      display.update(...of);
    },
  };
  const progress = runProgress(watched, { course: COURSE_STAGE_NAMES.length, run: 4 }, Date.now);
  const watch = watchRun(progress);
  const state = (name: string, output?: object) => {
    const entered = output === undefined;
    const details = { name, output: JSON.stringify(output) };
    const event = entered ? { stateEnteredEventDetails: details } : { stateExitedEventDetails: details };
    watch.onEvent('run', event as unknown as HistoryEvent);
  };
  const job = (stage: string, courseId: string, status: JobUpdate['status']) =>
    watch.onJob({ name: `${stage}-${courseId}`, stage, status } as JobUpdate);
  const tried = (stage: string, courseId: string) => {
    for (const status of ['FAILED', 'FAILED', 'FAILED', 'SUCCEEDED'] as const) {
      job(stage, courseId, 'RUNNING');
      context.mock.timers.tick(1000);
      job(stage, courseId, status);
    }
  };
  for (const name of ['Catalog', 'Organize']) {
    state(name);
    state(name, { courses: 2 });
  }
  for (const courseId of ['c1', 'c2']) for (const stage of COURSE_STAGE_NAMES) tried(stage, courseId);
  tried('aggregate', 'run-1');
  state('Report');
  state('Report', {});
  progress.close();
  const total = 2 * COURSE_STAGE_NAMES.length + 4;
  assert.equal(Math.max(...counts), total);
  assert.match(lines.at(-1)!, new RegExp(`stages: ${total}/${total} \\(100 %\\) .* ETA 0:00$`));
  assert.deepEqual(
    lines.filter((line) => /-\d|10[1-9] %|1[1-9]\d %|NaN|Infinity/.test(line)),
    [],
  );
});

test('a calling program receives the progress of reading the input', (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const said: object[] = [];
  const count = { found: 0, read: 0 };
  const display = jsonDisplay((line) => said.push(JSON.parse(line)));
  const progress = runProgress(display, { course: 7, run: 4 }, Date.now, count);
  context.mock.timers.tick(1000);
  Object.assign(count, { found: 100, read: 20 });
  context.mock.timers.tick(1000);
  Object.assign(count, { found: 100, read: 60 });
  context.mock.timers.tick(1000);
  progress.courses(1);
  Object.assign(count, { read: 100 });
  context.mock.timers.tick(1000);
  progress.close();
  assert.deepEqual(said, [
    { phase: 'reading', found: 100, read: 20, elapsedMs: 2000 },
    { phase: 'reading', found: 100, read: 60, elapsedMs: 3000 },
  ]);
});
