import { countRepeats, mostAtOnePlace, type Placed } from './positions.ts';
import type { SliceFacts } from './slice-facts.ts';
import { MARK_NAMES, type MarkName, type SliceMarks } from './slice-marks.ts';

/** One division of slices by a single mark. */
export interface Partition<S extends SliceFacts> {
  parts: SlicePart<S>[];
}

export interface SlicePart<S extends SliceFacts> {
  /** What tells it from the others: `AcquisitionNumber 2`, `InstanceNumber 101 to 120`. */
  label: string;
  slices: Placed<S>[];
}

/** Marks that may change from slice to slice of one volume. */
const RUNNING: MarkName[] = [
  'AcquisitionNumber',
  'TriggerTime',
  'FrameReferenceTime',
  'AcquisitionTime',
  'ContentTime',
  'ImageIndex',
  'InstanceNumber',
  'FrameNumber',
];

/** A part of fewer slices on average is no pass over the body, unless each place has as many images as there are parts. */
const LEAST_RUN = 3;

/** Whether a slice begins a new run: `run` holds the slices before it. */
export type Begins = (run: readonly Placed<SliceFacts>[], next: Placed<SliceFacts>) => boolean;

/** Where a place comes again. */
export const comesAgain: Begins = (run, { place }) => run.some((one) => one.place === place);

/** Where a pass along the body turns back. */
export const turnsBack: Begins = (run, next) =>
  run.length > 1 && (run[1].place - run[0].place) * (next.place - run.at(-1)!.place) < 0;

/**
 * All divisions of the slices by the value of a mark, or into runs of a mark that grows from slice to slice, in the
 * order of the marks. A division that scatters the slices of one pass is left out.
 */
export function partitionsOf<S extends SliceFacts>(placed: readonly Placed<S>[], begins: Begins): Partition<S>[] {
  const most = mostAtOnePlace(placed);
  return MARK_NAMES.flatMap((name) => {
    const ways = [byValue(placed, name)];
    if (RUNNING.includes(name)) ways.push(byRuns(placed, name, begins));
    return ways.filter(({ parts }) => isSensible(parts, placed.length, most));
  });
}

function isSensible(parts: SlicePart<SliceFacts>[], count: number, most: number): boolean {
  return parts.length > 1 && (parts.length <= most || count / parts.length >= LEAST_RUN);
}

function byValue<S extends SliceFacts>(placed: readonly Placed<S>[], name: MarkName): Partition<S> {
  const groups = Map.groupBy(placed, ({ slice }) => slice.marks[name]);
  const values = [...groups.keys()].sort(compareMarks);
  return { parts: values.map((value) => ({ label: labelOf(name, value), slices: groups.get(value)! })) };
}

/**
 * Runs in the order of the mark, counted from the end that leaves the longest. Slices without the mark make no runs, and
 * no run ends between equal marks.
 */
function byRuns<S extends SliceFacts>(placed: readonly Placed<S>[], name: MarkName, begins: Begins): Partition<S> {
  if (placed.some(({ slice }) => typeof slice.marks[name] !== 'number')) return { parts: [] };
  const order = placed.toSorted((a, b) => compareMarks(a.slice.marks[name], b.slice.marks[name]) || a.place - b.place);
  const forward = runsOf(order, begins);
  const backward = runsOf(order.toReversed(), begins).reverse();
  const runs = largest(backward) > largest(forward) ? backward : forward;
  const ends = runs.slice(1).map((run, n) => [runs[n], run].map((one) => one.map(({ slice }) => slice.marks[name])));
  if (ends.some(([before, after]) => after.some((mark) => before.includes(mark)))) return { parts: [] };
  const parts = runs.map((slices) => {
    const marks = slices.map(({ slice }) => slice.marks[name]).sort(compareMarks);
    return { label: `${labelOf(name, marks[0])} to ${valueText(name, marks.at(-1))}`, slices };
  });
  return { parts };
}

function runsOf<S extends SliceFacts>(order: readonly Placed<S>[], begins: Begins): Placed<S>[][] {
  const runs: Placed<S>[][] = [];
  for (const one of order) {
    const run = runs.at(-1);
    if (run && !begins(run, one)) run.push(one);
    else runs.push([one]);
  }
  return runs;
}

function largest(runs: unknown[][]): number {
  return Math.max(0, ...runs.map((run) => run.length));
}

/**
 * The images at each place by InstanceNumber, where all images of a place follow each other and every place has as many:
 * the first of each place is the first volume. Undefined where the numbers do not run so.
 */
export function byRank<S extends SliceFacts>(placed: readonly Placed<S>[]): Partition<S> | undefined {
  const most = mostAtOnePlace(placed);
  if (placed.length !== most * new Set(placed.map(({ place }) => place)).size) return undefined;
  const order = placed.toSorted((a, b) => compareNumbers(a.slice, b.slice));
  const isBlocked = order.every(({ place }, n) => place === order[n - (n % most)].place);
  if (!isBlocked || order.some(({ slice }, n) => n > 0 && compareNumbers(order[n - 1].slice, slice) === 0))
    return undefined;
  return {
    parts: Array.from({ length: most }, (_, rank) => ({
      label: `image ${rank + 1} of ${most} at each place by InstanceNumber`,
      slices: order.filter((__, n) => n % most === rank),
    })),
  };
}

function compareNumbers({ marks: a }: SliceFacts, { marks: b }: SliceFacts): number {
  return compareMarks(a.InstanceNumber, b.InstanceNumber) || compareMarks(a.FrameNumber, b.FrameNumber);
}

/** Slices that still lie at one place within a part. */
export function repeatsLeft({ parts }: Partition<SliceFacts>): number {
  return parts.reduce((sum, { slices }) => sum + countRepeats(slices), 0);
}

/** Undefined first, numbers by size, texts by code point. */
export function compareMarks(a: SliceMarks[MarkName], b: SliceMarks[MarkName]): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return a < b ? -1 : 1;
}

const TIMES: MarkName[] = ['AcquisitionTime', 'ContentTime'];

export function labelOf(name: MarkName, value: SliceMarks[MarkName]): string {
  return `${name} ${valueText(name, value)}`;
}

function valueText(name: MarkName, value: SliceMarks[MarkName]): string {
  if (value === undefined) return '(absent)';
  if (typeof value !== 'number' || !TIMES.includes(name)) return String(value);
  return new Date(Math.round(value * 1000))
    .toISOString()
    .slice(11, 23)
    .replace(/\.000$/, '');
}
