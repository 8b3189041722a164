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
  const inner = options.axes.slice(1).map(() => ({ low: approximation.slice(), high: approximation.slice() }));
  const transform = { size, padded, taps: [...low, ...high], axes: options.axes, inner };
  for (let level = 1 - options.startLevel; level <= options.level; level++) {
    let next = approximation;
    for (const { letters, data: band } of bandsOf(transform, approximation, '')) {
      if (!letters.includes('H')) next = band;
      else if (level >= 1) yield { name: bandName(level, letters), data: band };
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
  padded: Vec3;
  /** Of the low-pass filter, then those of the high-pass filter. */
  taps: number[];
  axes: readonly number[];
  /** What the split along each axis but the last leaves: written again for every band. */
  inner: readonly Halves[];
}

interface Halves {
  low: Samples;
  high: Samples;
}

/** Splits along one axis after the other, low before high. Bands are trimmed, but for the approximation, which the next level needs. */
function* bandsOf(transform: Transform, data: Samples, letters: string): Generator<{ letters: string; data: Samples }> {
  const depth = letters.length;
  if (depth === transform.axes.length) {
    yield { letters, data };
    return;
  }
  const { low, high } = split(transform, data, letters);
  yield* bandsOf(transform, low, `${letters}L`);
  yield* bandsOf(transform, high, `${letters}H`);
}

/** PyWavelets scales coiflets by sqrt 2 when it loads them, for float32 images in float32. */
function filterPair(wavelet: string, single: boolean): [readonly number[], readonly number[]] {
  const { low, high } = waveletFilters(wavelet);
  if (!single || !wavelet.startsWith('coif')) return [low, high];
  const scaled = (tap: number) => Math.fround(Math.fround(tap / Math.SQRT2) * Math.fround(Math.SQRT2));
  return [low.map(scaled), high.map(scaled)];
}

/** Both filters along the axis that follows on those of the letters, summed in the type of the samples. */
function split({ size, padded, taps, axes, inner }: Transform, data: Samples, letters: string): Halves {
  const axis = axes[letters.length];
  const stride = axis === 0 ? 1 : axis === 1 ? padded[0] : padded[0] * padded[1];
  const width = data.BYTES_PER_ELEMENT;
  const scratchBytes = width * (padded[0] + taps.length) + 4 * taps.length;
  const byteLengths = [data.byteLength, data.byteLength, width * taps.length, scratchBytes];
  const [from, low, high, tapsAt, scratch] = place(data, byteLengths);
  const isSingle = data instanceof Float32Array;
  (isSingle ? float32At : float64At)(tapsAt, taps.length).set(taps);
  const convolve = isSingle ? kernels().convolve32 : kernels().convolve64;
  const blocks = data.length / (stride * padded[axis]);
  convolve(from, low, high, blocks, padded[axis], stride, tapsAt, taps.length / 2, scratch);
  const samplesAt = (address: number, length: number) => (isSingle ? float32At : float64At)(address, length);
  if (letters.length < inner.length) {
    const halves = inner[letters.length];
    halves.low.set(samplesAt(low, data.length));
    halves.high.set(samplesAt(high, data.length));
    return halves;
  }
  const trim = (address: number) => {
    kernels().trim(address, width * size[0], size[1], size[2], width * padded[0], padded[1]);
    return samplesAt(address, volumeOf(size)).slice();
  };
  return { low: letters.includes('H') ? trim(low) : samplesAt(low, data.length).slice(), high: trim(high) };
}

function padWrapped(data: VoxelArray, size: Vec3, padded: Vec3): Samples {
  const out = data instanceof Float32Array ? new Float32Array(volumeOf(padded)) : new Float64Array(volumeOf(padded));
  for (let k = 0, p = 0; k < padded[2]; k++) {
    for (let j = 0; j < padded[1]; j++) {
      const row = size[0] * ((j % size[1]) + size[1] * (k % size[2]));
      for (let i = 0; i < size[0]; i++) out[p++] = data[row + i];
      if (padded[0] > size[0]) out[p++] = data[row];
    }
  }
  return out;
}

function trimmed(data: Samples, size: Vec3, padded: Vec3): Samples {
  if (volumeOf(size) === data.length) return data.slice();
  const out = data instanceof Float32Array ? new Float32Array(volumeOf(size)) : new Float64Array(volumeOf(size));
  for (let k = 0, p = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = padded[0] * (j + padded[1] * k);
      for (let i = 0; i < size[0]; i++) out[p++] = data[row + i];
    }
  }
  return out;
}

function volumeOf(size: Vec3): number {
  return size[0] * size[1] * size[2];
}
