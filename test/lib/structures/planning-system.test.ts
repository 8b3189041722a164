import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grid } from '#lib/image/grid.ts';
import { emptyMask } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { forPlanningSystem } from '#lib/structures/planning-system.ts';
import type { WrittenStructure } from '#lib/structures/written-structures.ts';

const grid: Grid = { size: [2, 2, 2], spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: IDENTITY };
const voxel = { grid, box: { start: [0, 0, 0], size: [1, 1, 1] }, data: Uint8Array.of(1) } as WrittenStructure['mask'];

function structure(name: string, mask = voxel): WrittenStructure {
  return {
    ...{ number: 1, name, standardName: null, sourceName: name, colorRgb: [0, 0, 0], interpretedType: '' },
    ...{ algorithm: 'AUTOMATIC', algorithmName: '', mask },
  };
}

const names = (given: string[], characters: number) =>
  forPlanningSystem(
    given.map((name) => structure(name)),
    { empty_rois: true, roi_name_characters: characters },
  ).map(({ name }) => name);

test('names are cut to the limit of planning systems, and stay distinct in any case', () => {
  const ribs = ['vertebrae_lumbar_1', 'Vertebrae_Lumbar_2', 'vertebrae_lumbar_3', 'Heart'];
  assert.deepEqual(names(ribs, 16), ['vertebrae_lumbar', 'Vertebrae_Lumb~2', 'vertebrae_lumb~3', 'Heart']);
  assert.deepEqual(names(['Lung_Left_Lower_Lobe', 'lung_left_lower_'], 16), ['Lung_Left_Lowe~2', 'lung_left_lower_']);
  assert.deepEqual(names(ribs, 64), ribs);
});

test('a setting keeps or drops structures without voxels', () => {
  const both = [structure('a'), structure('b', emptyMask(grid))];
  const kept = (empty_rois: boolean) =>
    forPlanningSystem(both, { empty_rois, roi_name_characters: 64 }).map(({ name }) => name);
  assert.deepEqual(kept(true), ['a', 'b']);
  assert.deepEqual(kept(false), ['a']);
});
