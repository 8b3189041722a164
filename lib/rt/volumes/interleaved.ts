import type { Partition, SlicePart } from './partitions.ts';
import type { Placed } from './positions.ts';
import type { SliceFacts } from './slice-facts.ts';

/** Slices of two passes overlap when they are closer than this part of their thickness. */
const OVERLAP_PART = 0.75;
/** Gaps that differ by more than this part are uneven. */
const UNEVEN_PART = 0.05;
/** Two stacks that touch or cross by fewer slices only meet. */
const LEAST_CROSSINGS = 3;
const LEAST_SLICES = 3;

/**
 * Whether the parts are passes over the same part of the body, shifted against each other, and not one pass whose slices
 * were taken in turns (as MR does). They are when they lie in each other, every part is more even than all together, or
 * slices of different parts overlap although those of one part do not.
 */
export function areShiftedPasses<S extends SliceFacts>(placed: readonly Placed<S>[], { parts }: Partition<S>): boolean {
  if (parts.some(({ slices }) => slices.length < LEAST_SLICES)) return false;
  const partOf = new Map(parts.flatMap((part) => part.slices.map(({ slice }) => [slice, part] as const)));
  const crossings = placed.slice(1).filter(({ slice }, n) => partOf.get(slice) !== partOf.get(placed[n].slice)).length;
  if (crossings < LEAST_CROSSINGS + parts.length - 2) return false;
  if (!isUneven(placed) && !overlap(placed, partOf)) return false;
  return parts.every(({ slices }) => !isUneven(slices));
}

/** The usual distance between slices of different parts is much less than they are thick, within a part it is not. */
function overlap<S extends SliceFacts>(placed: readonly Placed<S>[], partOf: Map<S, SlicePart<S>>): boolean {
  const between = placed
    .slice(1)
    .flatMap(({ slice, alongMm }, n) =>
      partOf.get(slice) === partOf.get(placed[n].slice) ? [] : [{ slice, gapMm: alongMm - placed[n].alongMm }],
    );
  return between.some(
    ({ slice: { thicknessMm }, gapMm }) => thicknessMm !== undefined && gapMm < OVERLAP_PART * thicknessMm,
  );
}

function isUneven(placed: readonly Placed<SliceFacts>[]): boolean {
  const sorted = placed.toSorted((a, b) => a.alongMm - b.alongMm);
  const gaps = sorted.slice(1).map(({ alongMm }, n) => alongMm - sorted[n].alongMm);
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1];
  return gaps.some((gap) => Math.abs(gap - usual) > UNEVEN_PART * usual && !isMultiple(gap, usual));
}

/** A gap that lacks slices is no sign of a second pass. */
function isMultiple(gap: number, usual: number): boolean {
  const times = Math.round(gap / usual);
  return times >= 2 && Math.abs(gap - times * usual) <= UNEVEN_PART * usual;
}
