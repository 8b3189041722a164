import { BadInput } from '../../errors.ts';

/**
 * How intensities become grey levels (IBSI 4R0B): not at all (they are whole numbers already), in bins of a fixed size
 * from a lower bound (Q3RU), or in a fixed number of bins between minimum and maximum (K15C).
 */
export type Discretisation = { method: 'none' } | { method: 'fbs'; width: number } | { method: 'fbn'; bins: number };

export interface Discretised {
  /** Grey level of each voxel, from 1. */
  levelOfVoxel: Int32Array;
  /** Highest level that occurs. */
  levelCount: number;
}

/** `lowerBound` anchors bins of fixed size; without it they start at the minimum. */
export function discretise(values: Float64Array, how: Discretisation, lowerBound: number | undefined): Discretised {
  const [minimum, maximum] = extent(values);
  const levelOf = leveller(how, lowerBound ?? minimum, minimum, maximum);
  const levelOfVoxel = new Int32Array(values.length);
  let levelCount = 0;
  for (let n = 0; n < values.length; n++) {
    const level = levelOf(values[n]);
    levelOfVoxel[n] = level;
    if (level > levelCount) levelCount = level;
  }
  return { levelOfVoxel, levelCount };
}

/** Smallest and largest value. */
export function extent(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < values.length; n++) {
    if (values[n] < low) low = values[n];
    if (values[n] > high) high = values[n];
  }
  return [low, high];
}

/** A short name of the discretisation for a column: `fbs25`, `fbn32`, `none`. */
export function discretisationName(how: Discretisation): string {
  if (how.method === 'fbs') return `fbs${how.width}`;
  return how.method === 'fbn' ? `fbn${how.bins}` : 'none';
}

/** @throws BadInput when it is none: it would be moved to another level without a word */
export function wholeNumber(value: number): number {
  if (!Number.isInteger(value))
    throw new BadInput(
      `without discretisation all intensities must be whole numbers, but one is ${value}: choose fbs or fbn`,
    );
  return value;
}

function leveller(how: Discretisation, lower: number, minimum: number, maximum: number): (value: number) => number {
  if (how.method === 'fbs') return (value) => Math.max(Math.floor((value - lower) / how.width) + 1, 1);
  if (how.method === 'fbn') {
    const range = maximum - minimum;
    if (range === 0) return () => 1;
    return (value) => (value >= maximum ? how.bins : Math.floor((how.bins * (value - minimum)) / range) + 1);
  }
  if (minimum < 1)
    throw new BadInput('without discretisation intensities must be whole numbers from 1: choose fbs or fbn');
  return wholeNumber;
}
