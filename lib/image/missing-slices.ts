import { type Box, type Grid, sliceOffsetMm } from './grid.ts';
import { sliceOffsetsMm } from './slice-thickness.ts';

/** Part of the usual gap by which a multiple of it may be off. */
const MULTIPLE_PART = 0.05;
/** Two statements about one missing slice differ by less than this part of the usual gap. */
const SAME_PART = 0.25;

/** So many wide gaps in a row are slices of another distance, and none is missing. */
const CHANGE_OF_SPACING = 3;

/**
 * How many slices each gap lacks: one less than the usual gaps that fit into it, within 5 % of one. Three equal gaps in a
 * row lack nothing.
 */
export function missingInGaps(gapsMm: ArrayLike<number>, usualMm: number): number[] {
  const counts = Array.from(gapsMm, (gap) => {
    const times = Math.round(gap / usualMm);
    return times >= 2 && Math.abs(gap - times * usualMm) <= MULTIPLE_PART * usualMm ? times - 1 : 0;
  });
  for (let first = 0, end = 0; first < counts.length; first = end) {
    while (end < counts.length && counts[end] === counts[first]) end++;
    if (end - first >= CHANGE_OF_SPACING) counts.fill(0, first, end);
  }
  return counts;
}

/**
 * Where slices of an image are missing, as distances from slice 0, mm, ascending: those known to be (their files could
 * not be read) and those that a gap of a multiple of the usual one lacks.
 */
export function missingOffsetsMm(grid: Grid, knownMm: readonly number[]): number[] {
  const usual = grid.spacingMm[2];
  const offsets = sliceOffsetsMm(grid);
  const gaps = [...offsets.subarray(1)].map((offset, k) => offset - offsets[k]);
  const inferred = missingInGaps(gaps, usual).flatMap((count, k) =>
    Array.from({ length: count }, (_, n) => offsets[k] + ((n + 1) * gaps[k]) / (count + 1)),
  );
  const isThere = (known: number) => offsets.some((offset) => Math.abs(offset - known) < SAME_PART * usual);
  const isKnown = (offset: number) => knownMm.some((known) => Math.abs(known - offset) < SAME_PART * usual);
  return [...knownMm.filter((known) => !isThere(known)), ...inferred.filter((offset) => !isKnown(offset))].sort(
    (a, b) => a - b,
  );
}

/** How many of the missing slices lie in a box of the grid, or beside its first and last slice. */
export function countMissing(grid: Grid, missingMm: readonly number[], { start, size }: Box): number {
  const first = start[2];
  const last = first + size[2] - 1;
  const low = first > 0 ? sliceOffsetMm(grid, first - 1) : Number.NEGATIVE_INFINITY;
  const high = last < grid.size[2] - 1 ? sliceOffsetMm(grid, last + 1) : Number.POSITIVE_INFINITY;
  return missingMm.filter((offset) => offset > low && offset < high).length;
}
