/**
 * Numbers of half precision, as nnU-Net keeps its logits. Node before 24 has no array of them: there an array of 32 bits
 * holds the same values in twice the memory, each rounded before it is stored.
 */
export type HalfArray = Float16Array | Float32Array;

const hasHalf = typeof Float16Array !== 'undefined';

export function halfArray(length: number): HalfArray {
  return hasHalf ? new Float16Array(length) : new Float32Array(length);
}

/** What is to be stored: an array of half precision rounds by itself, to the nearest and ties to even. */
export const toHalf: (value: number) => number = hasHalf ? (value) => value : (value) => Math.f16round(value);

export function isHalf(data: unknown): data is Float16Array {
  return hasHalf && data instanceof Float16Array;
}
