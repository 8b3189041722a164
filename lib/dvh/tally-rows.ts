import { insideLengthMm, type Rows } from '../math/scan-rows.ts';
import { type DoseSampler, EDGE } from './dose-sampler.ts';
import { addPoint, type DoseTally } from './dose-tally.ts';
import { DoseWindow, type PlaneBox } from './dose-window.ts';
import {
  BLOCK_ADDRESS,
  clear,
  float64At,
  int32At,
  kernels,
  numberOf,
  place,
  SEGMENTS_BYTES,
  setNumbers,
} from './kernels/kernels.ts';
import type { Cut } from './solid/section-cutter.ts';

/** A thin slice of a solid: a section, the height at which it meets the dose, and the thickness it represents. */
export interface Slab extends Cut {
  lowMm: number;
  highMm: number;
  areaMm2: number;
  /** Longest piece of a scan line that one dose value represents, mm. */
  segmentMm: number;
}

/** What the kernels add up. */
const SUMS = ['coveredCc', 'outsideCc', 'doseVolumeGyCc', 'minGy', 'maxGy', 'samples'] as const;

/**
 * Adds the scan lines of slabs to a tally, in WebAssembly: they are most of the work of a DVH. While it does, the tally keeps its nodes
 * there; `finish` brings them back. One at a time per thread.
 */
export class RowTally {
  readonly #tally: DoseTally;
  readonly #window: DoseWindow;
  /** The nodes of the tally before and after, and where they are meanwhile. */
  readonly #curvature: Float64Array;
  readonly #nodes: number;
  readonly #reach: [number, number][];
  #start = { address: 0, length: 0 };
  #x = { address: 0, length: 0 };

  constructor(tally: DoseTally, sampler: DoseSampler, solid: PlaneBox, windowBytes?: number) {
    clear();
    this.#tally = tally;
    this.#window = new DoseWindow(sampler, solid, windowBytes);
    this.#reach = [ALONG_U, ALONG_V, ALONG_W].map((along) => gridReach(sampler, along));
    placeSampler(sampler);
    const { baseGy, binGy, curvature } = tally;
    this.#curvature = curvature;
    this.#nodes = placed(curvature);
    setNumbers({ baseGy, perBin: 1 / binGy, nodes: curvature.length, curvature: this.#nodes });
  }

  /** Adds the scan lines of a slab, and tells what of them lies outside the dose grid. */
  add(slab: Slab): void {
    const { rows, firstV, rowMm, segmentMm } = slab;
    const [[lowU, highU], [lowV, highV], reachW] = this.#reach;
    const { part, middle } = partInside(slab.lowMm, slab.highMm, reachW);
    const w = part < 1 ? middle : slab.w;
    const ccPerMm = (slab.areaMm2 * (slab.highMm - slab.lowMm)) / insideLengthMm(rows) / 1000;
    const thicknessMm = (slab.highMm - slab.lowMm) * part;
    this.#window.hold(boxOf(slab, w));
    this.#placeRows(rows);
    setNumbers({ firstV, rowMm, w, thicknessMm, part, segmentMm, ccPerMm, lowU, highU, lowV, highV });
    const { coveredCc, outsideCc, doseVolumeGyCc, minGy, maxGy, samples } = this.#tally;
    setNumbers({ coveredCc, outsideCc, doseVolumeGyCc, minGy, maxGy, samples });
    kernels().tallyRows(BLOCK_ADDRESS, this.#start.address, this.#x.address, rows.start.length - 1);
    for (const name of SUMS) this.#tally[name] = numberOf(name);
  }

  /** Adds a volume of one dose. */
  addPoint(doseGy: number, volumeCc: number): void {
    this.#tally.curvature = float64At(this.#nodes, this.#curvature.length);
    addPoint(this.#tally, doseGy, volumeCc);
  }

  finish(): void {
    this.#curvature.set(float64At(this.#nodes, this.#curvature.length));
    this.#tally.curvature = this.#curvature;
  }

  #placeRows({ start, x }: Rows): void {
    this.#start = roomFor(this.#start, start.length, 4);
    this.#x = roomFor(this.#x, x.length, 8);
    int32At(this.#start.address, start.length).set(start);
    float64At(this.#x.address, x.length).set(x);
  }
}

/** A sampler in the memory of the kernels, with room for the profiles of a line. */
function placeSampler({ axes, size, slicesMm, lookup, lookupStepMm, halfSliceMm }: DoseSampler): void {
  const [sizeI, sizeJ, sizeK] = size;
  const [slices, profile] = [placed(slicesMm), place(3 * 8 * (sizeI + 4))];
  const lookupAt = place(lookup.byteLength);
  int32At(lookupAt, lookup.length).set(lookup);
  const lastSliceMm = slicesMm[sizeK - 1];
  setNumbers(Object.fromEntries(Array.from(axes, (value, n) => [`axis${n}`, value])));
  setNumbers({ sizeI, sizeJ, sizeK, halfSliceMm, lookupStepMm, lookupLength: lookup.length, lastSliceMm });
  setNumbers({ slices, lookup: lookupAt, profile, segments: place(SEGMENTS_BYTES) });
}

/** The address of a copy. */
function placed(values: Float64Array): number {
  const address = place(values.byteLength);
  float64At(address, values.length).set(values);
  return address;
}

/** Room for so many numbers of a size: the one there is, or twice as much as is needed. */
function roomFor(room: { address: number; length: number }, length: number, bytes: number) {
  return room.length >= length ? room : { address: place(2 * length * bytes), length: 2 * length };
}

/** The box of the scan lines of a slab and of the rows around them. */
function boxOf({ rows: { start, x }, firstV, rowMm }: Slab, w: number): PlaneBox {
  let [minU, maxU] = [Infinity, -Infinity];
  for (let n = 0; n < x.length; n++) {
    if (x[n] < minU) minU = x[n];
    if (x[n] > maxU) maxU = x[n];
  }
  return { low: [minU, firstV - rowMm, w], high: [maxU, firstV + (start.length - 1) * rowMm, w] };
}

/** Offsets of the slopes along u, v and w in the axes of a sampler. */
const ALONG_U = 1;
const ALONG_V = 2;
const ALONG_W = 3;

/** From where to where a direction of the planes lies in the dose grid, if it alone moves along an axis of the grid. */
function gridReach({ axes, size, slicesMm, halfSliceMm }: DoseSampler, along: number): [number, number] {
  let [low, high] = [-Infinity, Infinity];
  for (let a = 0; a < 3; a++) {
    const others = [1, 2, 3].filter((direction) => direction !== along);
    if (others.some((direction) => axes[4 * a + direction] !== 0)) continue;
    const [last, margin] = a === 2 ? [slicesMm[size[2] - 1], halfSliceMm] : [size[a] - 1, 0];
    low = Math.max(low, entry(axes[4 * a], axes[4 * a + along], last, margin - EDGE));
    high = Math.min(high, exit(axes[4 * a], axes[4 * a + along], last, margin - EDGE));
  }
  return [low, high];
}

/** How much of a stretch lies within a reach, 0 ... 1, and the middle of that. */
function partInside(from: number, to: number, [low, high]: [number, number]): { part: number; middle: number } {
  const [start, end] = [Math.max(from, low), Math.min(to, high)];
  return { part: Math.max(end - start, 0) / (to - from), middle: (start + end) / 2 };
}

/** First u at which at + slope u lies within -margin ... last + margin; Infinity when it never does. */
function entry(at: number, slope: number, last: number, margin: number): number {
  const low = -margin - EDGE;
  const high = last + margin + EDGE;
  if (slope === 0) return at >= low && at <= high ? -Infinity : Infinity;
  return ((slope > 0 ? low : high) - at) / slope;
}

/** Last u of the same. */
function exit(at: number, slope: number, last: number, margin: number): number {
  if (slope === 0) return Infinity;
  return ((slope > 0 ? last + margin + EDGE : -margin - EDGE) - at) / slope;
}
