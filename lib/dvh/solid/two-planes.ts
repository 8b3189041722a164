import type { PlaneArea } from './piece-areas.ts';

/** Heights of pieces on two planes, in distances of the planes: lower and higher ones are rare. */
const LOWEST = 1.5;
const HIGHEST = 2.5;

/**
 * How much the area of a piece on two planes bends, mm2 per mm2: s beyond a plane it is area + slope s - bend s^2. Any bend
 * passes through both areas. Structures are about as high as they are wide, so that it is the bend of a round body whose
 * sections have these areas and borders (area by squared radius, the radius twice the area by the border). It is kept
 * to what two planes leave: no end reaches over the next plane, and the height is between 1.5 and 2.5 distances. A piece
 * of 2.5 distances has about the volume of flat ends of half a gap.
 */
export function twoPlaneBend([one, other]: PlaneArea[]): number {
  const gapMm = Math.abs(one.offsetMm - other.offsetMm);
  const [a, b] = [one.areaMm2, other.areaMm2];
  const round = (a + b) / (squaredRadiusMm2(one) + squaredRadiusMm2(other));
  const reachesNextPlane = (2 * Math.max(a, b) - Math.min(a, b)) / (2 * gapMm ** 2);
  const least = Math.max(bendOfHeight(a, b, gapMm, HIGHEST), reachesNextPlane);
  return Math.max(Math.min(round, bendOfHeight(a, b, gapMm, LOWEST)), least);
}

function squaredRadiusMm2({ areaMm2, perimeterMm }: PlaneArea): number {
  return ((2 * areaMm2) / perimeterMm) ** 2;
}

/** The bend of the parabola through areas a and b whose zeros lie so many gaps apart. */
function bendOfHeight(a: number, b: number, gapMm: number, heightGaps: number): number {
  const room = heightGaps ** 2 - 1;
  return (a + b + Math.sqrt((a + b) ** 2 + (a - b) ** 2 * room)) / (room * gapMm ** 2);
}
