import type { FlatAxis } from '../matrices/directions.ts';
import type { VoxelRoi } from '../region/roi.ts';
import { principalVariances } from './principal-axes.ts';

/** Lengths mm, areas mm². Field names are PyRadiomics'; the last is computed there only by name. */
export interface Shape2DFeatures {
  Elongation: number;
  MajorAxisLength: number;
  MaximumDiameter: number;
  MeshSurface: number;
  MinorAxisLength: number;
  Perimeter: number;
  PerimeterSurfaceRatio: number;
  PixelSurface: number;
  Sphericity: number;
  SphericalDisproportion: number;
}

/**
 * Segments of a marching square as pairs of edges (0 top, 1 right, 2 bottom, 3 left) by corner pattern; corners are, from
 * bit 0, (0, 0), (1, 0), (1, 1), (0, 1) as (column, row).
 */
const SEGMENTS = ['', '30', '01', '31', '12', '1230', '02', '32', '23', '20', '0123', '21', '13', '10', '03', ''];
const EDGE_MIDPOINTS = [
  [0.5, 0],
  [1, 0.5],
  [0.5, 1],
  [0, 0.5],
];

/** Shape of a region that is one voxel thick along `flat`, by marching squares through the midpoints between pixels. */
export function shape2DFeatures(roi: VoxelRoi, flat: Exclude<FlatAxis, undefined>): Shape2DFeatures {
  const [column, row] = [0, 1, 2].filter((axis) => axis !== flat);
  const plane = planeOf(roi, column, row);
  const [sx, sy] = [roi.spacingMm[column], roi.spacingMm[row]];
  let perimeter = 0;
  let twiceSurface = 0;
  const vertices: number[] = [];
  for (let j = 0; j < plane.rows - 1; j++) {
    for (let i = 0; i < plane.columns - 1; i++) {
      const p = i + plane.columns * j;
      const { inside } = plane;
      const pattern =
        inside[p] | (inside[p + 1] << 1) | (inside[p + 1 + plane.columns] << 2) | (inside[p + plane.columns] << 3);
      const points = Array.from(SEGMENTS[pattern], (edge) => {
        const [di, dj] = EDGE_MIDPOINTS[Number(edge)];
        return [(i + di) * sx, (j + dj) * sy];
      });
      for (let s = 0; s < points.length; s += 2) {
        const [[ax, ay], [bx, by]] = [points[s], points[s + 1]];
        twiceSurface += ay * bx - by * ax;
        perimeter += Math.hypot(ax - bx, ay - by);
        vertices.push(ax, ay, bx, by);
      }
    }
  }
  const surface = twiceSurface / 2;
  const variances = principalVariances(roi).sort((a, b) => b - a);
  const [major, minor] = [variances[0], Math.max(variances[1], 0)];
  const sphericity = (2 * Math.sqrt(Math.PI * surface)) / perimeter;
  return {
    Elongation: Math.sqrt(minor / major),
    MajorAxisLength: 4 * Math.sqrt(major),
    MaximumDiameter: largestDistance(vertices),
    MeshSurface: surface,
    MinorAxisLength: 4 * Math.sqrt(minor),
    Perimeter: perimeter,
    PerimeterSurfaceRatio: perimeter / surface,
    PixelSurface: roi.voxels.length * sx * sy,
    Sphericity: sphericity,
    SphericalDisproportion: 1 / sphericity,
  };
}

function planeOf(roi: VoxelRoi, column: number, row: number) {
  const strides = [1, roi.size[0], roi.size[0] * roi.size[1]];
  const [columns, rows] = [roi.size[column], roi.size[row]];
  const inside = new Uint8Array(columns * rows);
  for (const p of roi.voxels) {
    const i = Math.floor(p / strides[column]) % columns;
    const j = Math.floor(p / strides[row]) % rows;
    inside[i + columns * j] = 1;
  }
  return { columns, rows, inside };
}

function largestDistance(points: readonly number[]): number {
  let best = 0;
  for (let a = 0; a < points.length; a += 2) {
    for (let b = 0; b < a; b += 2) {
      best = Math.max(best, (points[a] - points[b]) ** 2 + (points[a + 1] - points[b + 1]) ** 2);
    }
  }
  return Math.sqrt(best);
}
