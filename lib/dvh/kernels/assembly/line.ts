import { AXES, BASE, COVERED, CURVATURE, DOSE_VOLUME, MAX, MIN, NODES, PER_BIN, PROFILE, SAMPLES, SEGMENT, SEGMENTS, SIZE_I, SIZE_J, SLICES, THICKNESS } from './block';
import { addressOf, sliceBelow, strideI, strideJ, strideK } from './dose';

/**
 * Adds a part of a scan line inside the dose grid to the tally: u from low to high, grid coordinates i, j, q at u = 0. It is cut into
 * segments; the volume of each is spread evenly over the doses that the local gradient of the trilinear dose gives it along
 * all three sides (equal variance).
 */
export function tallyLine(block: usize, i: f64, j: f64, q: f64, low: f64, high: f64, rowMm: f64, ccPerMm: f64): void {
  const segments: f64 = Math.ceil((high - low) / load<f64>(block, SEGMENT));
  const segment: f64 = (high - low) / segments;
  const volumeCc: f64 = segment * ccPerMm;
  const alongColumns: bool = load<f64>(block, AXES + 40) == 0 && load<f64>(block, AXES + 72) == 0;
  const sum: f64 = alongColumns
    ? tallyAlongColumns(block, i + load<f64>(block, AXES + 8) * segment * (low / segment + 0.5), j, q, <i32>segments, segment, rowMm, volumeCc)
    : tallyAcross(block, i, j, q, low / segment + 0.5, <i32>segments, segment, rowMm, volumeCc);
  store<f64>(block, load<f64>(block, COVERED) + segments * volumeCc, COVERED);
  store<f64>(block, load<f64>(block, DOSE_VOLUME) + sum * volumeCc, DOSE_VOLUME);
  store<f64>(block, load<f64>(block, SAMPLES) + segments, SAMPLES);
}

/** Added to a whole number below 2^31, it leaves that number in the lower 32 bits: fewer instructions than a conversion. */
const TO_BITS: f64 = 4503599627370496;
/** Segments of a line that are looked up at a time; kernels.ts gives them room. */
const PART_SEGMENTS: i32 = 256;

/** Any direction of the line: eight dose points per segment. Returns the sum of the doses. */
function tallyAcross(block: usize, lineI: f64, lineJ: f64, lineQ: f64, middle: f64, segments: i32, segment: f64, rowMm: f64, volumeCc: f64): f64 {
  const thicknessMm: f64 = load<f64>(block, THICKNESS);
  const iu: f64 = load<f64>(block, AXES + 8) * segment;
  const iv: f64 = load<f64>(block, AXES + 16) * rowMm;
  const iw: f64 = load<f64>(block, AXES + 24) * thicknessMm;
  const ju: f64 = load<f64>(block, AXES + 40) * segment;
  const jv: f64 = load<f64>(block, AXES + 48) * rowMm;
  const jw: f64 = load<f64>(block, AXES + 56) * thicknessMm;
  const qu: f64 = load<f64>(block, AXES + 72) * segment;
  const qv: f64 = load<f64>(block, AXES + 80) * rowMm;
  const qw: f64 = load<f64>(block, AXES + 88) * thicknessMm;
  const di: usize = strideI(block);
  const dj: usize = strideJ(block);
  const dk: usize = strideK(block);
  const topI: i32 = max(<i32>load<f64>(block, SIZE_I) - 2, 0);
  const topJ: i32 = max(<i32>load<f64>(block, SIZE_J) - 2, 0);
  const base: f64 = load<f64>(block, BASE);
  const perBin: f64 = load<f64>(block, PER_BIN);
  const nodes: f64 = load<f64>(block, NODES);
  const curvature: usize = <usize>load<f64>(block, CURVATURE);
  let least: f64 = load<f64>(block, MIN);
  let most: f64 = load<f64>(block, MAX);
  let doseSum: f64 = 0;
  for (let s: i32 = 0; s < segments; s++) {
    const i: f64 = lineI + iu * (middle + <f64>s);
    const j: f64 = lineJ + ju * (middle + <f64>s);
    const q: f64 = lineQ + qu * (middle + <f64>s);
    const ci: i32 = min(<i32>Math.max(i, 0), topI);
    const cj: i32 = min(<i32>Math.max(j, 0), topJ);
    const ck: i32 = sliceBelow(block, q);
    const slice: usize = <usize>load<f64>(block, SLICES) + ((<usize>ck) << 3);
    const perMm: f64 = dk > 0 ? 1 / (load<f64>(slice, 8) - load<f64>(slice)) : 0;
    const a: f64 = i - <f64>ci;
    const b: f64 = j - <f64>cj;
    const c: f64 = (q - load<f64>(slice)) * perMm;
    const n: usize = addressOf(block, ci, cj, ck);
    const d000: f64 = load<f64>(n);
    const d010: f64 = load<f64>(n + dj);
    const d001: f64 = load<f64>(n + dk);
    const d011: f64 = load<f64>(n + dk + dj);
    const x00: f64 = load<f64>(n + di) - d000;
    const x10: f64 = load<f64>(n + dj + di) - d010;
    const x01: f64 = load<f64>(n + dk + di) - d001;
    const x11: f64 = load<f64>(n + dk + dj + di) - d011;
    const d00: f64 = d000 + a * x00;
    const y0: f64 = d010 + a * x10 - d00;
    const d01: f64 = d001 + a * x01;
    const y1: f64 = d011 + a * x11 - d01;
    const d0: f64 = d00 + b * y0;
    const z: f64 = d01 + b * y1 - d0;
    const x0: f64 = x00 + b * (x10 - x00);
    const gi: f64 = x0 + c * (x01 + b * (x11 - x01) - x0);
    const gj: f64 = y0 + c * (y1 - y0);
    const gq: f64 = z * perMm;
    const dose: f64 = d0 + c * z;
    const su: f64 = gi * iu + gj * ju + gq * qu;
    const sv: f64 = gi * iv + gj * jv + gq * qv;
    const sw: f64 = gi * iw + gj * jw + gq * qw;
    if (dose < least) least = dose;
    if (dose > most) most = dose;
    doseSum += dose;
    const half: f64 = 0.5 * perBin * Math.sqrt(su * su + sv * sv + sw * sw);
    const centre: f64 = (dose - base) * perBin;
    const reach: f64 = Math.max(half, 0.5);
    const from: f64 = Math.max(centre - reach, 0);
    const to: f64 = Math.min(centre + reach, nodes - 2);
    addCorners(curvature, <i32>from, <i32>to, from, to, volumeCc / (to - from));
  }
  store<f64>(block, least, MIN);
  store<f64>(block, most, MAX);
  return doseSum;
}

/**
 * The line runs along i from grid coordinate `start`. What is the same for a column of four dose points is reckoned once per column,
 * in three profiles: dose, and its slopes along j and k. Then come two segments at a time, in two passes over a part of the line: short
 * loops keep more segments in flight in a processor than a long one.
 */
function tallyAlongColumns(block: usize, start: f64, lineJ: f64, lineQ: f64, segments: i32, segment: f64, rowMm: f64, volumeCc: f64): f64 {
  const thicknessMm: f64 = load<f64>(block, THICKNESS);
  const step: f64 = load<f64>(block, AXES + 8) * segment;
  const topI: i32 = max(<i32>load<f64>(block, SIZE_I) - 2, 0);
  const dk: usize = strideK(block);
  const ck: i32 = sliceBelow(block, lineQ);
  const slice: usize = <usize>load<f64>(block, SLICES) + ((<usize>ck) << 3);
  const perMm: f64 = dk > 0 ? 1 / (load<f64>(slice, 8) - load<f64>(slice)) : 0;
  const cj: i32 = min(<i32>Math.max(lineJ, 0), max(<i32>load<f64>(block, SIZE_J) - 2, 0));
  const one: i32 = columnAt(start, topI);
  const other: i32 = columnAt(start + step * <f64>(segments - 1), topI);
  const firstColumn: i32 = min(one, other);
  const columns: i32 = max(one, other) - firstColumn + 1;
  const profile: usize = <usize>load<f64>(block, PROFILE);
  const bytes: usize = (<usize>columns + 3) << 3;
  fillProfiles(block, addressOf(block, firstColumn, cj, ck), lineJ - <f64>cj, (lineQ - load<f64>(slice)) * perMm, columns, profile, bytes);

  const jv: f64 = load<f64>(block, AXES + 48) * rowMm;
  const jw: f64 = load<f64>(block, AXES + 56) * thicknessMm;
  const qv: f64 = load<f64>(block, AXES + 80) * rowMm;
  const qw: f64 = load<f64>(block, AXES + 88) * thicknessMm;
  const iv: f64 = load<f64>(block, AXES + 16) * rowMm;
  const iw: f64 = load<f64>(block, AXES + 24) * thicknessMm;
  let doseSum: f64 = 0;
  for (let s: i32 = 0; s < segments; s += PART_SEGMENTS) {
    const count: i32 = min(segments - s, PART_SEGMENTS);
    lookUp(block, start, step, s, count, topI, firstColumn, bytes, perMm, iv, iw, jv, jw, qv, qw);
    doseSum = spread(block, count, volumeCc, doseSum);
  }
  return doseSum;
}

/** The doses of `count` segments from `first` on, and the squares of their spread over a segment. */
function lookUp(block: usize, start: f64, step: f64, first: i32, count: i32, topI: i32, firstColumn: i32, bytes: usize, slicePerMm: f64, riseIv: f64, riseIw: f64, riseJv: f64, riseJw: f64, riseQv: f64, riseQw: f64): void {
  const profile: usize = <usize>load<f64>(block, PROFILE);
  const profileJ: usize = profile + bytes;
  const profileK: usize = profileJ + bytes;
  const iu: v128 = f64x2.splat(step);
  const iv: v128 = f64x2.splat(riseIv);
  const iw: v128 = f64x2.splat(riseIw);
  const jv: v128 = f64x2.splat(riseJv);
  const jw: v128 = f64x2.splat(riseJw);
  const qv: v128 = f64x2.splat(riseQv);
  const qw: v128 = f64x2.splat(riseQw);
  const perMm: v128 = f64x2.splat(slicePerMm);
  const starts: v128 = f64x2.splat(start);
  const lastColumn: v128 = f64x2.splat(<f64>topI);
  const firstColumns: v128 = f64x2.splat(<f64>firstColumn);
  let steps: v128 = f64x2(<f64>first, <f64>(first + 1));
  // The second of a last pair without one repeats the last.
  const last: v128 = f64x2.splat(<f64>(first + count - 1));
  let least: v128 = f64x2.splat(load<f64>(block, MIN));
  let most: v128 = f64x2.splat(load<f64>(block, MAX));
  const from: usize = <usize>load<f64>(block, SEGMENTS);
  const to: usize = from + ((<usize>count) << 4);
  for (let out: usize = from; out < to; out += 32) {
    const i: v128 = f64x2.add(starts, f64x2.mul(iu, f64x2.pmin(steps, last)));
    steps = f64x2.add(steps, f64x2.splat(2));
    const column: v128 = f64x2.pmin(f64x2.floor(f64x2.pmax(i, f64x2.splat(0))), lastColumn);
    const a: v128 = f64x2.sub(i, column);
    const columnBits: v128 = f64x2.add(f64x2.sub(column, firstColumns), f64x2.splat(TO_BITS));
    const at: usize = (<usize>i32x4.extract_lane(columnBits, 0)) << 3;
    const next: usize = (<usize>i32x4.extract_lane(columnBits, 2)) << 3;
    const doses: v128 = v128.load(profile + at);
    const nextDoses: v128 = v128.load(profile + next);
    const slopesJ: v128 = v128.load(profileJ + at);
    const nextSlopesJ: v128 = v128.load(profileJ + next);
    const slopesK: v128 = v128.load(profileK + at);
    const nextSlopesK: v128 = v128.load(profileK + next);
    const left: v128 = v128.shuffle<f64>(doses, nextDoses, 0, 2);
    const leftJ: v128 = v128.shuffle<f64>(slopesJ, nextSlopesJ, 0, 2);
    const leftK: v128 = v128.shuffle<f64>(slopesK, nextSlopesK, 0, 2);
    const gi: v128 = f64x2.sub(v128.shuffle<f64>(doses, nextDoses, 1, 3), left);
    const gj: v128 = f64x2.add(leftJ, f64x2.mul(a, f64x2.sub(v128.shuffle<f64>(slopesJ, nextSlopesJ, 1, 3), leftJ)));
    const slopeK: v128 = f64x2.add(leftK, f64x2.mul(a, f64x2.sub(v128.shuffle<f64>(slopesK, nextSlopesK, 1, 3), leftK)));
    const gq: v128 = f64x2.mul(slopeK, perMm);
    const dose: v128 = f64x2.add(left, f64x2.mul(a, gi));
    const su: v128 = f64x2.mul(gi, iu);
    const sv: v128 = f64x2.add(f64x2.add(f64x2.mul(gi, iv), f64x2.mul(gj, jv)), f64x2.mul(gq, qv));
    const sw: v128 = f64x2.add(f64x2.add(f64x2.mul(gi, iw), f64x2.mul(gj, jw)), f64x2.mul(gq, qw));
    least = f64x2.pmin(least, dose);
    most = f64x2.pmax(most, dose);
    v128.store(out, dose);
    v128.store(out, f64x2.add(f64x2.add(f64x2.mul(su, su), f64x2.mul(sv, sv)), f64x2.mul(sw, sw)), 16);
  }
  store<f64>(block, Math.min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)), MIN);
  store<f64>(block, Math.max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1)), MAX);
}

/** Adds segments that were looked up to the histogram, in order. Returns the sum of their doses on top of `doseSum`. */
function spread(block: usize, count: i32, volumeCc: f64, doseSum: f64): f64 {
  const base: v128 = f64x2.splat(load<f64>(block, BASE));
  const perBin: v128 = f64x2.splat(load<f64>(block, PER_BIN));
  const halfPerBin: v128 = f64x2.splat(0.5 * load<f64>(block, PER_BIN));
  const top: v128 = f64x2.splat(load<f64>(block, NODES) - 2);
  const volume: v128 = f64x2.splat(volumeCc);
  const curvature: usize = <usize>load<f64>(block, CURVATURE);
  const start: usize = <usize>load<f64>(block, SEGMENTS);
  const end: usize = start + ((<usize>count) << 4);
  for (let at: usize = start; at < end; at += 32) {
    const dose: v128 = v128.load(at);
    const half: v128 = f64x2.mul(halfPerBin, f64x2.sqrt(v128.load(at, 16)));
    const centre: v128 = f64x2.mul(f64x2.sub(dose, base), perBin);
    const reach: v128 = f64x2.pmax(half, f64x2.splat(0.5));
    const from: v128 = f64x2.pmax(f64x2.sub(centre, reach), f64x2.splat(0));
    const to: v128 = f64x2.pmin(f64x2.add(centre, reach), top);
    const slope: v128 = f64x2.div(volume, f64x2.sub(to, from));
    const below: v128 = f64x2.floor(from);
    const above: v128 = f64x2.floor(to);
    const partBelow: v128 = f64x2.mul(slope, f64x2.sub(from, below));
    const partAbove: v128 = f64x2.mul(slope, f64x2.sub(to, above));
    const belowBits: v128 = f64x2.add(below, f64x2.splat(TO_BITS));
    const aboveBits: v128 = f64x2.add(above, f64x2.splat(TO_BITS));
    const restBelow: v128 = f64x2.sub(slope, partBelow);
    const restAbove: v128 = f64x2.sub(slope, partAbove);
    doseSum += f64x2.extract_lane(dose, 0);
    addTo(curvature + ((<usize>i32x4.extract_lane(belowBits, 0)) << 3), f64x2.extract_lane(restBelow, 0), f64x2.extract_lane(partBelow, 0));
    takeFrom(curvature + ((<usize>i32x4.extract_lane(aboveBits, 0)) << 3), f64x2.extract_lane(restAbove, 0), f64x2.extract_lane(partAbove, 0));
    if (at + 16 == end) break;
    doseSum += f64x2.extract_lane(dose, 1);
    addTo(curvature + ((<usize>i32x4.extract_lane(belowBits, 2)) << 3), f64x2.extract_lane(restBelow, 1), f64x2.extract_lane(partBelow, 1));
    takeFrom(curvature + ((<usize>i32x4.extract_lane(aboveBits, 2)) << 3), f64x2.extract_lane(restAbove, 1), f64x2.extract_lane(partAbove, 1));
  }
  return doseSum;
}

@inline
function columnAt(i: f64, topI: i32): i32 {
  return min(<i32>Math.max(i, 0), topI);
}

/** Profiles of `columns` cells from a dose point on, with the column after the last; alone, a column stands for both sides of its cell. */
@inline
function fillProfiles(block: usize, n: usize, b: f64, c: f64, columns: i32, profile: usize, bytes: usize): void {
  const dj: usize = strideJ(block);
  const dk: usize = strideK(block);
  const bs: v128 = f64x2.splat(b);
  const cs: v128 = f64x2.splat(c);
  const end: usize = profile + ((<usize>columns + 1) << 3);
  for (let to: usize = profile; to < end; to += 16, n += 16) {
    const d0: v128 = v128.load(n);
    const d1: v128 = v128.load(n + dk);
    const y0: v128 = f64x2.sub(v128.load(n + dj), d0);
    const y1: v128 = f64x2.sub(v128.load(n + dk + dj), d1);
    const rise: v128 = f64x2.sub(y1, y0);
    const slopeK: v128 = f64x2.add(f64x2.sub(d1, d0), f64x2.mul(bs, rise));
    v128.store(to, f64x2.add(f64x2.add(d0, f64x2.mul(bs, y0)), f64x2.mul(cs, slopeK)));
    v128.store(to + bytes, f64x2.add(y0, f64x2.mul(cs, rise)));
    v128.store(to + 2 * bytes, slopeK);
  }
  if (strideI(block) > 0) return;
  for (let p: usize = profile; p < profile + 3 * bytes; p += bytes) store<f64>(p, load<f64>(p), 8);
}

/** Spreads a volume evenly between two doses, in bins: two corners of the cumulative histogram. */
@inline
function addCorners(curvature: usize, below: i32, above: i32, from: f64, to: f64, slope: f64): void {
  const partBelow: f64 = slope * (from - <f64>below);
  const partAbove: f64 = slope * (to - <f64>above);
  addTo(curvature + ((<usize>below) << 3), slope - partBelow, partBelow);
  takeFrom(curvature + ((<usize>above) << 3), slope - partAbove, partAbove);
}

@inline
function addTo(node: usize, here: f64, next: f64): void {
  store<f64>(node, load<f64>(node) + here);
  store<f64>(node, load<f64>(node, 8) + next, 8);
}

@inline
function takeFrom(node: usize, here: f64, next: f64): void {
  store<f64>(node, load<f64>(node) - here);
  store<f64>(node, load<f64>(node, 8) - next, 8);
}
