import type { Finding } from '../../findings.ts';
import type { ContourStack } from '../../rt/contours/contour-planes.ts';
import { type Link, linkShapes } from '../../rt/contours/link-shapes.ts';
import { goesOn } from '../../rt/contours/plane-gap.ts';
import { type GapOptions, planeGaps } from '../../rt/contours/plane-gaps.ts';
import { joinShapes, type Section, type Shape } from '../../rt/contours/shape.ts';
import { areaCurve, twoPlaneCurve } from './area-curve.ts';
import { endCap } from './end-cap.ts';
import { linkMorph } from './link-morph.ts';
import type { Ring } from './ring.ts';
import { type EndCap, type Interpolation, type Layer, prism, type Solid, solidVolumeCc } from './solid.ts';

export interface SolidOptions extends GapOptions {
  endCap: EndCap;
  /** Of the lower and the upper ends of pieces, where they differ. */
  endCaps?: Record<Side, EndCap>;
  interpolation: Interpolation;
}

export type Side = 'below' | 'above';

export interface ContourSolid {
  solid: Solid;
  /** Part of the volume beyond the contours. */
  capCc: number;
  /** The end caps that were used: `half-gap` when no `rounded` end becomes narrower. */
  endCap: EndCap;
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
    const under = freePlaces(
      plane,
      links[k - 1]?.flatMap((link) => link.upper),
    );
    const over = freePlaces(
      plane,
      links[k]?.flatMap((link) => link.lower),
    );
    const here = [
      ...under.map((place) => ({ plane: k, place, outward: -1 as const, gapMm: belowMm[k] })),
      ...over.map((place) => ({ plane: k, place, outward: 1 as const, gapMm: aboveMm[k] })),
    ].flatMap((end) =>
      endCap(planes, links, end, options.endCaps?.[end.outward < 0 ? 'below' : 'above'] ?? options.endCap),
    );
    caps.push(...here);
    layers.push(...here, ...(links[k] ? between(planes, links, k, options, rings) : []));
  });
  const solid = { axes, layers };
  const flat = options.endCap === 'rounded' && !caps.some(({ tip }) => tip);
  const used = flat ? 'half-gap' : options.endCap;
  return { solid, capCc: solidVolumeCc({ axes, layers: caps }), endCap: used, findings };
}

/** Shapes of a plane that no link takes up. */
function freePlaces({ shapes }: Section, linked: number[] = []): number[] {
  return shapes.map((_, place) => place).filter((place) => !linked.includes(place));
}

function between(
  sections: Section[],
  links: Link[][],
  k: number,
  { interpolation, endCap }: SolidOptions,
  rings: Map<Shape, Ring | undefined>,
): Layer[] {
  const lowMm = sections[k].offsetMm;
  const highMm = sections[k + 1].offsetMm;
  return links[k].flatMap((link) => {
    const lower = joinShapes(pick(sections[k], link.lower));
    const upper = joinShapes(pick(sections[k + 1], link.upper));
    if (interpolation === 'surface') {
      const round = endCap === 'rounded' ? twoPlaneCurve(sections, links, k, link) : undefined;
      const area = round ?? areaCurve(sections, links, k, link);
      const morph = linkMorph(sections, links, k, link, rings);
      return [{ lowMm, highMm, lower, upper, area, morph }];
    }
    const middleMm = (lowMm + highMm) / 2;
    return [prism(lower, lowMm, middleMm), prism(upper, middleMm, highMm)];
  });
}

function pick(section: Section, places: number[]): Shape[] {
  return places.map((place) => section.shapes[place]);
}
