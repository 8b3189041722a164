import type { PlaneAxes, Shape } from '../../rt/contours/shape.ts';
import { type AreaCurve, constantArea, meanArea } from './area-curve.ts';
import type { Morph } from './morph.ts';
import type { Tip } from './tip.ts';

/**
 * What lies beyond the last contour of a piece: `half-gap` and `full` the same contour for half a gap or a whole one,
 * `none` nothing, `rounded` the last areas extrapolated to where they vanish, and half a gap where they do not.
 */
export const END_CAPS = ['rounded', 'half-gap', 'none', 'full'] as const;
export type EndCap = (typeof END_CAPS)[number];

/**
 * The solid between two contour planes: `surface` blends one contour into the next, `prism` keeps every contour to
 * the middle between the planes, as most systems do.
 */
export type Interpolation = 'surface' | 'prism';

/** A part of a solid between two parallel planes. */
export interface Layer {
  /** Distances along the normal of the planes, mm. */
  lowMm: number;
  highMm: number;
  lower: Shape;
  /** The shape at highMm; absent when the layer is a right prism on `lower`. */
  upper?: Shape;
  /** How `lower`, then on the side that it says, narrows to the other side; absent between two planes and of a prism. */
  tip?: Tip;
  /** Area at a part of the way up. */
  area: AreaCurve;
  /** The way from lower to upper, found when it is asked for; undefined unless both are nearly convex. */
  morph?: () => Morph | undefined;
}

/** A region of space as layers, from contours or from voxels. */
export interface Solid {
  axes: PlaneAxes;
  layers: Layer[];
  /** Height of the pixels, when the solid is made of pixels. */
  pixelMm?: number;
}

/** A right prism on a shape. */
export function prism(shape: Shape, lowMm: number, highMm: number): Layer {
  return { lowMm, highMm, lower: shape, area: constantArea(shape.areaMm2) };
}

export function solidVolumeCc(solid: Solid): number {
  return (
    solid.layers.reduce((sum, layer) => sum + (layer.highMm - layer.lowMm) * meanArea(layer.area, 0, 1).areaMm2, 0) /
    1000
  );
}

/** Area of the sides of all layers, mm2: how finely the border is folded. */
export function sideAreaMm2(solid: Solid): number {
  return solid.layers.reduce((sum, { lower, upper = lower, lowMm, highMm }) => {
    return sum + ((highMm - lowMm) * (lower.perimeterMm + upper.perimeterMm)) / 2;
  }, 0);
}

/** Smallest box along u, v and w that holds the solid. */
export function boundsOf(solid: Solid): { low: [number, number, number]; high: [number, number, number] } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const { lower, upper = lower, lowMm, highMm } of solid.layers) {
    const from = [Math.min(lower.minU, upper.minU), Math.min(lower.minV, upper.minV), lowMm];
    const to = [Math.max(lower.maxU, upper.maxU), Math.max(lower.maxV, upper.maxV), highMm];
    for (const a of [0, 1, 2]) {
      low[a] = Math.min(low[a], from[a]);
      high[a] = Math.max(high[a], to[a]);
    }
  }
  return { low, high };
}
