import type { Grid } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import type { Case } from '../reference-images.ts';

/**
 * The digital phantom of IBSI chapter 1, 5 x 4 x 4 voxels of 2 mm: design by Alex Zwanenburg, theibsi/data_sets, CC BY 4.0.
 * A word is a row of voxels along x, a line a slice. Intensities are grey levels already.
 */
const INTENSITIES = `
  14411 14611 41641 44641
  14411 11611 11311 44611
  14411 11111 11911 11611
  14411 11111 11111 11611`;

/** 1 inside the region of interest: 74 voxels. */
const REGION = `
  11111 11111 11111 11111
  11111 11111 01111 11111
  11100 11111 11011 11111
  11100 11111 11111 11111`;

const GRID: Grid = { size: [5, 4, 4], spacingMm: [2, 2, 2], originMm: [0, 0, 0], direction: IDENTITY };

export const DIGITAL_PHANTOM: Case = {
  image: { grid: GRID, data: Float32Array.from(digits(INTENSITIES)) },
  mask: maskOfVolume(GRID, Uint8Array.from(digits(REGION))),
};

function digits(text: string): number[] {
  return Array.from(text.replace(/\s/g, ''), Number);
}
