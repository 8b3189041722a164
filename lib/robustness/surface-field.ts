import { type Box, type Grid, type Mask, type Volume, voxelCount } from '../image/grid.ts';
import { countVoxels, reframeMask } from '../image/mask.ts';
import { enclosedVoxels } from './enclosed-voxels.ts';
import { interpolateSlices } from './interpolate-slices.ts';
import { nearestPoints } from './nearest-points.ts';
import { latticeOf, surfacePoints } from './surface-points.ts';
import { boxGrid, stepsPerGap, workingGrid } from './working-grid.ts';

/** A voxel centre stays at least this far from the surface, on its own side. */
const NEAREST_MM = 1e-3;
/** Of a voxel: how far the nearest known point may lie beside the true foot of the distance. Set by balls of 5 to 40 mm. */
const POINT_APART = 0.65;
/** Nearer to the centre of a bend than this part of its radius, the bend tells no distance. */
const LEAST_TURNED = 0.25;

/**
 * Signed distance to the surface of a mask in mm, negative inside, on a working grid that holds every voxel centre of `box`
 * and has slices about as close as its pixels. The surface runs between voxel centres, smooth, round at the end slices, and
 * around the volume of the mask; no voxel centre of the image changes sides.
 * @param box voxels of the mask's grid, may go beyond it; `mask` lies at least two voxels inside
 */
export function surfaceField(mask: Mask, box: Box): Volume<Float32Array> {
  const coarse = boxGrid(mask.grid, box);
  const perGap = stepsPerGap(mask.grid);
  const grid = workingGrid(coarse, perGap);
  const inside = interpolateSlices({ grid: coarse, data: reframeMask(mask, box).data }, grid, perGap);
  const field = { grid, data: distances(inside, grid) };
  holdVolume(field, inside, countVoxels({ grid, box, data: inside }));
  return field;
}

/**
 * From each voxel centre to the surface at the nearest known point of it, along the normal there. Points lie about a voxel
 * apart: way across the normal counts only beyond `POINT_APART`.
 */
function distances(inside: Uint8Array, grid: Grid): Float32Array {
  const points = surfacePoints(inside, grid);
  const nearest = nearestPoints(points, grid);
  const { positions, normals, curvatures } = points;
  const [xs, ys, zs] = latticeOf(grid).places;
  const [nx, ny, nz] = grid.size;
  const slackMm2 = (POINT_APART * Math.min(...grid.spacingMm)) ** 2;
  const data = new Float32Array(voxelCount(grid));
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const p = 3 * nearest[v];
        const x = xs[i] - positions[p];
        const y = ys[j] - positions[p + 1];
        const z = zs[k] - positions[p + 2];
        const along = x * normals[p] + y * normals[p + 1] + z * normals[p + 2];
        const aside = x * x + y * y + z * z - along * along;
        const near = bent(along, Math.max(0, Math.min(aside, slackMm2)), curvatures[nearest[v]]);
        data[v] = sided(Math.sqrt(near * near + Math.max(0, aside - slackMm2)), inside[v]);
      }
  return data;
}

/** The distance along the normal of a point from a surface that bends away from it: of a ball, to the second order. */
function bent(along: number, asideMm2: number, curvature: number): number {
  const turned = 1 + curvature * along;
  return turned > LEAST_TURNED ? along + (curvature * asideMm2) / (2 * turned) : along;
}

/** Moves the surface evenly, so that it holds `count` voxels: a blur alone draws round surfaces inward. */
function holdVolume(field: Volume<Float32Array>, inside: Uint8Array, count: number): void {
  const { data } = field;
  const halfMm = Math.min(...field.grid.spacingMm) / 2;
  const perMm = (enclosedVoxels(field, halfMm) - enclosedVoxels(field, -halfMm)) / (2 * halfMm);
  const offMm = (count - enclosedVoxels(field, 0)) / perMm;
  for (let v = 0; v < data.length; v++) data[v] = sided(inside[v] === 1 ? offMm - data[v] : data[v] - offMm, inside[v]);
}

function sided(mm: number, side: number): number {
  return side === 1 ? -Math.max(mm, NEAREST_MM) : Math.max(mm, NEAREST_MM);
}
