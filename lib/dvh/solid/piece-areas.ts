import type { Link } from '../../rt/contours/link-shapes.ts';
import { type Section, type Shape, totalAreaMm2 } from '../../rt/contours/shape.ts';

/** Area of a piece on a plane. */
export interface PlaneArea {
  offsetMm: number;
  areaMm2: number;
}

/** Powers to choose from: the area falls to a pole like a root (2), a straight line (1) or a parabola (0.5). */
const POWERS = [1, 0.5, 0.6, 0.7, 0.8, 0.9, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3];
/** How much better than 1, as a part of the area, a power must foretell the fourth plane. */
const NOTABLE_GAIN = 0.01;
/** How far rounding of contours may make a straight rise look like one that gets steeper. */
const ROUNDING = 0.01;
/**
 * The power whose parabola through the first three planes foretells the fourth best. From a pole every power that fits
 * rises less and less, as convex solids do (Brunn and Minkowski).
 */
export function fittingPower([a, b, c, d]: PlaneArea[]): number {
  const errors = POWERS.map((power) => {
    const [fa, fb, fc] = [a, b, c].map(({ areaMm2 }) => areaMm2 ** power);
    const [sb, sc, sd] = [b, c, d].map(({ offsetMm }) => Math.abs(offsetMm - a.offsetMm));
    const first = (fb - fa) / sb;
    const second = ((fc - fa) / sc - first) / (sc - sb);
    if (power !== 1 && second * sc > ROUNDING * first) return Number.POSITIVE_INFINITY;
    const foretold = Math.max(fa + sd * (first + (sd - sb) * second), 0) ** (1 / power);
    return Math.abs(foretold - d.areaMm2) / d.areaMm2;
  });
  const best = errors.indexOf(Math.min(...errors));
  return errors[best] < errors[0] - NOTABLE_GAIN ? POWERS[best] : 1;
}

const LONGEST_LOOK = 4;

/**
 * Areas of a piece from a plane on in one direction, while its shapes go on one by one.
 * @param places shapes of the first plane
 * @returns `ends`: whether they were followed until the piece ends
 */
export function areasFrom(
  sections: Section[],
  links: Link[][],
  plane: number,
  places: number[],
  direction: -1 | 1,
): { areas: PlaneArea[]; ends: boolean } {
  const [here, beyond] = direction < 0 ? (['upper', 'lower'] as const) : (['lower', 'upper'] as const);
  const areas: PlaneArea[] = [];
  while (areas.length < LONGEST_LOOK) {
    areas.push({ offsetMm: sections[plane].offsetMm, areaMm2: areaOf(sections[plane], places) });
    const onward = (links[direction < 0 ? plane - 1 : plane] ?? []).filter((next) =>
      next[here].some((place) => places.includes(place)),
    );
    if (onward.length === 0) return { areas, ends: true };
    if (onward.length > 1 || onward[0][here].length !== places.length) break;
    places = onward[0][beyond];
    plane += direction;
  }
  return { areas, ends: false };
}

export function areaOf(section: Section, places: number[]): number {
  return totalAreaMm2(places.map((place): Shape => section.shapes[place]));
}
