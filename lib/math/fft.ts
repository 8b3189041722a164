import { decimate } from './fft-passes.ts';
import type { Chirp, FftPlan } from './fft-plan.ts';

const LARGEST_DIRECT_PRIME = 31;

/** Prepares transforms of `length` numbers. */
export function planFft(length: number): FftPlan {
  const cosines = new Float64Array(length);
  const sines = new Float64Array(length);
  for (let k = 0; k < length; k++) {
    cosines[k] = Math.cos((2 * Math.PI * k) / length);
    sines[k] = -Math.sin((2 * Math.PI * k) / length);
  }
  const factors = factorize(length);
  if (factors.every((factor) => factor <= LARGEST_DIRECT_PRIME)) return { length, factors, cosines, sines };
  return { length, factors: [], cosines, sines, chirp: planChirp(length) };
}

/**
 * Transforms `lines` lines in place: element n of line b lies at n * lines + b. X[k] = sum x[n] exp(-2 pi i k n / N).
 * The inverse, without its factor 1/N, is the same call with `re` and `im` exchanged.
 */
export function transformLines(plan: FftPlan, re: Float64Array, im: Float64Array, lines: number): void {
  if (plan.chirp) transformByChirp(plan.chirp, plan.length, re, im, lines);
  else transformByPasses(plan, re, im, lines);
}

/** The smallest length from n upward whose only prime factors are 2, 3 and 5. */
export function smoothLength(n: number): number {
  for (let length = Math.max(n, 1); ; length++) {
    let rest = length;
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
    if (rest === 1) return length;
  }
}

function factorize(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0) {
      factors.push(radix);
      rest /= radix;
    }
  }
  for (let prime = 7; rest > 1; prime += 2) {
    while (rest % prime === 0) {
      factors.push(prime);
      rest /= prime;
    }
  }
  return factors;
}

function transformByPasses(plan: FftPlan, re: Float64Array, im: Float64Array, lines: number): void {
  const total = plan.length * lines;
  let fromRe = re;
  let fromIm = im;
  let toRe: Float64Array = new Float64Array(total);
  let toIm: Float64Array = new Float64Array(total);
  let length = plan.length;
  let stride = lines;
  for (const radix of plan.factors) {
    decimate(plan, radix, length, stride, fromRe, fromIm, toRe, toIm);
    [fromRe, toRe] = [toRe, fromRe];
    [fromIm, toIm] = [toIm, fromIm];
    length /= radix;
    stride *= radix;
  }
  if (fromRe !== re) {
    re.set(fromRe.subarray(0, total));
    im.set(fromIm.subarray(0, total));
  }
}

function planChirp(length: number): Chirp {
  const plan = planFft(smoothLength(2 * length - 1));
  const re = new Float64Array(length);
  const im = new Float64Array(length);
  const kernelRe = new Float64Array(plan.length);
  const kernelIm = new Float64Array(plan.length);
  for (let k = 0; k < length; k++) {
    const angle = (Math.PI * ((k * k) % (2 * length))) / length;
    re[k] = Math.cos(angle);
    im[k] = -Math.sin(angle);
    for (const at of k === 0 ? [0] : [k, plan.length - k]) {
      kernelRe[at] = re[k] / plan.length;
      kernelIm[at] = -im[k] / plan.length;
    }
  }
  transformLines(plan, kernelRe, kernelIm, 1);
  return { plan, re, im, kernelRe, kernelIm };
}

function transformByChirp(chirp: Chirp, length: number, re: Float64Array, im: Float64Array, lines: number): void {
  const { plan, kernelRe, kernelIm } = chirp;
  const workRe = new Float64Array(plan.length * lines);
  const workIm = new Float64Array(plan.length * lines);
  multiplyRows(workRe, workIm, re, im, chirp.re, chirp.im, length, lines);
  transformLines(plan, workRe, workIm, lines);
  multiplyRows(workRe, workIm, workRe, workIm, kernelRe, kernelIm, plan.length, lines);
  transformLines(plan, workIm, workRe, lines);
  multiplyRows(re, im, workRe, workIm, chirp.re, chirp.im, length, lines);
}

/** to[n, b] = from[n, b] * factor[n] */
function multiplyRows(
  toRe: Float64Array,
  toIm: Float64Array,
  fromRe: Float64Array,
  fromIm: Float64Array,
  factorRe: Float64Array,
  factorIm: Float64Array,
  rows: number,
  lines: number,
): void {
  for (let n = 0; n < rows; n++) {
    const c = factorRe[n];
    const s = factorIm[n];
    const end = (n + 1) * lines;
    for (let at = n * lines; at < end; at++) {
      const r = fromRe[at];
      const i = fromIm[at];
      toRe[at] = r * c - i * s;
      toIm[at] = r * s + i * c;
    }
  }
}
