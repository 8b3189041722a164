import type { Link } from '../../rt/contours/link-shapes.ts';
import type { Section } from '../../rt/contours/shape.ts';
import type { AreaCurve } from './area-curve.ts';
import { areasFrom, endPower, type PlaneArea } from './piece-areas.ts';
import { type EndCap, type Layer, prism } from './solid.ts';
import { type PieceEnd, tipOf } from './tip.ts';
import { twoPlaneBend } from './two-planes.ts';

/** How far an end goes on where its areas do not tell, in gaps. */
const FLAT_GAPS: Record<EndCap, number> = { none: 0, 'half-gap': 0.5, full: 1, rounded: 0.5 };

/** The layer beyond the last contour of a piece, if any. */
export function endCap(sections: Section[], links: Link[][], end: PieceEnd, kind: EndCap): Layer[] {
  const { plane, place, outward, gapMm } = end;
  const { offsetMm, shapes } = sections[plane];
  const reach = (lengthMm: number) => {
    const far = offsetMm + outward * lengthMm;
    return { lowMm: Math.min(offsetMm, far), highMm: Math.max(offsetMm, far), lower: shapes[place] };
  };
  const rounded = kind === 'rounded' ? roundedEnd(inwardAreas(sections, links, end), gapMm) : undefined;
  if (rounded) {
    const area = outward > 0 ? rounded.area : turned(rounded.area);
    return [{ ...reach(rounded.lengthMm), area, tip: tipOf(sections, links, end) }];
  }
  const { lowMm, highMm, lower } = reach(FLAT_GAPS[kind] * gapMm);
  return lowMm < highMm ? [prism(lower, lowMm, highMm)] : [];
}

function inwardAreas(sections: Section[], links: Link[][], { plane, place, outward }: PieceEnd): PlaneArea[] {
  return areasFrom(sections, links, plane, [place], outward > 0 ? -1 : 1).areas;
}

interface RoundedEnd {
  lengthMm: number;
  /** From the contour at 0 to the far end at 1. */
  area: AreaCurve;
}

/**
 * How an end narrows beyond its last contour, by the parabola through its last three areas, or the power of them that fits
 * there (`endPower`): of a sphere, an ellipsoid or a cone it is exact. No contour lies on the next plane, so that the
 * end lies before it: one that would reach further is cut off between half a gap, where its areas tell of no end at all,
 * and a whole one. A piece on two planes ends as a round body would (`twoPlaneBend`). Undefined of an end that does not
 * narrow, and of a piece on one plane.
 */
export function roundedEnd(areas: PlaneArea[], gapMm: number): RoundedEnd | undefined {
  if (areas.length === 2) return endOfTwoPlanes(areas, gapMm);
  if (areas.length < 3) return undefined;
  const power = endPower(areas);
  const [f0, f1, f2] = areas.map(({ areaMm2 }) => areaMm2 ** power);
  const [d1, d2] = [1, 2].map((n) => Math.abs(areas[n].offsetMm - areas[0].offsetMm));
  const near = (f0 - f1) / d1;
  const bend = (near - (f1 - f2) / (d2 - d1)) / d2;
  const slope = near + bend * d1;
  if (!(slope < 0)) return undefined;
  const vanishMm = firstZeroMm(f0, slope, bend);
  const lengthMm = vanishMm <= gapMm ? vanishMm : (gapMm / 2) * (1 + gapMm / vanishMm);
  return { lengthMm, area: { coefficients: [f0, slope * lengthMm, bend * lengthMm * lengthMm, 0], power } };
}

function endOfTwoPlanes(areas: PlaneArea[], gapMm: number): RoundedEnd {
  const [end, next] = areas;
  const distanceMm = Math.abs(end.offsetMm - next.offsetMm);
  const bend = twoPlaneBend(areas);
  const slope = (end.areaMm2 - next.areaMm2) / distanceMm - bend * distanceMm;
  const lengthMm = Math.min(firstZeroMm(end.areaMm2, slope, -bend), gapMm);
  return { lengthMm, area: { coefficients: [end.areaMm2, slope * lengthMm, -bend * lengthMm ** 2, 0], power: 1 } };
}

/** Where a falling parabola is zero, or turns round before. */
function firstZeroMm(f0: number, slope: number, bend: number): number {
  const inside = slope * slope - 4 * bend * f0;
  return inside >= 0 ? (2 * f0) / (Math.sqrt(inside) - slope) : -slope / (2 * bend);
}

/** The curve from the other end. */
function turned({ coefficients: [c0, c1, c2, c3], power }: AreaCurve): AreaCurve {
  return { coefficients: [c0 + c1 + c2 + c3, -c1 - 2 * c2 - 3 * c3, c2 + 3 * c3, -c3], power };
}
