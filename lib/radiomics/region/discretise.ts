import { BadInput } from '../../errors.ts';
import { float64At, int32At, kernels, place } from '../kernels/kernels.ts';

/** Grey levels of a region's voxels, from 1. */
export interface Discretised {
  levelOfVoxel: Int32Array;
  /** Ng: highest level. */
  levelCount: number;
}

/** How values become levels: bins of a fixed width anchored at 0, or a fixed number of bins from minimum to maximum. */
export type Binning = { binWidth: number } | { binCount: number };

/** The type of numbers that an image is kept in decides how bin edges are rounded. */
export type Precision = 'integer' | 'float32' | 'float64';

const MAX_EDGES = 1 << 24;

/** Discretisation as PyRadiomics does it on NumPy 2: the level is the number of bin edges that are at or below the value. */
export function discretise(values: Float64Array, binning: Binning, precision: Precision): Discretised {
  const [low, high] = rangeOf(values);
  const edges = 'binCount' in binning ? countEdges(low, high, binning.binCount, precision) : undefined;
  return edges === undefined
    ? digitiseByWidth(values, low, high, (binning as { binWidth: number }).binWidth, precision)
    : digitise(values, edges);
}

/**
 * Edges low + n * step as numpy.arange forms them, with low the multiple of the width at or below the minimum. For a
 * float32 image low and the second edge are float32 numbers (NumPy 2 keeps a scalar's type); the step is their difference
 * in double, and the later edges are doubles.
 */
function digitiseByWidth(
  values: Float64Array,
  low: number,
  high: number,
  width: number,
  precision: Precision,
): Discretised {
  const round = precision === 'float32' ? Math.fround : (x: number) => x;
  const first = round(low - round(flooredModulo(low, round(width))));
  const step = round(first + round(width)) - first;
  if ((high - first) / step > MAX_EDGES) {
    throw new BadInput(
      `a bin width of ${width} divides the range ${low} to ${high} into more than ${MAX_EDGES} bins; use a larger binWidth, or a binCount`,
    );
  }
  const [at, levelsAt] = place(values, [4 * values.length]);
  const levelCount = kernels().digitise(at, values.length, first, step, levelsAt);
  return { levelOfVoxel: int32At(levelsAt, values.length).slice(), levelCount };
}

/** numpy.linspace; the last edge is raised by 1 so that the maximum falls into the last bin. */
function countEdges(low: number, high: number, count: number, precision: Precision): Float64Array {
  const round = precision === 'float32' ? Math.fround : (x: number) => x;
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const edges = new Float64Array(count + 1);
  const step = round(round(to - from) / count);
  for (let n = 0; n < count; n++) edges[n] = round(round(n * step) + from);
  edges[count] = round(round(to) + 1);
  return edges;
}

function digitise(values: Float64Array, edges: Float64Array): Discretised {
  const levelOfVoxel = new Int32Array(values.length);
  const scale = (edges.length - 1) / (edges[edges.length - 1] - 1 - edges[0]);
  let levelCount = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    let level = Math.min(Math.max(Math.floor((value - edges[0]) * scale), 0), edges.length - 2);
    while (level > 0 && value < edges[level]) level--;
    while (level < edges.length - 2 && value >= edges[level + 1]) level++;
    levelOfVoxel[n] = level + 1;
    if (level >= levelCount) levelCount = level + 1;
  }
  return { levelOfVoxel, levelCount };
}

function rangeOf(values: Float64Array): [number, number] {
  const [at, sumsAt] = place(values, [32]);
  kernels().sumValues(at, values.length, 0, sumsAt);
  const [low, high] = float64At(sumsAt, 2);
  return [low, high];
}

/** The remainder with the sign of the divisor, as Python's %. */
function flooredModulo(a: number, b: number): number {
  const remainder = a % b;
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder;
}
