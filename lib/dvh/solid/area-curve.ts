import type { Link } from '../../rt/contours/link-shapes.ts';
import type { Section } from '../../rt/contours/shape.ts';
import { areaOf, areasFrom, fittingPower } from './piece-areas.ts';
import { twoPlaneBend } from './two-planes.ts';

/** Area of a piece at a part t of the way between two planes: (c0 + c1 t + c2 t^2 + c3 t^3)^(1 / power), mm2. */
export interface AreaCurve {
  coefficients: [number, number, number, number];
  power: number;
}

export function constantArea(areaMm2: number): AreaCurve {
  return { coefficients: [areaMm2, 0, 0, 0], power: 1 };
}

export function areaAtMm2({ coefficients: [c0, c1, c2, c3], power }: AreaCurve, t: number): number {
  const value = Math.max(c0 + t * (c1 + t * (c2 + t * c3)), 0);
  return power === 1 ? value : value ** (1 / power);
}

/** Mean area between two parts of the way, and where the volume between them has its centre. */
export function meanArea(curve: AreaCurve, from: number, to: number): { areaMm2: number; centre: number } {
  const [middle, half] = [(from + to) / 2, (to - from) / 2];
  let [sum, moment] = [0, 0];
  for (let n = 0; n < GAUSS_POINTS.length; n++) {
    const at = middle + half * GAUSS_POINTS[n];
    const area = areaAtMm2(curve, at) * GAUSS_WEIGHTS[n];
    sum += area;
    moment += area * at;
  }
  return { areaMm2: sum / 2, centre: sum > 0 ? moment / sum : middle };
}

/** Six-point Gauss-Legendre quadrature on -1 ... 1, exact to degree 11 (Abramowitz and Stegun, table 25.4). */
const [P1, P2, P3] = [0.238619186083197, 0.661209386466265, 0.932469514203152];
const [W1, W2, W3] = [0.467913934572691, 0.360761573048139, 0.17132449237917];
const GAUSS_POINTS = [-P3, -P2, -P1, P1, P2, P3];
const GAUSS_WEIGHTS = [W3, W2, W1, W1, W2, W3];

/**
 * The area between planes k and k + 1: a power of it is a cubic with the values and slopes of the planes (Hermite), the
 * slopes from the parabola through three planes. With power 1 spheres, cones and cylinders along the normal have exactly
 * their area, and the volume is that of the trapezoid rule with its end correction. Near the ends of a piece, where the
 * area may fall like a root, the power is the one that fits the planes there.
 */
export function areaCurve(sections: Section[], links: Link[][], k: number, link: Link): AreaCurve {
  const power = endPower(sections, links, k, link);
  const gap = sections[k + 1].offsetMm - sections[k].offsetMm;
  const low = areaOf(sections[k], link.lower) ** power;
  const high = areaOf(sections[k + 1], link.upper) ** power;
  const before = areaBeyond(sections, links, k - 1, link.lower, 'upper', 'lower');
  const after = areaBeyond(sections, links, k + 1, link.upper, 'lower', 'upper');
  const gapBefore = k > 0 ? sections[k].offsetMm - sections[k - 1].offsetMm : 0;
  const gapAfter = k + 2 < sections.length ? sections[k + 2].offsetMm - sections[k + 1].offsetMm : 0;
  const secant = (high - low) / gap;
  const secantBefore = before === undefined ? undefined : (low - before ** power) / gapBefore;
  const secantAfter = after === undefined ? undefined : (after ** power - high) / gapAfter;
  const bendLow = secantBefore === undefined ? undefined : (secant - secantBefore) / (gap + gapBefore);
  const bendHigh = secantAfter === undefined ? undefined : (secantAfter - secant) / (gap + gapAfter);
  const slopeLow = slopeAt(secant, -gap, bendLow, bendHigh);
  const slopeHigh = slopeAt(secant, gap, bendHigh, bendLow);
  const m0 = Math.max(slopeLow * gap, -STEEPEST * low);
  const m1 = Math.min(slopeHigh * gap, STEEPEST * high);
  return { coefficients: [low, m0, 3 * (high - low) - 2 * m0 - m1, 2 * (low - high) + m0 + m1], power };
}

/**
 * The area between the planes of a piece on two of them, as its rounded ends go on with it; undefined of other pieces.
 */
export function twoPlaneCurve(sections: Section[], links: Link[][], k: number, link: Link): AreaCurve | undefined {
  const up = areasFrom(sections, links, k, link.lower, 1);
  const down = areasFrom(sections, links, k + 1, link.upper, -1);
  if (!up.ends || !down.ends || up.areas.length !== 2 || down.areas.length !== 2) return undefined;
  const [low, high] = up.areas;
  const bend = twoPlaneBend(up.areas) * (high.offsetMm - low.offsetMm) ** 2;
  return { coefficients: [low.areaMm2, high.areaMm2 - low.areaMm2 + bend, -bend, 0], power: 1 };
}

/** A Hermite cubic stays positive when it falls no steeper than three times its value over the gap. */
const STEEPEST = 3;

/** A plane where the area bends more than this many times as much as at the other end of the gap has an edge there. */
const SHARP = 3;

/**
 * Slope of the parabola through the two planes of the gap and the next one: on the near side when there is one, else on
 * the far side, else the secant. An edge on the near plane bends the gap no more than the far side does (as in ENO
 * schemes, doi:10.1016/0021-9991(87)90031-3). At an end the slope neither turns round nor exceeds three secants.
 * @param reach from the other end of the gap to this one, mm
 * @param near second difference of the area about the plane, @param far about the other plane
 */
function slopeAt(secant: number, reach: number, near: number | undefined, far: number | undefined): number {
  const slope = secant + reach * limitedBend(near, far);
  if (near !== undefined || far === undefined) return slope;
  const limit = STEEPEST * secant;
  return secant > 0 ? Math.min(Math.max(slope, 0), limit) : Math.max(Math.min(slope, 0), limit);
}

/** Second difference about one end of a gap, no more than that about the other end allows; that of the other, if alone. */
export function limitedBend(near: number | undefined, far: number | undefined): number {
  if (near === undefined || far === undefined) return near ?? far ?? 0;
  const most = SHARP * Math.abs(far);
  return Math.min(Math.max(near, -most), most);
}

/** Gaps from an end that follow its power. */
const END_GAPS = 2;

/** The power of the nearer end of the piece when the gap is near it; 1 elsewhere and when both are as near. */
function endPower(sections: Section[], links: Link[][], k: number, link: Link): number {
  const down = areasFrom(sections, links, k, link.lower, -1);
  const up = areasFrom(sections, links, k + 1, link.upper, 1);
  const nearLow = down.ends && down.areas.length <= up.areas.length && down.areas.length <= END_GAPS;
  const nearHigh = up.ends && up.areas.length <= down.areas.length && up.areas.length <= END_GAPS;
  if (nearLow === nearHigh) return 1;
  const inward = nearLow ? [...down.areas.toReversed(), ...up.areas] : [...up.areas.toReversed(), ...down.areas];
  return inward.length < 4 ? 1 : fittingPower(inward.slice(0, 4));
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
    const shared = link[here].filter((place) => ours.has(place));
    return sum + (areaOf(far, link[beyond]) * areaOf(near, shared)) / areaOf(near, link[here]);
  }, 0);
}
