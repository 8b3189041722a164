import { copyBox, lengthOf, type NetworkArray, ORIGIN, type Shape } from './array.ts';
import type { Plan } from './plans.ts';
import { windowStarts, windowWeights } from './sliding-window.ts';

/** A network: a patch of the image to the logits of all classes, one class after the other. */
export type Infer = (patch: Float32Array) => Promise<Float32Array>;

export interface PredictOptions {
  classes: number;
  /** Axes of the patch that the network may see mirrored; its answers are averaged. */
  mirrorAxes: number[];
  signal: AbortSignal;
}

/**
 * Logits of every class on the whole image: overlapping windows weighed by a Gaussian, each also mirrored along all
 * combinations of the given axes. An image smaller than the patch is padded with 0 on both sides. Sums are rounded to 16
 * bits as nnU-Net keeps them, which decides where two classes are nearly as likely.
 * @param networks of several folds; their logits are averaged
 */
export async function predictLogits(
  image: NetworkArray,
  plan: Plan,
  networks: Infer[],
  { classes, mirrorAxes, signal }: PredictOptions,
): Promise<Float32Array[]> {
  const { padded, offset } = pad(image, plan.patch);
  const logits = Array.from({ length: classes }, () => new Float32Array(lengthOf(padded.shape)));
  const total = new Float32Array(lengthOf(padded.shape));
  const weights = windowWeights(plan.patch);
  const window = new Float32Array(lengthOf(plan.patch));
  const mirrors = subsetsOf(mirrorAxes);
  for (const start of windowStarts(padded.shape, plan.patch)) {
    signal.throwIfAborted();
    copyBox({ ...padded, start }, { data: window, shape: plan.patch, start: ORIGIN }, plan.patch);
    const answer = await answerOf(window, plan.patch, networks, mirrors, classes);
    add(answer, weights, logits, total, padded.shape, start, plan.patch);
  }
  for (const one of logits) for (let v = 0; v < one.length; v++) one[v] = Math.f16round(one[v] / total[v]);
  return logits.map((one) => {
    const cut = new Float32Array(image.data.length);
    const from = { data: one, shape: padded.shape, start: offset };
    copyBox(from, { data: cut, shape: image.shape, start: ORIGIN }, image.shape);
    return cut;
  });
}

function pad({ shape, data }: NetworkArray, patch: Shape): { padded: NetworkArray; offset: Shape } {
  const size = shape.map((length, axis) => Math.max(length, patch[axis])) as Shape;
  const offset = size.map((length, axis) => (length - shape[axis]) >> 1) as Shape;
  if (size.every((length, axis) => length === shape[axis])) return { padded: { shape, data }, offset };
  const padded = { shape: size, data: new Float32Array(lengthOf(size)) };
  copyBox({ data, shape, start: ORIGIN }, { ...padded, start: offset }, shape);
  return { padded, offset };
}

async function answerOf(
  window: Float32Array,
  patch: Shape,
  networks: Infer[],
  mirrors: number[][],
  classes: number,
): Promise<Float32Array> {
  const sum = new Float32Array(classes * window.length);
  for (const infer of networks) {
    for (const axes of mirrors) {
      const answer = await infer(mirrored(window, patch, axes));
      for (let c = 0; c < classes; c++) {
        const there = answer.subarray(c * window.length, (c + 1) * window.length);
        const back = mirrored(there, patch, axes);
        const target = sum.subarray(c * window.length, (c + 1) * window.length);
        for (let v = 0; v < target.length; v++) target[v] += back[v];
      }
    }
  }
  const count = networks.length * mirrors.length;
  if (count > 1) for (let v = 0; v < sum.length; v++) sum[v] /= count;
  return sum;
}

/** All combinations of some axes, that of none included. */
function subsetsOf(axes: number[]): number[][] {
  const subsets: number[][] = [[]];
  for (const axis of axes) subsets.push(...subsets.map((subset) => [...subset, axis]));
  return subsets;
}

function mirrored(data: Float32Array, shape: Shape, axes: number[]): Float32Array {
  if (axes.length === 0) return data;
  const [n0, n1, n2] = shape;
  const [f0, f1, f2] = [0, 1, 2].map((axis) => axes.includes(axis));
  const result = new Float32Array(data.length);
  for (let a = 0, at = 0; a < n0; a++) {
    for (let b = 0; b < n1; b++) {
      const row = n2 * ((f1 ? n1 - 1 - b : b) + n1 * (f0 ? n0 - 1 - a : a));
      for (let c = 0; c < n2; c++, at++) result[at] = data[row + (f2 ? n2 - 1 - c : c)];
    }
  }
  return result;
}

function add(
  answer: Float32Array,
  weights: Float32Array,
  logits: Float32Array[],
  total: Float32Array,
  shape: Shape,
  start: Shape,
  patch: Shape,
): void {
  for (let a = 0, at = 0; a < patch[0]; a++) {
    for (let b = 0; b < patch[1]; b++) {
      const row = start[2] + shape[2] * (start[1] + b + shape[1] * (start[0] + a));
      for (let c = 0; c < patch[2]; c++, at++) {
        total[row + c] = Math.f16round(total[row + c] + weights[at]);
        for (let k = 0; k < logits.length; k++) {
          const weighed = Math.fround(weights[at] * answer[k * weights.length + at]);
          logits[k][row + c] = Math.f16round(logits[k][row + c] + weighed);
        }
      }
    }
  }
}
