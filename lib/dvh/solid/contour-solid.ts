import { areaCurve, constantArea } from './area-curve.ts';
import type { ContourStack } from './contour-stack.ts';
import { linkMorph } from './link-morph.ts';
import { type Link, linkShapes } from './link-shapes.ts';
import type { Ring } from './ring.ts';
import { joinShapes, type Section, type Shape } from './shape.ts';
import { type EndCap, type Interpolation, type Layer, type Solid, solidVolumeCc } from './solid.ts';

export interface SolidOptions {
  endCap: EndCap;
  interpolation: Interpolation;
  /** Thickness that a ROI on a single plane stands for when its contour does not state one, mm. */
  singlePlaneMm: number;
  /** Planes further apart hold separate pieces, mm. */
  maxGapMm: number;
}

export interface ContourSolid {
  solid: Solid;
  /** Part of the volume beyond the contours. */
  capCc: number;
  planes: number;
  /** Usual distance of neighbouring planes, mm. */
  gapMm: number;
  /** Distances wider than usual that were bridged, and those that were left open. */
  bridged: number;
  open: number;
}

/** Gaps up to this many usual gaps, or gaps beside them, are what the drawing itself looks like. */
const WIDE = 1.5;
/** Rounding of positions. */
const SAME_GAP_MM = 0.01;
/** Planes further apart than this many usual gaps hold separate pieces in any case. */
const WIDEST_BRIDGE = 3;

/**
 * The solid that contours describe: between planes that a piece crosses the blended or prism part, and beyond the last
 * plane of every piece its end cap. A piece ends where nothing lies over it on the next plane, or where the next plane
 * is too far.
 */
export function contourSolid({ axes, sections, statedThicknessMm }: ContourStack, options: SolidOptions): ContourSolid {
  const gapsMm = sections.slice(1).map((section, k) => section.offsetMm - sections[k].offsetMm);
  const gapMm = gapsMm.length > 0 ? median(gapsMm) : (statedThicknessMm ?? options.singlePlaneMm);
  const joined = gapsMm.map((gap, k) => {
    const beside = Math.max(gapsMm[k - 1] ?? 0, gapsMm[k + 1] ?? 0);
    if (gap > options.maxGapMm + SAME_GAP_MM) return false;
    return gap <= WIDE * gapMm || (gap <= WIDE * beside && gap <= WIDEST_BRIDGE * gapMm);
  });
  const links = joined.map((near, k) => (near ? linkShapes(sections[k], sections[k + 1]) : []));
  const rings = new Map<Shape, Ring | undefined>();
  const layers: Layer[] = [];
  const caps: Layer[] = [];
  sections.forEach((section, k) => {
    const below = joined[k - 1] ? gapsMm[k - 1] : undefined;
    const above = joined[k] ? gapsMm[k] : undefined;
    const capBelow = below ?? above ?? gapMm;
    const capAbove = above ?? below ?? gapMm;
    const under = ends(section, linkedBelow(links[k - 1]), -capBelow, options.endCap);
    const over = ends(section, linkedAbove(links[k]), capAbove, options.endCap);
    const body = above ? between(sections, links, k, options.interpolation, rings) : [];
    layers.push(...under, ...over, ...body);
    caps.push(...under, ...over);
  });
  return {
    solid: { axes, layers },
    capCc: solidVolumeCc({ axes, layers: caps }),
    planes: sections.length,
    gapMm,
    bridged: gapsMm.filter((gap, k) => joined[k] && gap > WIDE * gapMm).length,
    open: joined.filter((near) => !near).length,
  };
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

/** The lower of the two middle values: a gap that occurs. */
function median(values: number[]): number {
  return values.slice().sort((a, b) => a - b)[(values.length - 1) >> 1];
}
