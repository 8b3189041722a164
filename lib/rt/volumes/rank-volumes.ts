import { missingInGaps } from '../../image/missing-slices.ts';
import { compareMarks } from './partitions.ts';
import { placeSlices } from './positions.ts';
import type { SliceFacts, SliceVolume } from './slice-facts.ts';
import { MARK_NAMES } from './slice-marks.ts';

/** FrameType value 3 and later, or ComplexImageComponent: not what a reader measures. */
const DERIVED_COMPONENTS = ['P', 'PHASE', 'R', 'REAL', 'I', 'IMAGINARY'];

/**
 * The order in which volumes of a series are taken when nothing names one: no localizer, no phase image, the most places,
 * the fewest missing slices, the first by its marks (time, acquisition, echo, ...).
 */
export function rankVolumes<S extends SliceFacts>(volumes: SliceVolume<S>[]): SliceVolume<S>[] {
  const ranked = volumes.map((volume) => ({ volume, keys: keysOf(volume) }));
  ranked.sort((a, b) => {
    const at = a.keys.findIndex((key, n) => key !== b.keys[n]);
    return at < 0 ? compareFirst(a.volume.slices[0], b.volume.slices[0]) : a.keys[at] - b.keys[at];
  });
  return ranked.map(({ volume }) => volume);
}

function keysOf({ slices, isLocalizer, untold }: SliceVolume): number[] {
  const first = slices[0];
  const component = String(first.marks.ComplexImageComponent ?? '').toUpperCase();
  const derived = [component, ...first.imageType.slice(2)].some((value) => DERIVED_COMPONENTS.includes(value));
  return [isLocalizer ? 1 : 0, derived ? 1 : 0, untold - slices.length, missingSlices(slices)];
}

/** The order of slices at one place: time and acquisition first, then numbers, then UIDs. */
export function compareFirst(a: SliceFacts, b: SliceFacts): number {
  for (const name of MARK_NAMES) {
    const order = compareMarks(a.marks[name], b.marks[name]);
    if (order !== 0) return order;
  }
  return a.sopInstanceUid < b.sopInstanceUid ? -1 : 1;
}

/** Slices that are missing where a gap is a multiple of the usual one, within 5 % of it. */
function missingSlices(slices: readonly SliceFacts[]): number {
  const along = placeSlices(slices).map(({ alongMm }) => alongMm);
  const gaps = along.slice(1).map((mm, n) => mm - along[n]);
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1];
  return missingInGaps(gaps, usual).reduce((sum, count) => sum + count, 0);
}
