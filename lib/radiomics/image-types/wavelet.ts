import type { VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { float32At, float64At, kernels, place } from '../kernels/kernels.ts';
import { LOW_PASS } from './wavelet-coefficients.ts';

export interface WaveletOptions {
  wavelet: string;
  /** Levels that give images, after `startLevel` levels that do not. */
  level: number;
  startLevel: number;
  /** Axes to filter, in the order of the letters of a band. */
  axes: readonly number[];
}

/** A sub-band: one letter L or H per filtered axis; the level counts from 1. */
export interface WaveletBand {
  level: number;
  letters: string;
  data: Float32Array | Float64Array;
}

type Samples = Float32Array | Float64Array;

/**
 * Undecimated wavelet transform as PyRadiomics takes it from PyWavelets: each level filters the approximation of the one
 * before with the same filters, periodically; odd sizes are padded by one wrapped sample, and trimmed again. A float32
 * image is filtered in float32, any other in double. Bands come one at a time, the last level's approximation last.
 */
export function* waveletBands(data: VoxelArray, size: Vec3, options: WaveletOptions): Generator<WaveletBand> {
  const padded = size.map((n) => n + (n % 2)) as Vec3;
  const [low, high] = filterPair(options.wavelet, data instanceof Float32Array);
  const transform = { size: padded, low, high, axes: options.axes };
  let approximation = padWrapped(data, size, padded);
  for (let level = 1 - options.startLevel; level <= options.level; level++) {
    let next = approximation;
    for (const band of bandsOf(transform, approximation, 0, '')) {
      if (!band.letters.includes('H')) next = band.data;
      else if (level >= 1) yield { level, letters: band.letters, data: trimmed(band.data, size, padded) };
    }
    approximation = next;
  }
  yield { level: options.level, letters: 'L'.repeat(options.axes.length), data: trimmed(approximation, size, padded) };
}

/** Whether the coefficients of this wavelet are known; names as in PyWavelets. */
export function isKnownWavelet(name: string): boolean {
  return name in LOW_PASS;
}

interface Transform {
  size: Vec3;
  low: readonly number[];
  high: readonly number[];
  axes: readonly number[];
}

/** Splits along one axis after the other, low before high. */
function* bandsOf(
  transform: Transform,
  data: Samples,
  depth: number,
  letters: string,
): Generator<Omit<WaveletBand, 'level'>> {
  if (depth === transform.axes.length) {
    yield { letters, data };
    return;
  }
  const axis = transform.axes[depth];
  yield* bandsOf(transform, convolve(data, transform.size, axis, transform.low), depth + 1, `${letters}L`);
  yield* bandsOf(transform, convolve(data, transform.size, axis, transform.high), depth + 1, `${letters}H`);
}

/**
 * The high-pass filter is the quadrature mirror of the low-pass one. PyWavelets scales coiflets by sqrt 2 when it loads them,
 * for float32 images in float32.
 */
function filterPair(wavelet: string, single: boolean): [readonly number[], readonly number[]] {
  const root = Math.SQRT2;
  const isScaled = single && wavelet.startsWith('coif');
  const low = LOW_PASS[wavelet].map((tap) =>
    isScaled ? Math.fround(Math.fround(tap / root) * Math.fround(root)) : tap,
  );
  return [low, low.map((_, n) => (n % 2 === 0 ? -1 : 1) * low[low.length - 1 - n])];
}

/** y[i] = sum_k f[k] x[(i + L/2 - k) mod n] along an axis, summed in the type of the samples. */
function convolve(data: Samples, size: Vec3, axis: number, filter: readonly number[]): Samples {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const width = data.BYTES_PER_ELEMENT;
  const scratchBytes = width * (size[0] + filter.length) + 8 * filter.length;
  const [from, to, taps, scratch] = place(data, [data.byteLength, width * filter.length, scratchBytes]);
  const blocks = data.length / (stride * size[axis]);
  if (data instanceof Float32Array) {
    float32At(taps, filter.length).set(filter);
    kernels().convolve32(from, to, blocks, size[axis], stride, taps, filter.length, scratch);
    return float32At(to, data.length).slice();
  }
  float64At(taps, filter.length).set(filter);
  kernels().convolve64(from, to, blocks, size[axis], stride, taps, filter.length, scratch);
  return float64At(to, data.length).slice();
}

function padWrapped(data: VoxelArray, size: Vec3, padded: Vec3): Samples {
  const out = data instanceof Float32Array ? new Float32Array(volumeOf(padded)) : new Float64Array(volumeOf(padded));
  for (let k = 0, p = 0; k < padded[2]; k++) {
    for (let j = 0; j < padded[1]; j++) {
      const row = size[0] * ((j % size[1]) + size[1] * (k % size[2]));
      for (let i = 0; i < padded[0]; i++, p++) out[p] = data[row + (i % size[0])];
    }
  }
  return out;
}

function trimmed(data: Samples, size: Vec3, padded: Vec3): Samples {
  if (volumeOf(size) === data.length) return data;
  const out = data instanceof Float32Array ? new Float32Array(volumeOf(size)) : new Float64Array(volumeOf(size));
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = padded[0] * (j + padded[1] * k);
      out.set(data.subarray(row, row + size[0]), size[0] * (j + size[1] * k));
    }
  }
  return out;
}

function volumeOf(size: Vec3): number {
  return size[0] * size[1] * size[2];
}
