import type { Link } from '../../rt/contours/link-shapes.ts';
import type { Section, Shape } from '../../rt/contours/shape.ts';
import { type Beyond, type Morph, morphOf } from './morph.ts';
import { type Ring, ringOf } from './ring.ts';

/**
 * The morph between planes k and k + 1 of a link of one nearly convex shape to one, made when it is first asked for.
 * @param rings what is known of the shapes, filled on the way
 */
export function linkMorph(
  sections: Section[],
  links: Link[][],
  k: number,
  link: Link,
  rings: Map<Shape, Ring | undefined>,
): () => Morph | undefined {
  let made: { morph: Morph | undefined } | undefined;
  return () => {
    made ??= { morph: makeMorph(sections, links, k, link, rings) };
    return made.morph;
  };
}

function makeMorph(
  sections: Section[],
  links: Link[][],
  k: number,
  link: Link,
  rings: Map<Shape, Ring | undefined>,
): Morph | undefined {
  const lower = ringAt(sections[k], link.lower, rings);
  const upper = lower && ringAt(sections[k + 1], link.upper, rings);
  if (!upper) return undefined;
  const down = links[k - 1]?.find((one) => one.upper.includes(link.lower[0]));
  const up = links[k + 1]?.find((one) => one.lower.includes(link.upper[0]));
  const before = down && beyond(sections[k], sections[k - 1], down.lower, rings);
  const after = up && beyond(sections[k + 1], sections[k + 2], up.upper, rings);
  return morphOf(lower, upper, sections[k + 1].offsetMm - sections[k].offsetMm, before, after);
}

function beyond(
  near: Section,
  far: Section,
  places: number[],
  rings: Map<Shape, Ring | undefined>,
): Beyond | undefined {
  const ring = ringAt(far, places, rings);
  return ring && { ring, gapMm: Math.abs(far.offsetMm - near.offsetMm) };
}

function ringAt(section: Section, places: number[], rings: Map<Shape, Ring | undefined>): Ring | undefined {
  if (places.length !== 1) return undefined;
  const shape = section.shapes[places[0]];
  if (!rings.has(shape)) rings.set(shape, ringOf(shape));
  return rings.get(shape);
}
