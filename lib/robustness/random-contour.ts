import type { Volume } from '../image/grid.ts';
import { gaussian, seededRandom } from '../random.ts';
import { enclosedVoxels } from './enclosed-voxels.ts';
import { sumOfWaves } from './sum-of-waves.ts';

/** A surface moved in and out along its normals. */
export interface RandomContour {
  /** Negative inside the moved surface; a rank of the voxels around it. */
  field: Volume<Float32Array>;
  /** Voxels that it encloses, in parts of those that the surface enclosed before. */
  growth: number;
  /** Over the surface, outward positive, mm. */
  meanMm: number;
  rmsMm: number;
}

const WAVES = 24;

/**
 * The surface of a signed distance moved by a smooth random field: a Gaussian field of correlation length `lengthMm`, as a
 * sum of random waves (Rahimi & Recht 2007, Random features for large-scale kernel machines), scaled so that the surface
 * moves nowhere by more than half to all of `reachMm`, and there by just that. It follows from the seed alone.
 */
export function randomContour(
  field: Volume<Float32Array>,
  reachMm: number,
  lengthMm: number,
  seed: number,
): RandomContour {
  const random = seededRandom(seed);
  const mostMm = reachMm * (0.5 + random() / 2);
  const waves = Array.from({ length: WAVES }, () => ({
    perMm: [gaussian(random) / lengthMm, gaussian(random) / lengthMm, gaussian(random) / lengthMm],
    phase: 2 * Math.PI * random(),
  }));
  const shifts = sumOfWaves(field.grid, waves);
  const { surface, enclosed } = surfaceOf(field);
  const most = surface.reduce((max, v) => Math.max(max, Math.abs(shifts[v])), 0);
  const moved = new Float32Array(shifts.length);
  for (let v = 0; v < moved.length; v++) {
    shifts[v] *= mostMm / most;
    moved[v] = field.data[v] - Math.min(mostMm, Math.max(-mostMm, shifts[v]));
  }
  const mean = surface.reduce((sum, v) => sum + shifts[v], 0) / surface.length;
  const square = surface.reduce((sum, v) => sum + shifts[v] ** 2, 0) / surface.length;
  const contour = { grid: field.grid, data: moved };
  const growth = enclosedVoxels(contour, 0) / enclosed;
  return { field: contour, growth, meanMm: mean, rmsMm: Math.sqrt(square) };
}

/** It depends on the field alone, which serves many contours. */
const knownSurfaces = new WeakMap<Volume<Float32Array>, { surface: number[]; enclosed: number }>();

/** The voxels that the surface passes, and how many it encloses. */
function surfaceOf(field: Volume<Float32Array>): { surface: number[]; enclosed: number } {
  const known = knownSurfaces.get(field);
  if (known) return known;
  const { grid, data } = field;
  const halfMm = Math.max(...grid.spacingMm) / 2;
  const surface: number[] = [];
  for (let v = 0; v < data.length; v++) if (Math.abs(data[v]) <= halfMm) surface.push(v);
  const found = { surface, enclosed: enclosedVoxels(field, 0) };
  knownSurfaces.set(field, found);
  return found;
}
