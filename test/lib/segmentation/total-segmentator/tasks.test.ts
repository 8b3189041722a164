import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import type { Grid } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { attemptsFor, tasksFor } from '#lib/segmentation/total-segmentator/tasks.ts';

const settingsOf = (segmentation: object) => parseConfig({ segmentation }).segmentation;

function gridOf(slices: number, gapMm: number): Grid {
  return { size: [64, 64, slices], spacingMm: [1, 1, gapMm], originMm: [0, 0, 0], direction: IDENTITY };
}

test('CT and MR have their own tasks, and other modalities have none', () => {
  const settings = settingsOf({ extra_models: ['lung_vessels', 'total', 'body_mr', 'brain_aneurysm'] });
  assert.deepEqual(tasksFor('CT', settings), ['total', 'lung_vessels']);
  assert.deepEqual(tasksFor('MR', settings), ['total_mr', 'body_mr', 'brain_aneurysm']);
  assert.deepEqual(tasksFor('PT', settings), []);
});

test('for lack of GPU memory a task runs as configured, then split, then with the 3 mm model', () => {
  const long = gridOf(300, 3);
  const cases: [string, Grid, object, string[]][] = [
    ['total', long, { force_split: false }, ['whole', 'split', 'split fast']],
    ['total', long, { force_split: true }, ['split', 'split fast']],
    ['total', long, { fast: true }, ['split fast']],
    ['lung_vessels', long, { force_split: false, fast: true }, ['whole', 'split']],
  ];
  for (const [task, grid, settings, expected] of cases) {
    const attempts = attemptsFor(task, grid, settingsOf(settings));
    assert.deepEqual(
      attempts.map(({ fast, forceSplit }) => `${forceSplit ? 'split' : 'whole'}${fast ? ' fast' : ''}`),
      expected,
      task,
    );
  }
});

test('an image too short to split into thirds with margins is never split', () => {
  const splits = (task: string, grid: Grid, fast: boolean) =>
    attemptsFor(task, grid, settingsOf({ fast }))[0].forceSplit;
  const cases: [task: string, slices: number, gapMm: number, fast: boolean, split: boolean][] = [
    ['total', 60, 3, false, true],
    ['total', 59, 3, false, false],
    ['total', 60, 3, true, false],
    ['total', 120, 3, true, true],
    ['total', 35, 5, false, false],
    ['lung_vessels', 119, 5, false, false],
    ['lung_vessels', 120, 1, false, true],
  ];
  for (const [task, slices, gapMm, fast, split] of cases) {
    assert.equal(splits(task, gridOf(slices, gapMm), fast), split, `${task} ${slices} x ${gapMm} mm`);
  }
});
