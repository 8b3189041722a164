import { contours } from 'd3-contour';
import { type DoseSampler, doseAt, doseSampler } from '../dvh/dose-sampler.ts';
import { boxOf } from '../image/box.ts';
import type { Volume } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { type PlaneRaster, partOf, pointOf, type RasterPart } from './plane-raster.ts';

/** A dose that is looked up by points of the patient (LPS, mm), as the DVH engine looks it up: trilinear. */
export interface ViewedDose {
  volume: Volume<Float64Array>;
  sampler: DoseSampler;
}

/** The coordinates of the contour planes that the sampler wants are those of the patient here. */
const PATIENT_AXES: { u: Vec3; v: Vec3; normal: Vec3 } = { u: [1, 0, 0], v: [0, 1, 0], normal: [0, 0, 1] };

export function viewedDose(volume: Volume<Float64Array>): ViewedDose {
  return { volume, sampler: doseSampler(volume, PATIENT_AXES) };
}

/** Dose at a point, Gy; NaN outside the grid. */
export function doseAtPoint({ sampler }: ViewedDose, [x, y, z]: Vec3): number {
  return doseAt(sampler, x, y, z);
}

/** Dose at the pixels of a part of a plane; NaN outside the grid. */
export interface DosePlane extends RasterPart {
  doseGy: Float64Array;
}

/** Undefined where the plane misses the dose. */
export function dosePlane(dose: ViewedDose, raster: PlaneRaster): DosePlane | undefined {
  const { grid } = dose.volume;
  const part = partOf(raster, grid, boxOf(grid));
  if (!part) return undefined;
  const doseGy = new Float64Array(part.width * part.height);
  for (let y = 0, at = 0; y < part.height; y++)
    for (let x = 0; x < part.width; x++, at++)
      doseGy[at] = doseAtPoint(dose, pointOf(raster, part.left + x, part.top + y));
  return { ...part, doseGy };
}

/** The first dose less the second where both are known; NaN elsewhere. Of the same plane. */
export function doseDifference(first: DosePlane, second: DosePlane): DosePlane {
  const doseGy = first.doseGy.map((value, at) => {
    const x = first.left + (at % first.width) - second.left;
    const y = first.top + Math.floor(at / first.width) - second.top;
    const isBoth = x >= 0 && y >= 0 && x < second.width && y < second.height;
    return isBoth ? value - second.doseGy[x + second.width * y] : Number.NaN;
  });
  return { ...first, doseGy };
}

/**
 * Lines of equal dose, linear between pixels (marching squares), as loops of [x0, y0, ...] in pixels of the raster. Where
 * the dose grid ends, the line runs along its border.
 */
export function isodoseLines({ doseGy, left, top, width, height }: DosePlane, levelGy: number): number[][] {
  const { coordinates } = contours()
    .size([width, height])
    .contour(doseGy as unknown as number[], levelGy);
  return coordinates.flatMap((rings) => rings.map((ring) => ring.flatMap(([x, y]) => [x + left - 0.5, y + top - 0.5])));
}
