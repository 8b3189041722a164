import { cross, dot, normalize, subtract, type Vec3 } from '../math/vec3.ts';
import { type PlaneRaster, pixelOf } from './plane-raster.ts';

/** A contour this near to a plane beyond half the distance of slices lies between two: both show it, mm. */
const ROUNDING_MM = 0.01;

/**
 * The contours that were drawn on a plane, as loops of [x0, y0, x1, y1, ...] in pixels of the raster; [] where none was.
 * @param loops closed contours, x0, y0, z0, ... in mm of the patient (LPS)
 * @param stepMm distance of neighbouring planes: a contour belongs to the nearest
 */
export function contoursOn(loops: readonly (readonly number[])[], raster: PlaneRaster, stepMm: number): number[][] {
  const normal = normalize(cross(raster.stepX, raster.stepY));
  const reachMm = stepMm / 2 + ROUNDING_MM;
  const isNear = (loop: readonly number[], p: number) =>
    Math.abs(dot(subtract(pointAt(loop, p), raster.originMm), normal)) <= reachMm;
  return loops.filter((loop) => liesOn(loop, isNear)).map((loop) => projected(loop, raster));
}

function liesOn(loop: readonly number[], isNear: (loop: readonly number[], p: number) => boolean): boolean {
  for (let p = 0; p < loop.length; p += 3) if (!isNear(loop, p)) return false;
  return loop.length > 0;
}

function projected(loop: readonly number[], raster: PlaneRaster): number[] {
  const pixels: number[] = [];
  for (let p = 0; p < loop.length; p += 3) pixels.push(...pixelOf(raster, pointAt(loop, p)));
  return pixels;
}

function pointAt(loop: readonly number[], p: number): Vec3 {
  return [loop[p], loop[p + 1], loop[p + 2]];
}
