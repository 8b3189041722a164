import type { Link } from '../../rt/contours/link-shapes.ts';
import { type Section, type Shape, shapeOf } from '../../rt/contours/shape.ts';
import { areaMoments } from './area-moments.ts';
import { ringOf } from './ring.ts';

/** A plane on which a shape of a piece ends. */
export interface PieceEnd {
  plane: number;
  /** Place of the shape among those of the plane. */
  place: number;
  /** Out of the piece: towards higher planes or lower ones. */
  outward: -1 | 1;
  /** The gap that the piece would have had to the next plane, mm. */
  gapMm: number;
}

/** How the contour of an end narrows towards its far side. */
export interface Tip {
  /** Side of the layer where the contour lies. */
  contourAt: 'low' | 'high';
  /**
   * A convex contour shrinks to the centre, which goes on as it moved from the plane before, mm per mm. Others are worn
   * off evenly from their border: undefined.
   */
  shrink?: { centre: [number, number]; drift: [number, number] };
}

export function tipOf(sections: Section[], links: Link[][], { plane, place, outward }: PieceEnd): Tip {
  const contourAt = outward > 0 ? 'low' : 'high';
  const shape = sections[plane].shapes[place];
  if (!ringOf(shape)) return { contourAt };
  const centre = areaMoments(shape).centre;
  const [here, before] = outward > 0 ? (['upper', 'lower'] as const) : (['lower', 'upper'] as const);
  const link = links[outward > 0 ? plane - 1 : plane]?.find((one) => one[here].includes(place));
  if (!link || link[here].length > 1 || link[before].length > 1)
    return { contourAt, shrink: { centre, drift: [0, 0] } };
  const previous = sections[plane - outward];
  const from = areaMoments(previous.shapes[link[before][0]]).centre;
  const distanceMm = Math.abs(sections[plane].offsetMm - previous.offsetMm);
  const drift: [number, number] = [(centre[0] - from[0]) / distanceMm, (centre[1] - from[1]) / distanceMm];
  return { contourAt, shrink: { centre, drift } };
}

/**
 * The contour of a tip at a distance from its plane, shrunk to an area.
 * @returns the section; undefined when the contour does not shrink to a centre
 */
export function shrunk(shape: Shape, { shrink }: Tip, distanceMm: number, areaMm2: number): Shape | undefined {
  if (!shrink) return undefined;
  const scale = Math.sqrt(areaMm2 / shape.areaMm2);
  const edges = new Float64Array(shape.edges.length);
  for (let e = 0; e < edges.length; e += 2) {
    for (const a of [0, 1]) {
      const centre = shrink.centre[a];
      edges[e + a] = centre + scale * (shape.edges[e + a] - centre) + shrink.drift[a] * distanceMm;
    }
  }
  return shapeOf(edges, areaMm2);
}
