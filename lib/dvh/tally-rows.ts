import { insideLengthMm } from '../math/scan-rows.ts';
import { type DoseSampler, doseAt, EDGE } from './dose-sampler.ts';
import { type DoseTally, widen } from './dose-tally.ts';
import type { Cut } from './solid/section-cutter.ts';
import { type Line, tallyLine } from './tally-line.ts';

/** A thin slice of a solid: a section, the height at which it meets the dose, and the thickness it represents. */
export interface Slab extends Cut {
  lowMm: number;
  highMm: number;
  areaMm2: number;
  /** Longest piece of a scan line that one dose value represents, mm. */
  segmentMm: number;
}

/** Adds the scan lines of a slab to the tally, and tells what of them lies outside the dose grid. */
export function tallyRows(tally: DoseTally, sampler: DoseSampler, slab: Slab): void {
  const { rows, firstV, rowMm } = slab;
  const { axes, size, slicesMm, halfSliceMm } = sampler;
  const thickness = partInside(slab.lowMm, slab.highMm, gridReach(sampler, ALONG_W));
  const ccPerMm = (slab.areaMm2 * (slab.highMm - slab.lowMm)) / insideLengthMm(rows) / 1000;
  const w = thickness.part < 1 ? thickness.middle : slab.w;
  const reachU = gridReach(sampler, ALONG_U);
  const reachV = gridReach(sampler, ALONG_V);
  const thicknessMm = (slab.highMm - slab.lowMm) * thickness.part;
  const extent = { segmentMm: slab.segmentMm, rowMm, thicknessMm, ccPerMm };
  const [iu, ju, qu] = [axes[1], axes[5], axes[9]];
  const lastQ = slicesMm[size[2] - 1];
  const line: Line = { i: 0, j: 0, q: 0, low: 0, high: 0 };
  for (let r = 0; r + 1 < rows.start.length; r++) {
    const middleV = firstV + r * rowMm;
    const width = partInside(middleV - rowMm / 2, middleV + rowMm / 2, reachV);
    const part = width.part * thickness.part;
    const v = width.middle;
    extent.rowMm = rowMm * width.part;
    extent.ccPerMm = ccPerMm * part;
    line.i = axes[0] + axes[2] * v + axes[3] * w;
    line.j = axes[4] + axes[6] * v + axes[7] * w;
    line.q = axes[8] + axes[10] * v + axes[11] * w;
    const first = Math.max(entry(line.i, iu, size[0] - 1, 0), entry(line.j, ju, size[1] - 1, 0));
    const last = Math.min(exit(line.i, iu, size[0] - 1, 0), exit(line.j, ju, size[1] - 1, 0));
    const start = Math.max(first, entry(line.q, qu, lastQ, halfSliceMm), reachU[0]);
    const end = Math.min(last, exit(line.q, qu, lastQ, halfSliceMm), reachU[1]);
    for (let x = rows.start[r]; x + 1 < rows.start[r + 1]; x += 2) {
      const length = rows.x[x + 1] - rows.x[x];
      line.low = Math.max(rows.x[x], start);
      line.high = Math.min(rows.x[x + 1], end);
      const covered = part > 0 ? Math.max(line.high - line.low, 0) : 0;
      tally.outsideCc += (length - covered * part) * ccPerMm;
      if (covered === 0) continue;
      tallyLine(tally, sampler, line, extent);
      widen(tally, doseAt(sampler, line.low, v, w));
      widen(tally, doseAt(sampler, line.high, v, w));
    }
  }
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
