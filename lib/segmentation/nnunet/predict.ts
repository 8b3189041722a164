import { UnusableResult } from '../label-map.ts';
import { copyBox, lengthOf, type NetworkArray, ORIGIN, type Shape } from './array.ts';
import { type HalfArray, halfArray, toHalf } from './half.ts';
import type { Plan } from './plans.ts';
import { USUAL_STEP, windowStarts, windowWeights } from './sliding-window.ts';

const NOT_FINITE =
  'the network gave values that are not finite numbers. If it was exported for 16-bit numbers, export it for 32-bit numbers';

/** A network: a patch of all channels, one after the other, to the logits of all classes, in one or several takes. */
export type Infer = (patch: Float32Array, take: TakeLogits) => Promise<void>;
/** Gets the logits of some classes, one class after the other; `first` is the number of the first of them. */
export type TakeLogits = (logits: Logits, first: number) => void;
export type Logits = Float32Array | Float16Array;

export interface PredictOptions {
  /** Answers of the network for a voxel. */
  classes: number;
  /** Axes of the patch, of its three or of its two, that the network may see mirrored; its answers are averaged. */
  mirrorAxes: number[];
  /** Part of a window between neighbours; absent: half, as nnU-Net. */
  windowStep?: number;
  signal: AbortSignal;
}

/**
 * The logits of a class on the whole image, in an array that the next call fills anew; each class can be taken once, for
 * its memory is given back.
 */
export type TakeClass = (value: number) => Float32Array;

/**
 * Logits of every class on the whole image: overlapping windows weighed by a Gaussian, each also mirrored along all
 * combinations of the given axes. An image smaller than the patch is padded with 0 on both sides. Sums are kept in 16
 * bits as nnU-Net keeps them, which decides where two classes are nearly as likely: 2 bytes for a class and a voxel.
 * @param channels of the image, of one shape
 * @param networks of several folds; their logits are averaged
 * @returns throws UnusableResult where a logit is no finite number
 */
export async function predictLogits(
  channels: NetworkArray[],
  plan: Plan,
  networks: Infer[],
  { classes, mirrorAxes, windowStep = USUAL_STEP, signal }: PredictOptions,
): Promise<TakeClass> {
  const [{ shape }] = channels;
  const { padded, offset } = pad(channels, plan.patch);
  const sums: (HalfArray | undefined)[] = Array.from({ length: classes }, () => halfArray(lengthOf(padded.shape)));
  const total = halfArray(lengthOf(padded.shape));
  const weights = windowWeights(plan.patch);
  const ones = new Float32Array(weights.length).fill(1);
  const voxels = lengthOf(plan.patch);
  const window = new Float32Array(channels.length * voxels);
  const axes = plan.isFlat ? mirrorAxes.map((axis) => axis + 1) : mirrorAxes;
  const ask = { networks, mirrors: subsetsOf(axes), mean: new Float32Array(0) };
  if (networks.length * ask.mirrors.length > 1) ask.mean = new Float32Array(classes * voxels);
  for (const start of windowStarts(padded.shape, plan.patch, windowStep)) {
    signal.throwIfAborted();
    for (const [channel, data] of padded.channels.entries()) {
      const part = window.subarray(channel * voxels, (channel + 1) * voxels);
      copyBox({ data, shape: padded.shape, start }, { data: part, shape: plan.patch, start: ORIGIN }, plan.patch);
    }
    const place = { shape: padded.shape, start, patch: plan.patch };
    add(ones, weights, total, place);
    await answer(window, plan.patch, ask, (logits, first) => {
      for (const [index, own] of classesOf(logits, voxels)) add(own, weights, sums[first + index]!, place);
    });
  }
  const taken = new Float32Array(lengthOf(shape));
  return (value) => {
    const sum = sums[value];
    if (!sum) throw new Error(`the logits of class ${value} were taken before`);
    sums[value] = undefined;
    divide(sum, total, taken, { shape: padded.shape, start: offset, patch: shape });
    return taken;
  };
}

/** Sums over the weights that went into them, of the image without its padding; stored in 16 bits. */
function divide(sum: HalfArray, total: HalfArray, into: Float32Array, { shape, start, patch }: Place): void {
  for (let a = 0, at = 0; a < patch[0]; a++) {
    for (let b = 0; b < patch[1]; b++) {
      const row = start[2] + shape[2] * (start[1] + b + shape[1] * (start[0] + a));
      let allFinite = true;
      for (let c = 0; c < patch[2]; c++, at++) {
        sum[row + c] = toHalf(sum[row + c] / total[row + c]);
        into[at] = sum[row + c];
        allFinite &&= into[at] - into[at] === 0;
      }
      if (!allFinite) throw new UnusableResult(NOT_FINITE);
    }
  }
}

interface Padded {
  padded: { shape: Shape; channels: Float32Array[] };
  offset: Shape;
}

function pad(channels: NetworkArray[], patch: Shape): Padded {
  const [{ shape }] = channels;
  const size = shape.map((length, axis) => Math.max(length, patch[axis])) as Shape;
  const offset = size.map((length, axis) => (length - shape[axis]) >> 1) as Shape;
  const isWhole = size.every((length, axis) => length === shape[axis]);
  const padded = channels.map(({ data }) => {
    if (isWhole) return data;
    const larger = new Float32Array(lengthOf(size));
    copyBox({ data, shape, start: ORIGIN }, { data: larger, shape: size, start: offset }, shape);
    return larger;
  });
  return { padded: { shape: size, channels: padded }, offset };
}

/** What is asked of the networks, and where their answers are averaged. */
interface Question {
  networks: Infer[];
  mirrors: number[][];
  mean: Float32Array;
}

async function answer(
  window: Float32Array,
  patch: Shape,
  { networks, mirrors, mean }: Question,
  take: TakeLogits,
): Promise<void> {
  const count = networks.length * mirrors.length;
  if (count === 1) return networks[0](window, take);
  mean.fill(0);
  const voxels = lengthOf(patch);
  for (const infer of networks) {
    for (const axes of mirrors) {
      await infer(mirrored(window, patch, axes), (logits, first) => {
        for (const [index, own] of classesOf(logits, voxels)) {
          const at = (first + index) * voxels;
          const back = mirrored(own, patch, axes);
          for (let v = 0; v < back.length; v++) mean[at + v] += back[v];
        }
      });
    }
  }
  for (let v = 0; v < mean.length; v++) mean[v] /= count;
  take(mean, 0);
}

/** The logits of each class, with its number among them. */
function* classesOf(logits: Logits, voxels: number): Generator<[index: number, logits: Logits]> {
  for (let index = 0; index * voxels < logits.length; index++)
    yield [index, logits.subarray(index * voxels, (index + 1) * voxels)];
}

/** All combinations of some axes, that of none included. */
function subsetsOf(axes: number[]): number[][] {
  const subsets: number[][] = [[]];
  for (const axis of axes) subsets.push(...subsets.map((subset) => [...subset, axis]));
  return subsets;
}

/** Every channel of an array turned round along the axes. */
function mirrored<T extends Logits>(data: T, shape: Shape, axes: number[]): T {
  if (axes.length === 0) return data;
  const voxels = lengthOf(shape);
  const result = data.slice() as T;
  for (let from = 0; from < data.length; from += voxels) mirrorInto(result, data, from, shape, axes);
  return result;
}

function mirrorInto(result: Logits, data: Logits, from: number, shape: Shape, axes: number[]): void {
  const [n0, n1, n2] = shape;
  const [f0, f1, f2] = [0, 1, 2].map((axis) => axes.includes(axis));
  for (let a = 0, at = from; a < n0; a++) {
    for (let b = 0; b < n1; b++) {
      const row = from + n2 * ((f1 ? n1 - 1 - b : b) + n1 * (f0 ? n0 - 1 - a : a));
      for (let c = 0; c < n2; c++, at++) result[at] = data[row + (f2 ? n2 - 1 - c : c)];
    }
  }
}

/** A box of a larger array. */
interface Place {
  shape: Shape;
  start: Shape;
  patch: Shape;
}

/** Adds what one class got in a window, in 16 bits. */
function add(answer: Logits, weights: Float32Array, sum: HalfArray, { shape, start, patch }: Place): void {
  for (let a = 0, at = 0; a < patch[0]; a++) {
    for (let b = 0; b < patch[1]; b++) {
      const row = start[2] + shape[2] * (start[1] + b + shape[1] * (start[0] + a));
      for (let c = 0; c < patch[2]; c++, at++)
        sum[row + c] = toHalf(sum[row + c] + Math.fround(weights[at] * answer[at]));
    }
  }
}
