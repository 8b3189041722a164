import type { Finding } from '../../findings.ts';
import type { ContourStack } from '../../rt/contours/contour-planes.ts';
import { type Link, linkShapes } from '../../rt/contours/link-shapes.ts';
import { goesOn } from '../../rt/contours/plane-gap.ts';
import { type GapOptions, planeGaps } from '../../rt/contours/plane-gaps.ts';
import { joinShapes, type Section, type Shape } from '../../rt/contours/shape.ts';
import { areaCurve, constantArea } from './area-curve.ts';
import { linkMorph } from './link-morph.ts';
import type { Ring } from './ring.ts';
import { type EndCap, type Interpolation, type Layer, type Solid, solidVolumeCc } from './solid.ts';

export interface SolidOptions extends GapOptions {
  endCap: EndCap;
  interpolation: Interpolation;
}

export interface ContourSolid {
  solid: Solid;
  /** Part of the volume beyond the contours. */
  capCc: number;
  /** About the gaps between contour planes. */
  findings: Finding[];
}

/**
 * The solid that contours describe: between planes that a piece crosses the blended or prism part, and beyond the last
 * plane of every piece its end cap. A piece ends where nothing lies over it on the next plane, or where the gap to it is
 * not filled.
 */
export function contourSolid(stack: ContourStack, options: SolidOptions, where: string): ContourSolid {
  const { axes, planes } = stack;
  const { gaps, belowMm, aboveMm, findings } = planeGaps(stack, options, where);
  const links = gaps.map((gap, k) => (goesOn(gap) ? linkShapes(planes[k], planes[k + 1]) : []));
  const rings = new Map<Shape, Ring | undefined>();
  const layers: Layer[] = [];
  const caps: Layer[] = [];
  planes.forEach((plane, k) => {
    const under = ends(plane, linkedBelow(links[k - 1]), -belowMm[k], options.endCap);
    const over = ends(plane, linkedAbove(links[k]), aboveMm[k], options.endCap);
    const body = links[k] ? between(planes, links, k, options.interpolation, rings) : [];
    layers.push(...under, ...over, ...body);
    caps.push(...under, ...over);
  });
  const solid = { axes, layers };
  return { solid, capCc: solidVolumeCc({ axes, layers: caps }), findings };
}

function linkedAbove(links: Link[] = []): Set<number> {
  return new Set(links.flatMap((link) => link.lower));
}

function linkedBelow(links: Link[] = []): Set<number> {
  return new Set(links.flatMap((link) => link.upper));
}

const CAP_GAPS: Record<EndCap, number> = { none: 0, 'half-gap': 0.5, full: 1 };

/** Prisms on the shapes of a plane that end there, towards the side of the sign. */
function ends(section: Section, linked: Set<number>, gapMm: number, endCap: EndCap): Layer[] {
  const shapes = section.shapes.filter((_, n) => !linked.has(n));
  const lengthMm = CAP_GAPS[endCap] * gapMm;
  if (shapes.length === 0 || lengthMm === 0) return [];
  const far = section.offsetMm + lengthMm;
  return [prism(joinShapes(shapes), Math.min(section.offsetMm, far), Math.max(section.offsetMm, far))];
}

function between(
  sections: Section[],
  links: Link[][],
  k: number,
  interpolation: Interpolation,
  rings: Map<Shape, Ring | undefined>,
): Layer[] {
  const lowMm = sections[k].offsetMm;
  const highMm = sections[k + 1].offsetMm;
  return links[k].flatMap((link) => {
    const lower = joinShapes(pick(sections[k], link.lower));
    const upper = joinShapes(pick(sections[k + 1], link.upper));
    if (interpolation === 'surface') {
      const area = areaCurve(sections, links, k, link);
      const morph = linkMorph(sections, links, k, link, rings);
      return [{ lowMm, highMm, lower, upper, area, morph }];
    }
    const middleMm = (lowMm + highMm) / 2;
    return [prism(lower, lowMm, middleMm), prism(upper, middleMm, highMm)];
  });
}

export function prism(shape: Shape, lowMm: number, highMm: number): Layer {
  return { lowMm, highMm, lower: shape, area: constantArea(shape.areaMm2) };
}

function pick(section: Section, places: number[]): Shape[] {
  return places.map((place) => section.shapes[place]);
}
