import type { PhantomRoi } from './objects/structure-set.ts';
import type { Tissue } from './paint.ts';
import type { Solid } from './solid.ts';

/** Organs by name and what fills them, painted in order. */
export interface Anatomy {
  organs: Record<string, Solid>;
  tissues: Tissue[];
}

/** Name, RTROIInterpretedType, and the organ it outlines if the name differs. */
export type RoiEntry = [name: string, interpretedType: string, organ?: string];

const GOLDEN_ANGLE_DEG = 137.508;

/** Regions of interest numbered from 1, each with its own colour. */
export function roisOf(anatomy: Anatomy, entries: RoiEntry[]): PhantomRoi[] {
  return entries.map(([name, interpretedType, organ = name], index) => ({
    number: index + 1,
    name,
    interpretedType,
    colorRgb: rgbOfHue(index * GOLDEN_ANGLE_DEG),
    solid: anatomy.organs[organ],
  }));
}

/** Full saturation; CIE-agnostic HSL with lightness 0.5. */
function rgbOfHue(degrees: number): [number, number, number] {
  const channel = (offset: number) => {
    const k = (offset + degrees / 30) % 12;
    return Math.round(255 * (0.5 - 0.5 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
