import type { Grid, Volume } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';

const N = 64;
const INSIDE = 255;
/** Squared radii in voxels, exclusive below and inclusive above, of the shells of the sphere phantom. */
const SHELLS = [
  [-1, 4],
  [36, 100],
  [225, 361],
  [576, 784],
];

/**
 * Digital phantoms of IBSI chapter 2 (theibsi/data_sets, design by Alex Zwanenburg, CC BY 4.0), 64 voxels of 2 mm per axis,
 * made by rule and compared voxel by voxel with the published files.
 */
export const PHANTOMS = {
  /** Cubes of 8 voxels. */
  checkerboard: phantom((i, j, k) => ((i >> 3) + (j >> 3) + (k >> 3)) % 2 === 1),
  impulse: phantom((i, j, k) => i === 31 && j === 31 && k === 31),
  /** Concentric shells. */
  sphere: phantom((i, j, k) => {
    const r2 = (i - 31) ** 2 + (j - 31) ** 2 + (k - 31) ** 2;
    return SHELLS.some(([inner, outer]) => r2 > inner && r2 <= outer);
  }),
  /** Three crossing bars of 2 x 2 voxels. */
  pattern1: phantom((i, j, k) => [i, j, k].filter((index) => index === 31 || index === 32).length >= 2),
};

function phantom(isInside: (i: number, j: number, k: number) => boolean): Volume {
  const grid: Grid = { size: [N, N, N], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY };
  const data = new Float32Array(N ** 3);
  for (let n = 0; n < data.length; n++) if (isInside(n % N, (n >> 6) % N, n >> 12)) data[n] = INSIDE;
  return { grid, data };
}
