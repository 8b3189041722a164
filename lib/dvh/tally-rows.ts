import { type DoseSampler, doseAt, EDGE, sliceBelow } from './dose-sampler.ts';
import type { DoseTally } from './dose-tally.ts';
import { insideLengthMm } from './scan-rows.ts';
import type { Cut } from './section-cutter.ts';

/** A thin slice of a solid: a section, the height at which it meets the dose, and what it stands for. */
export interface Slab extends Cut {
  lowMm: number;
  highMm: number;
  areaMm2: number;
  /** Longest piece of a scan line that one dose value stands for, mm. */
  segmentMm: number;
}

/**
 * Adds the slab to the tally: every scan line is cut into segments, and the volume of a segment is spread evenly over
 * the doses that the local gradient of the trilinear dose gives it along all three sides (equal variance). In a linear
 * dose along one side this is exact; elsewhere the error falls with the square of the segment.
 */
export function tallyRows(tally: DoseTally, sampler: DoseSampler, slab: Slab): void {
  const { rows, firstV, rowMm, w } = slab;
  const { axes, size, slicesMm, halfSliceMm } = sampler;
  const ccPerMm = (slab.areaMm2 * (slab.highMm - slab.lowMm)) / insideLengthMm(rows) / 1000;
  const [iu, ju, qu] = [axes[1], axes[5], axes[9]];
  const lastQ = slicesMm[size[2] - 1];
  const line = { i: 0, j: 0, q: 0, low: 0, high: 0 };
  for (let r = 0; r + 1 < rows.start.length; r++) {
    const v = firstV + r * rowMm;
    line.i = axes[0] + axes[2] * v + axes[3] * w;
    line.j = axes[4] + axes[6] * v + axes[7] * w;
    line.q = axes[8] + axes[10] * v + axes[11] * w;
    const first = Math.max(entry(line.i, iu, size[0] - 1, 0), entry(line.j, ju, size[1] - 1, 0));
    const last = Math.min(exit(line.i, iu, size[0] - 1, 0), exit(line.j, ju, size[1] - 1, 0));
    const start = Math.max(first, entry(line.q, qu, lastQ, halfSliceMm));
    const end = Math.min(last, exit(line.q, qu, lastQ, halfSliceMm));
    for (let x = rows.start[r]; x + 1 < rows.start[r + 1]; x += 2) {
      const length = rows.x[x + 1] - rows.x[x];
      line.low = Math.max(rows.x[x], start);
      line.high = Math.min(rows.x[x + 1], end);
      const covered = Math.max(line.high - line.low, 0);
      tally.outsideCc += (length - covered) * ccPerMm;
      if (covered === 0) continue;
      tallyLine(tally, sampler, slab, line, ccPerMm);
      widen(tally, doseAt(sampler, line.low, v, w));
      widen(tally, doseAt(sampler, line.high, v, w));
    }
  }
}

/** A part of a scan line inside the dose grid: u from low to high, and the grid coordinates at u = 0. */
interface Line {
  i: number;
  j: number;
  q: number;
  low: number;
  high: number;
}

function tallyLine(tally: DoseTally, sampler: DoseSampler, slab: Slab, line: Line, ccPerMm: number): void {
  const { axes, size, slicesMm, data } = sampler;
  const { curvature } = tally;
  const segments = Math.ceil((line.high - line.low) / slab.segmentMm);
  const segment = (line.high - line.low) / segments;
  const volumeCc = segment * ccPerMm;
  const thickness = slab.highMm - slab.lowMm;
  const [iu, iv, iw] = [axes[1] * segment, axes[2] * slab.rowMm, axes[3] * thickness];
  const [ju, jv, jw] = [axes[5] * segment, axes[6] * slab.rowMm, axes[7] * thickness];
  const [qu, qv, qw] = [axes[9] * segment, axes[10] * slab.rowMm, axes[11] * thickness];
  const middle = line.low / segment + 0.5;
  const di = size[0] > 1 ? 1 : 0;
  const dj = size[1] > 1 ? size[0] : 0;
  const dk = size[2] > 1 ? size[0] * size[1] : 0;
  const topI = Math.max(size[0] - 2, 0);
  const topJ = Math.max(size[1] - 2, 0);
  const perBin = 1 / tally.binGy;
  const base = tally.baseGy;
  const lastBin = curvature.length - 2;
  let { minGy, maxGy } = tally;
  let doseSum = 0;
  let ck = sliceBelow(sampler, line.q + qu * middle);
  let perMm = dk > 0 ? 1 / (slicesMm[ck + 1] - slicesMm[ck]) : 0;
  for (let s = 0; s < segments; s++) {
    const i = line.i + iu * (middle + s);
    const j = line.j + ju * (middle + s);
    const q = line.q + qu * (middle + s);
    if (qu !== 0) {
      ck = sliceBelow(sampler, q);
      perMm = dk > 0 ? 1 / (slicesMm[ck + 1] - slicesMm[ck]) : 0;
    }
    const ci = i < 0 ? 0 : i >= topI ? topI : i | 0;
    const cj = j < 0 ? 0 : j >= topJ ? topJ : j | 0;
    const a = i - ci;
    const b = j - cj;
    const c = (q - slicesMm[ck]) * perMm;
    const n = ci + size[0] * (cj + size[1] * ck);
    const d000 = data[n];
    const d010 = data[n + dj];
    const d001 = data[n + dk];
    const d011 = data[n + dk + dj];
    const x00 = data[n + di] - d000;
    const x10 = data[n + dj + di] - d010;
    const x01 = data[n + dk + di] - d001;
    const x11 = data[n + dk + dj + di] - d011;
    const d00 = d000 + a * x00;
    const y0 = d010 + a * x10 - d00;
    const d01 = d001 + a * x01;
    const y1 = d011 + a * x11 - d01;
    const d0 = d00 + b * y0;
    const z = d01 + b * y1 - d0;
    const x0 = x00 + b * (x10 - x00);
    const gi = x0 + c * (x01 + b * (x11 - x01) - x0);
    const gj = y0 + c * (y1 - y0);
    const gq = z * perMm;
    const dose = d0 + c * z;
    const su = gi * iu + gj * ju + gq * qu;
    const sv = gi * iv + gj * jv + gq * qv;
    const sw = gi * iw + gj * jw + gq * qw;
    if (dose < minGy) minGy = dose;
    if (dose > maxGy) maxGy = dose;
    doseSum += dose;

    const centre = (dose - base) * perBin;
    const half = Math.max(0.5 * perBin * Math.sqrt(su * su + sv * sv + sw * sw), 0.5);
    const from = centre > half ? centre - half : 0;
    const to = Math.min(centre + half, lastBin);
    const slope = volumeCc / (to - from);
    const below = from | 0;
    const above = to | 0;
    curvature[below] += slope * (1 - from + below);
    curvature[below + 1] += slope * (from - below);
    curvature[above] -= slope * (1 - to + above);
    curvature[above + 1] -= slope * (to - above);
  }
  tally.minGy = minGy;
  tally.maxGy = maxGy;
  tally.coveredCc += segments * volumeCc;
  tally.doseVolumeGyCc += doseSum * volumeCc;
  tally.samples += segments;
}

function widen(tally: DoseTally, dose: number): void {
  if (dose < tally.minGy) tally.minGy = dose;
  if (dose > tally.maxGy) tally.maxGy = dose;
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
