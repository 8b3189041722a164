import type { SlicePlanes } from '../../image/slice-planes.ts';
import { dot, type Vec3 } from '../../math/vec3.ts';
import { type ContourPlane, PARALLEL } from './contour-planes.ts';

/** Distances of neighbouring contour planes in slices of the image; undefined when they are not parallel to them. */
export function sliceStepsBetween(planes: ContourPlane[], normal: Vec3, slices?: SlicePlanes): number[] | undefined {
  const cosine = slices && dot(normal, slices.normal);
  if (!slices || cosine === undefined || Math.abs(cosine) <= PARALLEL) return undefined;
  const indices = planes.map(({ offsetMm }) => indexOf(offsetMm * Math.sign(cosine), slices));
  return indices.slice(1).map((index, n) => Math.abs(index - indices[n]));
}

/** A plane this far from the nearest slice, in slices, was not drawn on it: rounding of positions stays far below. */
const OFF_SLICE = 0.25;

/**
 * Planes that are parallel to the slices of the image and lie between two of them. Missing slices count as slices,
 * because another finding reports them.
 */
export function offSlices(planes: ContourPlane[], normal: Vec3, slices: SlicePlanes): ContourPlane[] {
  const cosine = dot(normal, slices.normal);
  if (Math.abs(cosine) <= PARALLEL) return [];
  const last = slices.offsetsMm.length - 1;
  return planes.filter((plane) => {
    const offsetMm = plane.offsetMm * Math.sign(cosine);
    const index = indexOf(offsetMm, slices);
    if (index <= 0 || index >= last) return false;
    const inSteps = (offsetMm - slices.offsetsMm[Math.floor(index)]) / slices.stepMm;
    return fromWhole(index) > OFF_SLICE && fromWhole(inSteps) > OFF_SLICE;
  });
}

function fromWhole(value: number): number {
  return Math.abs(value - Math.round(value));
}

/** Number of the slice at an offset, with a fraction between slices and beyond the ends. */
function indexOf(offsetMm: number, { offsetsMm, stepMm }: SlicePlanes): number {
  const last = offsetsMm.length - 1;
  if (offsetMm <= offsetsMm[0]) return (offsetMm - offsetsMm[0]) / stepMm;
  if (offsetMm >= offsetsMm[last]) return last + (offsetMm - offsetsMm[last]) / stepMm;
  let low = 0;
  while (offsetsMm[low + 1] <= offsetMm) low++;
  return low + (offsetMm - offsetsMm[low]) / (offsetsMm[low + 1] - offsetsMm[low]);
}
