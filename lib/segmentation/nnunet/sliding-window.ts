import { lengthOf, roundHalfEven, type Shape } from './array.ts';

/** Part of a window from one to the next: neighbours overlap by half (nnU-Net's tile_step_size). */
export const USUAL_STEP = 0.5;
const SIGMA = 1 / 8;
const TRUNCATE = 4;
/** Weight at the centre of a window: nnU-Net adds up in 16-bit numbers, which this keeps from vanishing. */
const CENTRE_WEIGHT = 10;

/**
 * First voxels of the windows that cover an image, in the order in which they are added up. Windows of a single slice,
 * those of 2D networks, do not overlap across slices.
 * @param step part of a window between neighbours
 */
export function windowStarts(image: Shape, patch: Shape, step: number): Shape[] {
  const [first, second, third] = image.map((length, axis) => startsAlong(length, patch[axis], step));
  return first.flatMap((a) => second.flatMap((b) => third.map((c): Shape => [a, b, c])));
}

function startsAlong(length: number, patch: number, part: number): number[] {
  if (patch === 1) return Array.from({ length }, (_, i) => i);
  const count = Math.ceil((length - patch) / (patch * part)) + 1;
  if (count <= 1) return [0];
  const step = (length - patch) / (count - 1);
  return Array.from({ length: count }, (_, i) => roundHalfEven(step * i));
}

/**
 * How much the voxels of a window count: a Gaussian with a deviation of an eighth of the window, rounded to 16 bits as
 * nnU-Net keeps it, and nowhere 0.
 */
export function windowWeights(patch: Shape): Float32Array {
  const [first, second, third] = patch.map(gaussianLine);
  const peak = first[patch[0] >> 1] * second[patch[1] >> 1] * third[patch[2] >> 1];
  const weights = new Float32Array(lengthOf(patch));
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0, at = 0; a < patch[0]; a++) {
    for (let b = 0; b < patch[1]; b++) {
      for (let c = 0; c < patch[2]; c++, at++) {
        const weight = Math.f16round((first[a] * second[b] * third[c]) / (peak / CENTRE_WEIGHT));
        weights[at] = weight;
        if (weight > 0 && weight < least) least = weight;
      }
    }
  }
  for (let v = 0; v < weights.length; v++) if (weights[v] === 0) weights[v] = least;
  return weights;
}

/** scipy's gaussian_filter of a single 1 in the middle: sampled, cut at four deviations, summing to 1. */
function gaussianLine(length: number): Float64Array {
  if (length === 1) return Float64Array.of(1);
  const sigma = length * SIGMA;
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = kernel.reduce((total, value) => total + value, 0);
  const centre = length >> 1;
  return Float64Array.from({ length }, (_, i) => (kernel[i - centre + radius] ?? 0) / sum);
}
