import { BadInput } from '../errors.ts';
import type { Grid } from '../image/grid.ts';
import { column, cross, dot, fromColumns, type Mat3, norm, normalize, subtract, type Vec3 } from '../math/vec3.ts';

/** Voxel index to patient coordinates in mm: three rows of [i, j, k, 1]. */
export type Affine = [number[], number[], number[]];

/** Largest cosine between two axes that still counts as a right angle, since files store 32-bit numbers. */
const MAX_SKEW = 1e-3;

/**
 * The grid of an affine in DICOM's LPS.
 * @throws BadInput when the axes are not perpendicular (a sheared image, as from a tilted gantry) or have no length, or a size
 * counts no voxels
 */
export function gridOfAffine(affine: Affine, size: Vec3): Grid {
  if (!size.every((count) => Number.isInteger(count) && count > 0))
    throw new BadInput(`the image has no whole number of voxels: ${size.join(' x ')}`);
  const columns = [0, 1, 2].map((axis): Vec3 => [affine[0][axis], affine[1][axis], affine[2][axis]]);
  const spacingMm = columns.map(norm) as Vec3;
  if (!spacingMm.every((spacing) => spacing > 0 && Number.isFinite(spacing)))
    throw new BadInput(`the image has no voxel size: ${spacingMm.join(' x ')} mm`);
  const [i, j, k] = columns.map(normalize);
  const skew = Math.max(Math.abs(dot(i, j)), Math.abs(dot(i, k)), Math.abs(dot(j, k)));
  if (skew > MAX_SKEW) throw new BadInput(`the axes of the image are not perpendicular: cosine ${skew.toFixed(4)}`);
  return {
    size,
    originMm: [affine[0][3], affine[1][3], affine[2][3]].map(withoutMinusZero) as Vec3,
    spacingMm,
    direction: fromColumns(...perpendicular(i, j, k)).map(withoutMinusZero) as Mat3,
  };
}

function withoutMinusZero(value: number): number {
  return value + 0;
}

/** The affine of an even grid, in LPS. */
export function affineOfGrid(grid: Grid): Affine {
  return [0, 1, 2].map((row) => [
    grid.direction[3 * row] * grid.spacingMm[0],
    grid.direction[3 * row + 1] * grid.spacingMm[1],
    grid.direction[3 * row + 2] * grid.spacingMm[2],
    grid.originMm[row],
  ]) as Affine;
}

/** LPS to RAS and back: the first two patient axes turn round. */
export function flipLpsRas(affine: Affine): Affine {
  return [affine[0].map((value) => -value), affine[1].map((value) => -value), affine[2]];
}

/** +1 when i, j, k are right-handed, -1 otherwise. */
export function handedness(grid: Grid): 1 | -1 {
  const { direction } = grid;
  return dot(cross(column(direction, 0), column(direction, 1)), column(direction, 2)) < 0 ? -1 : 1;
}

/** Takes the rounding of 32-bit numbers out of three nearly perpendicular unit vectors. */
function perpendicular(i: Vec3, j: Vec3, k: Vec3): [Vec3, Vec3, Vec3] {
  const s = dot(i, j);
  const second = normalize(subtract(j, [s * i[0], s * i[1], s * i[2]]));
  const third = cross(i, second);
  return [i, second, dot(third, k) < 0 ? [-third[0], -third[1], -third[2]] : third];
}
