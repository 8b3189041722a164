import type { VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { float32At, float64At, kernels, place } from '../kernels/kernels.ts';
import { waveletFilters } from '../kernels/wavelet-filters.ts';

export interface WaveletOptions {
  wavelet: string;
  /** Levels that give images, after `startLevel` levels that do not. */
  level: number;
  startLevel: number;
  /** Axes to filter, in the order of the letters of a band. */
  axes: readonly number[];
}

/** A sub-band, named by its level, from 2 on, and a letter L or H per filtered axis: -LLH, 2-LLH. */
export interface WaveletBand {
  name: string;
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
  let approximation = padWrapped(data, size, padded);
  const results = options.axes.map(() => approximation.slice());
  const transform = { size: padded, low, high, axes: options.axes, results };
  for (let level = 1 - options.startLevel; level <= options.level; level++) {
    const next = approximation.slice();
    for (const band of bandsOf(transform, approximation, 0, '')) {
      if (!band.letters.includes('H')) next.set(band.data);
      else if (level >= 1) yield { name: bandName(level, band.letters), data: trimmed(band.data, size, padded) };
    }
    approximation = next;
  }
  yield { name: approximationName(options), data: trimmed(approximation, size, padded) };
}

/** The names of the bands in their order. */
export function bandNames(options: WaveletOptions): string[] {
  const letters = options.axes.reduce<string[]>((all, _) => all.flatMap((band) => [`${band}L`, `${band}H`]), ['']);
  const details = letters.filter((band) => band.includes('H'));
  const levels = Array.from({ length: options.level }, (_, n) => details.map((band) => bandName(n + 1, band)));
  return [...levels.flat(), approximationName(options)];
}

function bandName(level: number, letters: string): string {
  return `${level > 1 ? level : ''}-${letters}`;
}

function approximationName({ level, axes }: WaveletOptions): string {
  return bandName(level, 'L'.repeat(axes.length));
}

interface Transform {
  size: Vec3;
  low: readonly number[];
  high: readonly number[];
  axes: readonly number[];
  /** What the split along each axis leaves: written again for every band. */
  results: readonly Samples[];
}

/** Splits along one axis after the other, low before high. A band holds until the next one. */
function* bandsOf(
  transform: Transform,
  data: Samples,
  depth: number,
  letters: string,
): Generator<{ letters: string; data: Samples }> {
  if (depth === transform.axes.length) {
    yield { letters, data };
    return;
  }
  const { axes, size, low, high, results } = transform;
  convolve(data, size, axes[depth], low, results[depth]);
  yield* bandsOf(transform, results[depth], depth + 1, `${letters}L`);
  convolve(data, size, axes[depth], high, results[depth]);
  yield* bandsOf(transform, results[depth], depth + 1, `${letters}H`);
}

/** PyWavelets scales coiflets by sqrt 2 when it loads them, for float32 images in float32. */
function filterPair(wavelet: string, single: boolean): [readonly number[], readonly number[]] {
  const { low, high } = waveletFilters(wavelet);
  if (!single || !wavelet.startsWith('coif')) return [low, high];
  const scaled = (tap: number) => Math.fround(Math.fround(tap / Math.SQRT2) * Math.fround(Math.SQRT2));
  return [low.map(scaled), high.map(scaled)];
}

/** y[i] = sum_k f[k] x[(i + L/2 - k) mod n] along an axis, summed in the type of the samples. */
function convolve(data: Samples, size: Vec3, axis: number, filter: readonly number[], result: Samples): void {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const width = data.BYTES_PER_ELEMENT;
  const scratchBytes = width * (size[0] + filter.length) + 8 * filter.length;
  const [from, to, taps, scratch] = place(data, [data.byteLength, width * filter.length, scratchBytes]);
  const blocks = data.length / (stride * size[axis]);
  if (data instanceof Float32Array) {
    float32At(taps, filter.length).set(filter);
    kernels().convolve32(from, to, blocks, size[axis], stride, taps, filter.length, scratch);
    result.set(float32At(to, data.length));
    return;
  }
  float64At(taps, filter.length).set(filter);
  kernels().convolve64(from, to, blocks, size[axis], stride, taps, filter.length, scratch);
  result.set(float64At(to, data.length));
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
  if (volumeOf(size) === data.length) return data.slice();
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
