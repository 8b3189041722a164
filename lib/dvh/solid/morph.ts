import { limitedBend } from './area-curve.ts';
import { matchRings, type RingPath, supportsMm } from './match-rings.ts';
import type { Ring } from './ring.ts';

/** The way from a ring to the one above it. */
export interface Morph {
  path: RingPath;
  /** How far the border bulges out over the straight way, mm: step n at a part t by t (1 - t) ((1 - t) low + t high). */
  bulgeLowMm: Float64Array;
  bulgeHighMm: Float64Array;
  /** Area of the straight way: a quadratic in t (Minkowski). */
  lowerMm2: number;
  mixedMm2: number;
  upperMm2: number;
}

/** A ring on the plane beyond the gap, and how far that plane is. */
export interface Beyond {
  ring: Ring;
  gapMm: number;
}

/**
 * The morph between two rings `gapMm` apart. What the rings beyond tell about the curvature along each normal says where
 * the border bulges: a round side does, a flat end, a straight edge and the tip of a cone do not.
 */
export function morphOf(lower: Ring, upper: Ring, gapMm: number, before?: Beyond, after?: Beyond): Morph {
  const path = matchRings(lower, upper);
  const { normals, lowerMm: low, upperMm: high } = path;
  const under = before && supportsMm(before.ring, normals);
  const over = after && supportsMm(after.ring, normals);
  const bulgeLowMm = new Float64Array(low.length);
  const bulgeHighMm = new Float64Array(low.length);
  for (let n = 0; n < low.length; n++) {
    const slope = (high[n] - low[n]) / gapMm;
    const bendLow = under && (slope - (low[n] - under[n]) / before.gapMm) / (gapMm + before.gapMm);
    const bendHigh = over && ((over[n] - high[n]) / after.gapMm - slope) / (gapMm + after.gapMm);
    bulgeLowMm[n] = -gapMm * gapMm * limitedBend(bendLow, bendHigh);
    bulgeHighMm[n] = -gapMm * gapMm * limitedBend(bendHigh, bendLow);
  }
  return { path, bulgeLowMm, bulgeHighMm, ...areasOf(path) };
}

function areasOf({ pairs }: RingPath) {
  let [lowerMm2, mixedMm2, upperMm2] = [0, 0, 0];
  const [u, v] = [pairs[0], pairs[1]];
  for (let p = 0; p + 7 < pairs.length; p += 4) {
    const [pu, pv, pu2, pv2] = [pairs[p] - u, pairs[p + 1] - v, pairs[p + 4] - u, pairs[p + 5] - v];
    const [qu, qv, qu2, qv2] = [pairs[p + 2] - u, pairs[p + 3] - v, pairs[p + 6] - u, pairs[p + 7] - v];
    lowerMm2 += (pu * pv2 - pu2 * pv) / 2;
    upperMm2 += (qu * qv2 - qu2 * qv) / 2;
    mixedMm2 += (pu * qv2 - pu2 * qv + qu * pv2 - qu2 * pv) / 4;
  }
  return { lowerMm2, mixedMm2, upperMm2 };
}

/** Bulges foretold from beyond are scaled to the wanted area, up to this much. */
const MOST_BULGE = 4;
/** Else rings that differ in area by more than this part are fitted by their weight, as far as it is this near. */
const UNLIKE = 0.1;
const NEAR = 0.3;

/** Room for one section after the other. */
export interface MorphRoom {
  points: Float64Array;
  moves: Float64Array;
}

/**
 * Corners u, v of the section a part t of the way up that has the wanted area: the straight way, and where that has less
 * the sides that bulge out, where it has more those that bulge in, as far as that gives the area; else other weights of
 * the rings or an even margin.
 */
export function morphPoints(morph: Morph, t: number, areaMm2: number, room: MorphRoom): Float64Array {
  const { path, bulgeLowMm, bulgeHighMm, lowerMm2, upperMm2 } = morph;
  const size = 2 * path.lowerMm.length;
  if (room.points.length < size) room.points = new Float64Array(2 * size);
  if (room.moves.length < size) room.moves = new Float64Array(2 * size);
  const points = room.points.subarray(0, size);
  const moves = room.moves.subarray(0, size);
  goStraight(path, t, points);
  const [low, high] = [t * (1 - t) * (1 - t), t * (1 - t) * t];
  const grows = areaMm2 > (1 - t) * (1 - t) * lowerMm2 + 2 * t * (1 - t) * morph.mixedMm2 + t * t * upperMm2;
  const bulgeMm = (n: number) => low * bulgeLowMm[n] + high * bulgeHighMm[n];
  moveSides(path, grows ? (n) => Math.max(bulgeMm(n), 0) : (n) => Math.min(bulgeMm(n), 0), moves);
  const bulge = factorFor(points, moves, areaMm2);
  if (bulge >= 0 && bulge <= MOST_BULGE) return addMoves(points, moves, bulge);
  const weight = weightFor(morph, t, areaMm2);
  const unlike = Math.abs(upperMm2 - lowerMm2) >= UNLIKE * Math.max(lowerMm2, upperMm2);
  if (unlike && Math.abs(weight - t) <= NEAR) {
    goStraight(path, weight, points);
    return points;
  }
  moveSides(path, () => 1, moves);
  return addMoves(points, moves, factorFor(points, moves, areaMm2));
}

function goStraight({ pairs }: RingPath, t: number, points: Float64Array): void {
  for (let n = 0, p = 0; n < points.length; n += 2, p += 4) {
    points[n] = (1 - t) * pairs[p] + t * pairs[p + 2];
    points[n + 1] = (1 - t) * pairs[p + 1] + t * pairs[p + 3];
  }
}

/** Sine of a turn from which on a corner stays sharp when its sides move. */
const CORNER = 0.5;

/** How the corners move when side n, from corner n to the next, moves out by a distance. */
function moveSides({ normals }: RingPath, outMm: (n: number) => number, moves: Float64Array): void {
  const count = normals.length / 2;
  let u0 = normals[2 * count - 2];
  let v0 = normals[2 * count - 1];
  let out0 = outMm(count - 1);
  for (let n = 0; n < count; n++) {
    const u1 = normals[2 * n];
    const v1 = normals[2 * n + 1];
    const out1 = outMm(n);
    const turn = u0 * v1 - v0 * u1;
    const sharp = turn > CORNER;
    moves[2 * n] = sharp ? (out0 * v1 - out1 * v0) / turn : ((out0 + out1) * (u0 + u1)) / 4;
    moves[2 * n + 1] = sharp ? (out1 * u0 - out0 * u1) / turn : ((out0 + out1) * (v0 + v1)) / 4;
    u0 = u1;
    v0 = v1;
    out0 = out1;
  }
}

/** How many times the moves give the wanted area: the area is a quadratic in it. NaN when no number does. */
function factorFor(points: Float64Array, moves: Float64Array, areaMm2: number): number {
  let [c0, c1, c2] = [-2 * areaMm2, 0, 0];
  const [u, v] = [points[0], points[1]];
  for (let n = 0; n < points.length; n += 2) {
    const next = n + 2 === points.length ? 0 : n + 2;
    const pu = points[n] - u;
    const pv = points[n + 1] - v;
    const qu = points[next] - u;
    const qv = points[next + 1] - v;
    c0 += pu * qv - qu * pv;
    c1 += pu * moves[next + 1] - moves[next] * pv + moves[n] * qv - qu * moves[n + 1];
    c2 += moves[n] * moves[next + 1] - moves[next] * moves[n + 1];
  }
  const root = Math.sqrt(c1 * c1 - 4 * c2 * c0);
  return (-2 * c0) / (c1 + (c1 < 0 ? -root : root));
}

function addMoves(points: Float64Array, moves: Float64Array, factor: number): Float64Array {
  if (Number.isFinite(factor)) for (let n = 0; n < points.length; n++) points[n] += factor * moves[n];
  return points;
}

/** The weight nearest to t that gives the straight way an area; NaN when none does. */
function weightFor({ lowerMm2, mixedMm2, upperMm2 }: Morph, t: number, areaMm2: number): number {
  const a = lowerMm2 - 2 * mixedMm2 + upperMm2;
  const b = 2 * (mixedMm2 - lowerMm2);
  const c = lowerMm2 - areaMm2;
  const root = Math.sqrt(b * b - 4 * a * c);
  const q = -(b + (b < 0 ? -root : root)) / 2;
  const [one, other] = [q / a, c / q];
  return Math.abs(one - t) < Math.abs(other - t) ? one : other;
}
