import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine, taskProgress } from '#lib/pool/progress.ts';

const LINES: [number, number, number, string][] = [
  [0, 12, 0, 'dvh: 0/12 (0%) 0s'],
  [3, 12, 65_000, 'dvh: 3/12 (25%) 1m 05s, 3m 15s left'],
  [1, 3, 3_600_000, 'dvh: 1/3 (33%) 1h 00m, 2h 00m left'],
  [12, 12, 90_000, 'dvh: 12/12 (100%) 1m 30s'],
  [0, 0, 0, 'dvh: 0/0 (100%) 0s'],
];

for (const [done, total, elapsedMs, line] of LINES) {
  test(`progress line "${line}"`, () => {
    assert.equal(progressLine('dvh', done, total, elapsedMs), line);
  });
}

test('progress prints a line every 60 s and names a slow task once after 300 s', (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const lines: string[] = [];
  const slow: [string, number][] = [];
  const progress = taskProgress({
    label: 'qc',
    total: 2,
    nowMs: Date.now,
    onLine: (line) => lines.push(line),
    onSlow: (label, seconds) => slow.push([label, seconds]),
  });
  progress.started('roi 1');
  progress.started('roi 2');
  progress.ended('roi 2');
  for (let quarter = 0; quarter < 32; quarter++) context.mock.timers.tick(15_000);
  progress.close();
  context.mock.timers.tick(600_000);
  assert.deepEqual(lines, [
    'qc: 1/2 (50%) 0s, 0s left',
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((m) => `qc: 1/2 (50%) ${m}m 00s, ${m}m 00s left`),
  ]);
  assert.deepEqual(slow, [['roi 1', 300]]);
});
