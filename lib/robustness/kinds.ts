import type { Perturbation } from './perturbation-grid.ts';

/** What an agreement is about: all perturbations together, one kind alone, or other people's contours. */
export const KINDS = ['all', 'noise', 'translation', 'rotation', 'contour', 'volume', 'observer'] as const;
export type Kind = (typeof KINDS)[number];

/** The strength of each kind in a perturbation; 0 for none. */
export type Strengths = Record<Exclude<Kind, 'all' | 'observer'>, number>;

export function strengthsOf(one: Omit<Perturbation, 'id'>): Strengths {
  const translation = Math.hypot(...one.translationMm);
  return {
    noise: one.noiseHu,
    translation,
    rotation: one.rotationDeg,
    contour: one.contour,
    volume: one.volumeChange,
  };
}

/**
 * The perturbations of each kind: those in which the others stand at their weakest
 * level, of two as weak the first. A kind of a single
 * perturbation, which varies nothing, is left out.
 */
export function perturbationsByKind(perturbations: Map<string, Strengths>): Map<Kind, string[]> {
  const all = [...perturbations];
  const names = Object.keys(all[0]?.[1] ?? {}) as (keyof Strengths)[];
  const least = Object.fromEntries(
    names.map((name) => {
      const levels = all.map(([, strengths]) => strengths[name]);
      return [name, levels.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0]];
    }),
  ) as Strengths;
  const kinds = new Map<Kind, string[]>([['all', all.map(([id]) => id)]]);
  for (const kind of names) {
    const others = names.filter((name) => name !== kind);
    const ids = all
      .filter(([, strengths]) => others.every((name) => strengths[name] === least[name]))
      .map(([id]) => id);
    if (ids.length > 1) kinds.set(kind, ids);
  }
  return kinds;
}

/** The perturbation that changes nothing, if the grid has it. */
export function unchanged(perturbations: Map<string, Strengths>): string | undefined {
  const isStill = ([, strengths]: [string, Strengths]) => Object.values(strengths).every((value) => value === 0);
  return [...perturbations].find(isStill)?.[0];
}
