import { AXES, CC_PER_MM, FIRST_V, HALF_SLICE, HEIGHT, HIGH_U, HIGH_V, LAST_SLICE, LOW_U, LOW_V, MAX, MIN, OUTSIDE, PART, ROW, SIZE_I, SIZE_J } from './block';
import { doseAt, EDGE } from './dose';
import { tallyLine } from './line';

/**
 * Adds the scan lines of a slab to the tally of a block, and tells what of them lies outside the dose grid: `count` rows, row r with
 * the crossings x[start[r]] to x[start[r + 1] - 1].
 */
export function tallyRows(block: usize, start: usize, x: usize, count: i32): void {
  const rowMm: f64 = load<f64>(block, ROW);
  const firstV: f64 = load<f64>(block, FIRST_V);
  const w: f64 = load<f64>(block, HEIGHT);
  const lowV: f64 = load<f64>(block, LOW_V);
  const highV: f64 = load<f64>(block, HIGH_V);
  const ccPerMm: f64 = load<f64>(block, CC_PER_MM);
  const iu: f64 = load<f64>(block, AXES + 8);
  const ju: f64 = load<f64>(block, AXES + 40);
  const qu: f64 = load<f64>(block, AXES + 72);
  const lastI: f64 = load<f64>(block, SIZE_I) - 1;
  const lastJ: f64 = load<f64>(block, SIZE_J) - 1;
  const lastQ: f64 = load<f64>(block, LAST_SLICE);
  const halfSlice: f64 = load<f64>(block, HALF_SLICE);
  for (let r: i32 = 0; r < count; r++) {
    const middleV: f64 = firstV + <f64>r * rowMm;
    const rowLow: f64 = middleV - rowMm / 2;
    const rowHigh: f64 = middleV + rowMm / 2;
    const fromV: f64 = Math.max(rowLow, lowV);
    const toV: f64 = Math.min(rowHigh, highV);
    const width: f64 = Math.max(toV - fromV, 0) / (rowHigh - rowLow);
    const part: f64 = width * load<f64>(block, PART);
    const v: f64 = (fromV + toV) / 2;
    const i: f64 = load<f64>(block, AXES) + load<f64>(block, AXES + 16) * v + load<f64>(block, AXES + 24) * w;
    const j: f64 = load<f64>(block, AXES + 32) + load<f64>(block, AXES + 48) * v + load<f64>(block, AXES + 56) * w;
    const q: f64 = load<f64>(block, AXES + 64) + load<f64>(block, AXES + 80) * v + load<f64>(block, AXES + 88) * w;
    let first: f64 = Math.max(entry(i, iu, lastI, 0), entry(j, ju, lastJ, 0));
    first = Math.max(Math.max(first, entry(q, qu, lastQ, halfSlice)), load<f64>(block, LOW_U));
    let last: f64 = Math.min(exit(i, iu, lastI, 0), exit(j, ju, lastJ, 0));
    last = Math.min(Math.min(last, exit(q, qu, lastQ, halfSlice)), load<f64>(block, HIGH_U));
    const end: usize = x + ((<usize>load<i32>(start + ((<usize>r) << 2), 4)) << 3);
    for (let at: usize = x + ((<usize>load<i32>(start + ((<usize>r) << 2))) << 3); at + 8 < end; at += 16) {
      const low: f64 = Math.max(load<f64>(at), first);
      const high: f64 = Math.min(load<f64>(at, 8), last);
      const covered: f64 = part > 0 ? Math.max(high - low, 0) : 0;
      const length: f64 = load<f64>(at, 8) - load<f64>(at);
      store<f64>(block, load<f64>(block, OUTSIDE) + (length - covered * part) * ccPerMm, OUTSIDE);
      if (covered == 0) continue;
      tallyLine(block, i, j, q, low, high, rowMm * width, ccPerMm * part);
      widen(block, doseAt(block, low, v, w));
      widen(block, doseAt(block, high, v, w));
    }
  }
}

/** First u at which at + slope u lies within -margin ... last + margin; Infinity when it never does. */
@inline
function entry(at: f64, slope: f64, last: f64, margin: f64): f64 {
  const low: f64 = -margin - EDGE;
  const high: f64 = last + margin + EDGE;
  if (slope == 0) return at >= low && at <= high ? -Infinity : Infinity;
  return ((slope > 0 ? low : high) - at) / slope;
}

/** Last u of the same. */
@inline
function exit(at: f64, slope: f64, last: f64, margin: f64): f64 {
  if (slope == 0) return Infinity;
  return ((slope > 0 ? last + margin + EDGE : -margin - EDGE) - at) / slope;
}

@inline
function widen(block: usize, dose: f64): void {
  if (dose < load<f64>(block, MIN)) store<f64>(block, dose, MIN);
  if (dose > load<f64>(block, MAX)) store<f64>(block, dose, MAX);
}
