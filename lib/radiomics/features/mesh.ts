import type { Vec3 } from '../../math/vec3.ts';
import { cross, dot, norm, subtract } from '../../math/vec3.ts';
import type { VoxelRoi } from '../region/roi.ts';
import { CORNERS, EDGE_MIDPOINTS, TRIANGLES } from './marching-cubes-table.ts';

/**
 * Area and enclosed volume of the surface through the midpoints between voxels of the region and their neighbours. The
 * volume of voxels that touch at edges and corners alone may be negative, as in PyRadiomics: their surface has no inside.
 */
export interface MeshSize {
  areaMm2: number;
  volumeMm3: number;
}

/**
 * Marching cubes at isovalue 0.5 on the region (IBSI C0JK, RNU0). The triangles of a cell depend on its pattern alone, so
 * patterns are looked up and only the sum of (cell corner) · (sum of normals) is formed per cell. `inside` is 1 at the
 * region's voxels in its box, whose margin must be at least 1.
 */
export function meshSize(roi: VoxelRoi, inside: Uint8Array): MeshSize {
  const { area, normal, offset } = patternTable(roi.spacingMm);
  const [nx, ny, nz] = roi.size;
  const [sx, sy, sz] = roi.spacingMm;
  const corners = CORNERS.map(([i, j, k]) => i + nx * (j + ny * k));
  let areaMm2 = 0;
  let sixVolumes = 0;
  for (let k = 0; k < nz - 1; k++) {
    for (let j = 0; j < ny - 1; j++) {
      let p = nx * (j + ny * k);
      let pattern = columnPattern(inside, corners, p, 1);
      for (let i = 0; i < nx - 1; i++, p++) {
        pattern = shifted(pattern) | columnPattern(inside, corners, p, 0);
        if (pattern === 0 || pattern === 255) continue;
        areaMm2 += area[pattern];
        sixVolumes += offset[pattern];
        sixVolumes +=
          i * sx * normal[3 * pattern] + j * sy * normal[3 * pattern + 1] + k * sz * normal[3 * pattern + 2];
      }
    }
  }
  return { areaMm2, volumeMm3: sixVolumes / 6 };
}

const NEAR_CORNERS = [0, 3, 4, 7];
const FAR_CORNERS = [1, 2, 5, 6];

/** Bits of the four corners at the far side of cell p; `near` 1 gives those at the near side, as the far ones of p - 1. */
function columnPattern(inside: Uint8Array, corners: number[], p: number, near: 0 | 1): number {
  const at = near === 1 ? NEAR_CORNERS : FAR_CORNERS;
  return (
    (inside[p + corners[at[0]]] << 1) |
    (inside[p + corners[at[1]]] << 2) |
    (inside[p + corners[at[2]]] << 5) |
    (inside[p + corners[at[3]]] << 6)
  );
}

/** The far corners 1, 2, 5, 6 of a cell are the near corners 0, 3, 4, 7 of the next. */
function shifted(pattern: number): number {
  return ((pattern & 2) >> 1) | ((pattern & 4) << 1) | ((pattern & 32) >> 1) | ((pattern & 64) << 1);
}

/** Per pattern: area, sum of the normals b × c of triangles (a, a + b, a + c), and sum of a · (b × c). */
function patternTable(spacingMm: Vec3) {
  const area = new Float64Array(256);
  const normal = new Float64Array(3 * 256);
  const offset = new Float64Array(256);
  for (let pattern = 0; pattern < 128; pattern++) {
    const mirrored = 255 - pattern;
    for (const [a, b, c] of trianglesOf(TRIANGLES[pattern], spacingMm)) {
      const n = cross(subtract(b, a), subtract(c, a));
      area[mirrored] += norm(n) / 2;
      offset[mirrored] += dot(a, n);
      for (let axis = 0; axis < 3; axis++) normal[3 * mirrored + axis] += n[axis];
    }
    // The table orients its triangles for the axes (k, j, i), which (i, j, k) mirrors.
    area[pattern] = area[mirrored];
    offset[pattern] = -offset[mirrored];
    for (let axis = 0; axis < 3; axis++) normal[3 * pattern + axis] = -normal[3 * mirrored + axis];
  }
  return { area, normal, offset };
}

function trianglesOf(edges: string, spacingMm: Vec3): Vec3[][] {
  const points = Array.from(edges, (edge) => {
    const [i, j, k] = EDGE_MIDPOINTS[Number.parseInt(edge, 12)];
    return [i * spacingMm[0], j * spacingMm[1], k * spacingMm[2]] as Vec3;
  });
  return Array.from({ length: points.length / 3 }, (_, n) => points.slice(3 * n, 3 * n + 3));
}
