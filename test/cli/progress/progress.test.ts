import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineDisplay } from '../../../cli/progress/displays.ts';
import { describeTally, runProgress } from '../../../cli/progress/progress.ts';

test('progress is counted, timed and extrapolated', () => {
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

test('silence is broken every 60 s, and a stage is called slow once after 300 s', (context) => {
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
  const beats = lines.filter((line) => line.startsWith('still at work: radiomics c1  stages: 0/11 (0 %)'));
  assert.equal(beats.length, 7);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('slow')),
    ['slow: radiomics c1 has been at work for 300 s'],
  );
  assert.match(lines.at(-1)!, /^radiomics +c1 +done +stages: 1\/11 \(9 %\) 7:00 elapsed, ETA 1:10:00$/);
});
