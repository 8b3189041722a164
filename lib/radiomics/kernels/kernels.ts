import { KERNELS_WASM } from './kernels-wasm.ts';
import { LOG2 } from './logarithms.ts';

/** The functions of assembly/, which says what they do; arguments are byte addresses in the memory and whole numbers. */
export interface Kernels {
  countPairs(ranks: number, spans: number, spanCount: number, step: number, table: number, side: number): void;
  countPairsOfFour(ranks: number, spans: number, spanCount: number, steps: number, tables: number, side: number): void;
  countPairsOfEight(ranks: number, spans: number, spanCount: number, steps: number, tables: number, side: number): void;
  collectPairs(table: number, side: number, symmetric: number, counts: number): void;
  describePairs(
    counts: number,
    n: number,
    symmetric: number,
    levels: number,
    rows: number,
    columns: number,
    bySum: number,
    byDifference: number,
    sums: number,
  ): void;
  normalizePairs(
    counts: number,
    rows: number,
    columns: number,
    total: number,
    epsilon: number,
    n: number,
    scratch: number,
  ): number;
  startCorrelation(
    levels: number,
    rows: number,
    total: number,
    n: number,
    ripple: number,
    first: number,
    start: number,
  ): void;
  digitise(values: number, count: number, first: number, step: number, levels: number): number;
  countLevels(levels: number, count: number, voxels: number): void;
  placeRanks(levels: number, ranks: number, spans: number, spanCount: number, box: number): void;
  countDependents(
    levels: number,
    spans: number,
    spanCount: number,
    steps: number,
    stepCount: number,
    alpha: number,
    table: number,
    width: number,
  ): void;
  countRuns(
    ranks: number,
    spans: number,
    spanCount: number,
    step: number,
    lengths: number,
    table: number,
    width: number,
  ): number;
  collectZones(
    ranks: number,
    spans: number,
    spanCount: number,
    steps: number,
    apart: number,
    stepCount: number,
    distances: number,
    labels: number,
    equal: number,
    parents: number,
    zoneRanks: number,
    sizes: number,
    nearest: number,
  ): number;
  measureDistances(spans: number, spanCount: number, nx: number, area: number, distances: number): void;
  numberLevels(ranks: number, numbers: number, count: number, levels: number): void;
  sumAround(
    numbers: number,
    spans: number,
    spanCount: number,
    nx: number,
    area: number,
    rx: number,
    ry: number,
    rz: number,
    shift: number,
    mask: number,
    rows: number,
    planes: number,
    sums: number,
  ): void;
  addToneDifferences(
    levels: number,
    near: number,
    spans: number,
    spanCount: number,
    terms: number,
    termCount: number,
    differences: number,
    isolated: number,
  ): void;
  sumValues(values: number, count: number, shift: number, sums: number): void;
  sumPowers(values: number, count: number, mean: number, sums: number): void;
  robustDeviation(values: number, count: number, low: number, high: number): number;
  countBuckets(values: number, count: number, low: number, scale: number, buckets: number): void;
  gatherBuckets(values: number, count: number, low: number, scale: number, cursors: number): void;
  filterLines(
    data: number,
    sampleBytes: number,
    out: number,
    bases: number,
    groups: number,
    length: number,
    stride: number,
    apart: number,
    taps: number,
    scratch: number,
  ): void;
  addQuotients(
    data: number,
    divisor: number,
    sum: number,
    nx: number,
    ny: number,
    nz: number,
    rowBytes: number,
    planeBytes: number,
  ): void;
  dominantEigenvalue(
    matrix: number,
    n: number,
    symmetric: number,
    start: number,
    excluded: number,
    basis: number,
    scratch: number,
    maxSteps: number,
  ): number;
  decomposeColumns(plane: number, columns: number, rows: number): void;
  decomposeRows(plane: number, columns: number, rows: number, length: number, scratch: number): void;
  sampleCubicRow(
    coefficients: number,
    x: number,
    wx: number,
    rows: number,
    wy: number,
    wz: number,
    count: number,
    planes: number,
    out: number,
  ): void;
  convolve32(
    data: number,
    low: number,
    high: number,
    blocks: number,
    n: number,
    stride: number,
    taps: number,
    tapCount: number,
    scratch: number,
  ): void;
  convolve64(
    data: number,
    low: number,
    high: number,
    blocks: number,
    n: number,
    stride: number,
    taps: number,
    tapCount: number,
    scratch: number,
  ): void;
  sumWaves(tables: number, count: number, nx: number, ny: number, nz: number, row: number, sums: number): void;
  trim(data: number, rowBytes: number, rows: number, planes: number, paddedRowBytes: number, paddedRows: number): void;
}

/** How far away neighbours may be asked for, voxels: a sum over the cube of all of them has 16 bits. */
export const LARGEST_DISTANCE = 19;

const PAGE_BYTES = 65536;
const ALIGNMENT = 16;
/** Vectors may be read and written a little beyond the end of an array. */
const SLACK_BYTES = 64;

/** Where arrays are placed: behind the table of logarithms. */
const START = LOG2.byteLength;

/** One memory per thread: functions that use it place their arrays, compute and copy out before they return. */
const memory = new WebAssembly.Memory({ initial: START / PAGE_BYTES + 1 });
let compiled: Kernels | undefined;
let resident: ArrayBufferView | undefined;

export function kernels(): Kernels {
  if (compiled === undefined) {
    const bytes = Buffer.from(KERNELS_WASM, 'base64');
    const env = { memory, log2: Math.log2 };
    compiled = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports as unknown as Kernels;
    new Float64Array(memory.buffer, 0, LOG2.length).set(LOG2);
  }
  return compiled;
}

/**
 * Byte addresses of `first`, which is copied in, and of further arrays of the given byte lengths, whose content is undefined.
 * What an earlier call placed is gone, but for `first` itself: placed again, it is not copied again and must not have changed.
 */
export function place(first: ArrayBufferView, byteLengths: number[]): number[] {
  const addresses = layOut(START + first.byteLength, byteLengths);
  if (resident !== first) {
    bytesAt(START, first.byteLength).set(new Uint8Array(first.buffer, first.byteOffset, first.byteLength));
  }
  resident = first;
  return [START, ...addresses];
}

/** Byte addresses of arrays beside the last `first` of `place`, which stays. */
export function placeBeside(byteLengths: number[]): number[] {
  return layOut(START + (resident?.byteLength ?? 0), byteLengths);
}

function layOut(used: number, byteLengths: number[]): number[] {
  let end = used;
  const addresses = byteLengths.map((length) => {
    const start = Math.ceil((end + SLACK_BYTES) / ALIGNMENT) * ALIGNMENT;
    end = start + length;
    return start;
  });
  const missing = end + SLACK_BYTES - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return addresses;
}

export function bytesAt(address: number, byteLength: number): Uint8Array {
  return new Uint8Array(memory.buffer, address, byteLength);
}

/** Views hold until arrays are placed again. */
export function uint16At(address: number, length: number): Uint16Array {
  return new Uint16Array(memory.buffer, address, length);
}

export function int32At(address: number, length: number): Int32Array {
  return new Int32Array(memory.buffer, address, length);
}

export function uint32At(address: number, length: number): Uint32Array {
  return new Uint32Array(memory.buffer, address, length);
}

export function float32At(address: number, length: number): Float32Array {
  return new Float32Array(memory.buffer, address, length);
}

export function float64At(address: number, length: number): Float64Array {
  return new Float64Array(memory.buffer, address, length);
}
