import { type DoseSampler, sliceBelow } from './dose-sampler.ts';
import type { DoseTally } from './dose-tally.ts';

/** A part of a scan line inside the dose grid: u from low to high, and the grid coordinates at u = 0. */
export interface Line {
  i: number;
  j: number;
  q: number;
  low: number;
  high: number;
}

/**
 * Dimensions that a segment of a line represents: its longest length, the distance of lines, the thickness, its volume
 * per mm.
 */
export interface Extent {
  segmentMm: number;
  rowMm: number;
  thicknessMm: number;
  ccPerMm: number;
}

/**
 * Adds a line to the tally. It is cut into segments; the volume of each is spread evenly over the doses that the local
 * gradient of the trilinear dose gives it along all three sides (equal variance).
 */
export function tallyLine(tally: DoseTally, sampler: DoseSampler, line: Line, extent: Extent): void {
  const { axes } = sampler;
  const segments = Math.ceil((line.high - line.low) / extent.segmentMm);
  const segment = (line.high - line.low) / segments;
  const volumeCc = segment * extent.ccPerMm;
  const along = axes[5] === 0 && axes[9] === 0 ? tallyAlongColumns : tallyAcross;
  const doseSum = along(tally, sampler, line, extent, segments, segment, volumeCc);
  tally.coveredCc += segments * volumeCc;
  tally.doseVolumeGyCc += doseSum * volumeCc;
  tally.samples += segments;
}

/** Any direction of the line: eight dose points per segment. Returns the sum of the doses. */
function tallyAcross(
  tally: DoseTally,
  sampler: DoseSampler,
  line: Line,
  extent: Extent,
  segments: number,
  segment: number,
  volumeCc: number,
): number {
  const { axes, size, slicesMm, data } = sampler;
  const { curvature, baseGy } = tally;
  const perBin = 1 / tally.binGy;
  const { rowMm, thicknessMm } = extent;
  const iu = axes[1] * segment;
  const iv = axes[2] * rowMm;
  const iw = axes[3] * thicknessMm;
  const ju = axes[5] * segment;
  const jv = axes[6] * rowMm;
  const jw = axes[7] * thicknessMm;
  const qu = axes[9] * segment;
  const qv = axes[10] * rowMm;
  const qw = axes[11] * thicknessMm;
  const middle = line.low / segment + 0.5;
  const di = size[0] > 1 ? 1 : 0;
  const dj = size[1] > 1 ? size[0] : 0;
  const dk = size[2] > 1 ? size[0] * size[1] : 0;
  const topI = Math.max(size[0] - 2, 0);
  const topJ = Math.max(size[1] - 2, 0);
  let { minGy, maxGy } = tally;
  let doseSum = 0;
  for (let s = 0; s < segments; s++) {
    const i = line.i + iu * (middle + s);
    const j = line.j + ju * (middle + s);
    const q = line.q + qu * (middle + s);
    const ci = Math.min(Math.max(i, 0) | 0, topI);
    const cj = Math.min(Math.max(j, 0) | 0, topJ);
    const ck = sliceBelow(sampler, q);
    const perMm = dk > 0 ? 1 / (slicesMm[ck + 1] - slicesMm[ck]) : 0;
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
    const half = 0.5 * perBin * Math.sqrt(su * su + sv * sv + sw * sw);
    addEvenSpread(curvature, (dose - baseGy) * perBin, half, volumeCc);
  }
  tally.minGy = minGy;
  tally.maxGy = maxGy;
  return doseSum;
}

/** The line runs along i: what is the same for a column of four dose points is reckoned once, for two segments. */
function tallyAlongColumns(
  tally: DoseTally,
  sampler: DoseSampler,
  line: Line,
  extent: Extent,
  segments: number,
  segment: number,
  volumeCc: number,
): number {
  const { axes, size, slicesMm, data } = sampler;
  const { curvature, baseGy } = tally;
  const perBin = 1 / tally.binGy;
  const { rowMm, thicknessMm } = extent;
  const iu = axes[1] * segment;
  const iv = axes[2] * rowMm;
  const iw = axes[3] * thicknessMm;
  const jv = axes[6] * rowMm;
  const jw = axes[7] * thicknessMm;
  const qv = axes[10] * rowMm;
  const qw = axes[11] * thicknessMm;
  const start = line.i + iu * (line.low / segment + 0.5);
  const di = size[0] > 1 ? 1 : 0;
  const dj = size[1] > 1 ? size[0] : 0;
  const dk = size[2] > 1 ? size[0] * size[1] : 0;
  const topI = Math.max(size[0] - 2, 0);
  const cj = Math.min(Math.max(line.j, 0) | 0, Math.max(size[1] - 2, 0));
  const ck = sliceBelow(sampler, line.q);
  const perMm = dk > 0 ? 1 / (slicesMm[ck + 1] - slicesMm[ck]) : 0;
  const b = line.j - cj;
  const c = (line.q - slicesMm[ck]) * perMm;
  const base = size[0] * (cj + size[1] * ck);
  let { minGy, maxGy } = tally;
  let doseSum = 0;
  let column = -2;
  let left = 0;
  let leftJ = 0;
  let leftK = 0;
  let right = 0;
  let rightJ = 0;
  let rightK = 0;
  for (let s = 0; s < segments; s++) {
    const i = start + iu * s;
    const ci = Math.min(Math.max(i, 0) | 0, topI);
    if (ci !== column) {
      if (ci === column + 1 && di === 1) {
        left = right;
        leftJ = rightJ;
        leftK = rightK;
      } else {
        const n = base + ci;
        const d0 = data[n];
        const d1 = data[n + dk];
        const y0 = data[n + dj] - d0;
        const y1 = data[n + dk + dj] - d1;
        leftJ = y0 + c * (y1 - y0);
        leftK = d1 - d0 + b * (y1 - y0);
        left = d0 + b * y0 + c * leftK;
      }
      const n = base + ci + di;
      const d0 = data[n];
      const d1 = data[n + dk];
      const y0 = data[n + dj] - d0;
      const y1 = data[n + dk + dj] - d1;
      rightJ = y0 + c * (y1 - y0);
      rightK = d1 - d0 + b * (y1 - y0);
      right = d0 + b * y0 + c * rightK;
      column = ci;
    }
    const a = i - ci;
    const gi = right - left;
    const gj = leftJ + a * (rightJ - leftJ);
    const gq = (leftK + a * (rightK - leftK)) * perMm;
    const dose = left + a * gi;
    const su = gi * iu;
    const sv = gi * iv + gj * jv + gq * qv;
    const sw = gi * iw + gj * jw + gq * qw;
    if (dose < minGy) minGy = dose;
    if (dose > maxGy) maxGy = dose;
    doseSum += dose;
    const half = 0.5 * perBin * Math.sqrt(su * su + sv * sv + sw * sw);
    addEvenSpread(curvature, (dose - baseGy) * perBin, half, volumeCc);
  }
  tally.minGy = minGy;
  tally.maxGy = maxGy;
  return doseSum;
}

/** Spreads a volume evenly around a dose, both in bins: two corners of the cumulative histogram. */
function addEvenSpread(curvature: Float64Array, centre: number, half: number, volumeCc: number): void {
  const reach = Math.max(half, 0.5);
  const from = Math.max(centre - reach, 0);
  const to = Math.min(centre + reach, curvature.length - 2);
  const slope = volumeCc / (to - from);
  const below = from | 0;
  const above = to | 0;
  const partBelow = slope * (from - below);
  const partAbove = slope * (to - above);
  curvature[below] += slope - partBelow;
  curvature[below + 1] += partBelow;
  curvature[above] -= slope - partAbove;
  curvature[above + 1] -= partAbove;
}
