import type { Link } from './link-shapes.ts';
import { type Section, type Shape, totalAreaMm2 } from './shape.ts';

/**
 * Area of a piece between planes k and k + 1 as a cubic of the part t of the way: it has the areas and slopes of the
 * planes (Hermite), the slopes from the parabola through three planes. Spheres, cones and cylinders along the normal
 * have exactly the area of their solid; the volume is that of the trapezoid rule with its end correction.
 */
export function areaCurve(
  sections: Section[],
  links: Link[][],
  k: number,
  link: Link,
): [number, number, number, number] {
  const gap = sections[k + 1].offsetMm - sections[k].offsetMm;
  const low = areaOf(sections[k], link.lower);
  const high = areaOf(sections[k + 1], link.upper);
  const before = areaBeyond(sections, links, k - 1, link.lower, 'upper', 'lower');
  const after = areaBeyond(sections, links, k + 1, link.upper, 'lower', 'upper');
  const gapBefore = k > 0 ? sections[k].offsetMm - sections[k - 1].offsetMm : 0;
  const gapAfter = k + 2 < sections.length ? sections[k + 2].offsetMm - sections[k + 1].offsetMm : 0;
  const secant = (high - low) / gap;
  const secantBefore = before === undefined ? undefined : (low - before) / gapBefore;
  const secantAfter = after === undefined ? undefined : (after - high) / gapAfter;
  const slopeLow = slopeAt(secant, gap, secantBefore, gapBefore, secantAfter, gapAfter);
  const slopeHigh = slopeAt(secant, gap, secantAfter, gapAfter, secantBefore, gapBefore);
  const m0 = Math.max(slopeLow * gap, -STEEPEST * low);
  const m1 = Math.min(slopeHigh * gap, STEEPEST * high);
  return [low, m0, 3 * (high - low) - 2 * m0 - m1, 2 * (low - high) + m0 + m1];
}

/** A Hermite cubic stays positive when it falls no steeper than three times its value over the gap. */
const STEEPEST = 3;

/**
 * Slope of the parabola through the two planes of the gap and the next one: on the near side when there is one, else on
 * the far side, else the secant. At an end it neither turns round nor exceeds three secants.
 */
function slopeAt(
  secant: number,
  gap: number,
  secantNear: number | undefined,
  gapNear: number,
  secantFar: number | undefined,
  gapFar: number,
): number {
  if (secantNear !== undefined) return (secant * gapNear + secantNear * gap) / (gap + gapNear);
  if (secantFar === undefined) return secant;
  const slope = secant + (gap * (secant - secantFar)) / (gap + gapFar);
  const limit = STEEPEST * secant;
  return secant > 0 ? Math.min(Math.max(slope, 0), limit) : Math.max(Math.min(slope, 0), limit);
}

/**
 * Area that shapes of a plane have beyond the gap with the given links, undefined when they end there. A shape that
 * splits shares the area by its parts.
 */
function areaBeyond(
  sections: Section[],
  links: Link[][],
  gap: number,
  places: number[],
  here: 'lower' | 'upper',
  beyond: 'lower' | 'upper',
): number | undefined {
  const ours = new Set(places);
  const met = (links[gap] ?? []).filter((link) => link[here].some((place) => ours.has(place)));
  if (met.length === 0) return undefined;
  const near = sections[gap + (here === 'upper' ? 1 : 0)];
  const far = sections[gap + (beyond === 'upper' ? 1 : 0)];
  return met.reduce((sum, link) => {
    const shared = areaOf(
      near,
      link[here].filter((place) => ours.has(place)),
    );
    return sum + (areaOf(far, link[beyond]) * shared) / areaOf(near, link[here]);
  }, 0);
}

function areaOf(section: Section, places: number[]): number {
  return totalAreaMm2(places.map((place): Shape => section.shapes[place]));
}
