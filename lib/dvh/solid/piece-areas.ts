import type { Link } from '../../rt/contours/link-shapes.ts';
import { type Section, type Shape, totalAreaMm2 } from '../../rt/contours/shape.ts';
import { evenPerimeterMm } from './even-perimeter.ts';

/** Area of a piece on a plane, and how long its border is. */
export interface PlaneArea {
  offsetMm: number;
  areaMm2: number;
  /** Of the ellipses like its shapes (`evenPerimeterMm`). */
  perimeterMm: number;
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
export function fittingPower(areas: PlaneArea[]): number {
  const errors = POWERS.map((power) => foretellingError(areas, power));
  const best = errors.indexOf(Math.min(...errors));
  return errors[best] < errors[0] - NOTABLE_GAIN ? POWERS[best] : 1;
}

/**
 * The power by which the areas of an end vanish, with three planes or more. Where the fourth plane does not tell the
 * powers of a pole and of a ridge apart, or there is none, the borders do: towards a pole the border shortens as the root
 * of the area (power 1, a parabola of height), along a ridge, as of a lying cylinder or ring, it keeps its length (2).
 */
export function endPower(areas: PlaneArea[]): number {
  const [pole, ridge] = areas.length < 4 ? [0, 0] : [1, 2].map((power) => foretellingError(areas, power));
  if (ridge > pole + NOTABLE_GAIN) return fittingPower(areas);
  const [end, next] = areas;
  const shortening = Math.log(end.perimeterMm / next.perimeterMm) / Math.log(end.areaMm2 / next.areaMm2);
  const byBorder = 2 - 2 * Math.min(Math.max(shortening, 0), 0.5);
  return areas.length < 4 ? byBorder : Math.max(fittingPower(areas), byBorder);
}

/** How far a power misses the fourth plane by the parabola through the first three, as a part of its area. */
function foretellingError([a, b, c, d]: PlaneArea[], power: number): number {
  const [fa, fb, fc] = [a, b, c].map(({ areaMm2 }) => areaMm2 ** power);
  const [sb, sc, sd] = [b, c, d].map(({ offsetMm }) => Math.abs(offsetMm - a.offsetMm));
  const first = (fb - fa) / sb;
  const second = ((fc - fa) / sc - first) / (sc - sb);
  if (power !== 1 && second * sc > ROUNDING * first) return Number.POSITIVE_INFINITY;
  const foretold = Math.max(fa + sd * (first + (sd - sb) * second), 0) ** (1 / power);
  return Math.abs(foretold - d.areaMm2) / d.areaMm2;
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
    const shapes = places.map((place): Shape => sections[plane].shapes[place]);
    areas.push({
      offsetMm: sections[plane].offsetMm,
      areaMm2: totalAreaMm2(shapes),
      /** Only ends ask for it. */
      get perimeterMm() {
        return shapes.reduce((sum, shape) => sum + evenPerimeterMm(shape), 0);
      },
    });
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
