import { column, type Vec3 } from '../math/vec3.ts';
import type { Grid, Mask } from './grid.ts';

/** Patient directions of the LPS axes: negative, positive. */
const DIRECTIONS: [string, string][] = [
  ['right', 'left'],
  ['anterior', 'posterior'],
  ['inferior', 'superior'],
];

/**
 * The outer faces of the grid that the mask reaches, named by the patient direction that they face most, in the order
 * right, left, anterior, posterior, inferior, superior. The box must be tight (`cropMask`). An axis of one voxel has no
 * faces to cut at.
 */
export function touchingFaces({ grid, box, data }: Mask): string[] {
  if (data.length === 0) return [];
  const touched = new Set<string>();
  for (const axis of [0, 1, 2] as const) {
    if (grid.size[axis] === 1) continue;
    const [low, high] = faceNames(grid, axis);
    if (box.start[axis] === 0) touched.add(low);
    if (box.start[axis] + box.size[axis] === grid.size[axis]) touched.add(high);
  }
  return DIRECTIONS.flat().filter((name) => touched.has(name));
}

function faceNames(grid: Grid, axis: 0 | 1 | 2): [string, string] {
  const direction = column(grid.direction, axis);
  const main = mainAxis(direction);
  const [negative, positive] = DIRECTIONS[main];
  return direction[main] > 0 ? [negative, positive] : [positive, negative];
}

function mainAxis(direction: Vec3): number {
  const sizes = direction.map(Math.abs);
  return sizes.indexOf(Math.max(...sizes));
}
