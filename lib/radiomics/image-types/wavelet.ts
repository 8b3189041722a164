import { boxOf, intersectBoxes } from '../../image/box.ts';
import type { Box, VoxelArray } from '../../image/grid.ts';
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
 * image is filtered in float32, any other in double. Bands come one at a time, the last level's approximation last. Outside
 * of the box `within` their numbers are 0, or not those of the whole image: only the part is filtered that its numbers follow from.
 */
export function* waveletBands(
  data: VoxelArray,
  size: Vec3,
  options: WaveletOptions,
  within: Box = boxOf({ size }),
): Generator<WaveletBand> {
  const part = reachedPart(size, within, options);
  if (volumeOf(part.size) === data.length) yield* bandsOfAll(data, size, options);
  else {
    const cut = copyPart(data, { size, start: [0, 0, 0] }, part, sameType(data, volumeOf(part.size)));
    for (const { name, data: band } of bandsOfAll(cut, part.size, options)) {
      yield { name, data: copyPart(band, part, { size, start: [0, 0, 0] }, sameType(band, data.length)) };
    }
  }
}

/** The voxels that the bands within a box follow from; a whole line where the filter reaches over an end of it. */
function reachedPart(size: Vec3, within: Box, { wavelet, level, startLevel, axes }: WaveletOptions): Box {
  const reach = (level + startLevel) * Math.ceil(waveletFilters(wavelet).low.length / 2);
  const part = boxOf({ size });
  for (const axis of [0, 1, 2]) {
    const grown = axes.includes(axis) ? reach : 0;
    const [first, end] = [within.start[axis] - grown, within.start[axis] + within.size[axis] + grown];
    if (first < 0 || end > size[axis]) continue;
    part.start[axis] = first;
    part.size[axis] = end - first;
  }
  return part;
}

/** Copies what two boxes share from the numbers of one to those of the other. */
function copyPart<Numbers extends VoxelArray>(from: VoxelArray, source: Box, target: Box, to: Numbers): Numbers {
  const shared = intersectBoxes(source, target);
  const at = (box: Box, j: number, k: number) =>
    shared.start[0] - box.start[0] + box.size[0] * (j - box.start[1] + box.size[1] * (k - box.start[2]));
  for (let k = shared.start[2]; k < shared.start[2] + shared.size[2]; k++) {
    for (let j = shared.start[1]; j < shared.start[1] + shared.size[1]; j++) {
      const row = at(source, j, k);
      to.set(from.subarray(row, row + shared.size[0]), at(target, j, k));
    }
  }
  return to;
}

function sameType<Numbers extends VoxelArray>(data: Numbers, length: number): Numbers {
  return new (data.constructor as new (length: number) => Numbers)(length);
}

function* bandsOfAll(data: VoxelArray, size: Vec3, options: WaveletOptions): Generator<WaveletBand> {
  const padded = size.map((n) => n + (n % 2)) as Vec3;
  const [low, high] = filterPair(options.wavelet, data instanceof Float32Array);
  let approximation = padWrapped(data, size, padded);
  const room = () => sameType(approximation, approximation.length);
  const inner = options.axes.slice(TOGETHER).map(() => ({ low: room(), high: room() }));
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
  /** What the split along each axis but the last two leaves: written again for every four bands. */
  inner: readonly Halves[];
}

interface Halves {
  low: Samples;
  high: Samples;
}

/** Axes along which data are split without being copied in between. */
const TOGETHER = 2;

/** A band, or on the way to it the letters of the axes so far. */
interface Part {
  letters: string;
  data: Samples;
}

/** Splits along one axis after the other, low before high. Bands are trimmed, but for the approximation, which the next level needs. */
function* bandsOf(transform: Transform, data: Samples, letters: string): Generator<Part> {
  const depth = letters.length;
  if (transform.axes.length - depth <= TOGETHER) {
    yield* lastBands(transform, { data, letters });
    return;
  }
  const { low, high } = transform.inner[depth];
  const placed = placeSamples(transform, data, 1);
  convolveAlong(transform, transform.axes[depth], placed.from, placed, 0);
  low.set(samplesAt(data, placed.halves[0].low, data.length));
  high.set(samplesAt(data, placed.halves[0].high, data.length));
  yield* bandsOf(transform, low, `${letters}L`);
  yield* bandsOf(transform, high, `${letters}H`);
}

/** The bands that splits along the axes left, one or two, make. */
function lastBands(transform: Transform, { data, letters }: Part): Part[] {
  const left = transform.axes.slice(letters.length);
  const placed = placeSamples(transform, data, left.length);
  const splitInto = (from: number, before: string, [axis, ...others]: number[]): Part[] => {
    const { low, high } = placed.halves[others.length];
    convolveAlong(transform, axis, from, placed, others.length);
    return [
      { at: low, band: `${before}L` },
      { at: high, band: `${before}H` },
    ].flatMap(({ at, band }) => {
      if (others.length > 0) return splitInto(at, band, others);
      const isDetail = band.includes('H');
      return [
        { letters: band, data: isDetail ? trimmedAt(transform, data, at) : samplesAt(data, at, data.length).slice() },
      ];
    });
  };
  return splitInto(placed.from, letters, left);
}

/** Samples, taps and room for halves in the memory of the kernels. */
interface Placed {
  data: Samples;
  from: number;
  taps: number;
  scratch: number;
  halves: { low: number; high: number }[];
}

function placeSamples({ padded, taps }: Transform, data: Samples, splits: number): Placed {
  const width = data.BYTES_PER_ELEMENT;
  const scratchBytes = width * (padded[0] + taps.length) + 4 * taps.length;
  const halfBytes = new Array<number>(2 * splits).fill(data.byteLength);
  const [from, tapsAt, scratch, ...at] = place(data, [width * taps.length, scratchBytes, ...halfBytes]);
  samplesAt(data, tapsAt, taps.length).set(taps);
  const halves = Array.from({ length: splits }, (_, n) => ({ low: at[2 * n], high: at[2 * n + 1] }));
  return { data, from, taps: tapsAt, scratch, halves };
}

/** Both filters along an axis, summed in the type of the samples, into the halves `into`. */
function convolveAlong({ padded, taps }: Transform, axis: number, from: number, placed: Placed, into: number): void {
  const { data, halves, scratch } = placed;
  const stride = axis === 0 ? 1 : axis === 1 ? padded[0] : padded[0] * padded[1];
  const convolve = data instanceof Float32Array ? kernels().convolve32 : kernels().convolve64;
  const blocks = data.length / (stride * padded[axis]);
  const { low, high } = halves[into];
  convolve(from, low, high, blocks, padded[axis], stride, placed.taps, taps.length / 2, scratch);
}

function trimmedAt({ size, padded }: Transform, like: Samples, address: number): Samples {
  const width = like.BYTES_PER_ELEMENT;
  kernels().trim(address, width * size[0], size[1], size[2], width * padded[0], padded[1]);
  return samplesAt(like, address, volumeOf(size)).slice();
}

/** A view of the kernels' memory in the type of other samples. */
function samplesAt(like: Samples, address: number, length: number): Samples {
  return like instanceof Float32Array ? float32At(address, length) : float64At(address, length);
}

/** PyWavelets scales coiflets by sqrt 2 when it loads them, for float32 images in float32. */
function filterPair(wavelet: string, single: boolean): [readonly number[], readonly number[]] {
  const { low, high } = waveletFilters(wavelet);
  if (!single || !wavelet.startsWith('coif')) return [low, high];
  const scaled = (tap: number) => Math.fround(Math.fround(tap / Math.SQRT2) * Math.fround(Math.SQRT2));
  return [low.map(scaled), high.map(scaled)];
}

/** Doubles, or float32 as they are; the image itself where it has that type and even sizes. */
function padWrapped(data: VoxelArray, size: Vec3, padded: Vec3): Samples {
  const isSamples = data instanceof Float32Array || data instanceof Float64Array;
  if (isSamples && volumeOf(padded) === data.length) return data;
  const out = data instanceof Float32Array ? new Float32Array(volumeOf(padded)) : new Float64Array(volumeOf(padded));
  for (let k = 0, p = 0; k < padded[2]; k++) {
    for (let j = 0; j < padded[1]; j++, p += padded[0]) {
      const row = size[0] * ((j % size[1]) + size[1] * (k % size[2]));
      out.set(data.subarray(row, row + size[0]), p);
      if (padded[0] > size[0]) out[p + size[0]] = data[row];
    }
  }
  return out;
}

function trimmed(data: Samples, size: Vec3, padded: Vec3): Samples {
  if (volumeOf(size) === data.length) return data;
  const out = sameType(data, volumeOf(size));
  for (let k = 0, p = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++, p += size[0]) {
      const row = padded[0] * (j + padded[1] * k);
      out.set(data.subarray(row, row + size[0]), p);
    }
  }
  return out;
}

function volumeOf(size: Vec3): number {
  return size[0] * size[1] * size[2];
}
