import { BadInput } from '../errors.ts';
import type { Grid, Volume, VoxelArray } from '../image/grid.ts';
import { addScaled, column } from '../math/vec3.ts';

/** A gantry tilted by 30 degrees shifts the slices of a long scan by twice their height. */
const MOST_GROWTH = 16;

/**
 * Puts slices that are shifted within their planes (gantry tilt) on one upright grid that holds them all, by linear
 * interpolation in plane. Outside of a slice stands the least value of the volume.
 * @param shearMm shift of each slice along columns and rows against slice 0
 * @throws BadInput when the shifts are not those of a tilted gantry
 */
export function deskew(volume: Volume, shearMm: readonly [number, number][]): Volume<Float32Array> {
  const { grid, data } = volume;
  const [nx, ny, nz] = grid.size;
  const [firstX, sizeX] = extent(shearMm, 0, grid);
  const [firstY, sizeY] = extent(shearMm, 1, grid);
  if (sizeX * sizeY > MOST_GROWTH * nx * ny)
    throw new BadInput(
      `the slices are shifted against each other over ${sizeX} x ${sizeY} voxels: they do not form a volume`,
    );
  const upright = new Float32Array(sizeX * sizeY * nz).fill(least(data));
  for (let k = 0; k < nz; k++) {
    const shiftX = (firstX - shearMm[k][0]) / grid.spacingMm[0];
    const shiftY = (firstY - shearMm[k][1]) / grid.spacingMm[1];
    const slice = data.subarray(k * nx * ny, (k + 1) * nx * ny);
    shiftSlice(slice, nx, ny, upright.subarray(k * sizeX * sizeY, (k + 1) * sizeX * sizeY), sizeX, shiftX, shiftY);
  }
  let originMm = addScaled(grid.originMm, firstX, column(grid.direction, 0));
  originMm = addScaled(originMm, firstY, column(grid.direction, 1));
  return { grid: { ...grid, originMm, size: [sizeX, sizeY, nz] }, data: upright };
}

/** Where the upright grid starts along an axis, mm from the corner of slice 0, and how many voxels it needs. */
function extent(shearMm: readonly [number, number][], axis: 0 | 1, grid: Grid): [number, number] {
  const shifts = shearMm.map((mm) => mm[axis]);
  const first = Math.min(...shifts);
  const more = Math.ceil((Math.max(...shifts) - first) / grid.spacingMm[axis] - 1e-6);
  return [first, grid.size[axis] + more];
}

function least(data: VoxelArray): number {
  let value = data[0];
  for (let i = 1; i < data.length; i++) if (data[i] < value) value = data[i];
  return value;
}

/** to(i, j) = from(i + shiftX, j + shiftY) where all of the four neighbours that weigh in exist. */
function shiftSlice(
  from: VoxelArray,
  nx: number,
  ny: number,
  to: Float32Array,
  sizeX: number,
  shiftX: number,
  shiftY: number,
): void {
  const wholeX = Math.floor(shiftX + 1e-6);
  const wholeY = Math.floor(shiftY + 1e-6);
  const fx = Math.max(0, shiftX - wholeX);
  const fy = Math.max(0, shiftY - wholeY);
  const stepX = fx > 1e-6 ? 1 : 0;
  const stepY = fy > 1e-6 ? nx : 0;
  const endX = nx - stepX;
  const endY = ny - (stepY > 0 ? 1 : 0);
  for (let y = Math.max(0, wholeY); y < endY; y++) {
    for (let x = Math.max(0, wholeX); x < endX; x++) {
      const at = x + nx * y;
      const upper = from[at] * (1 - fx) + from[at + stepX] * fx;
      const lower = from[at + stepY] * (1 - fx) + from[at + stepY + stepX] * fx;
      to[x - wholeX + sizeX * (y - wholeY)] = upper * (1 - fy) + lower * fy;
    }
  }
}
