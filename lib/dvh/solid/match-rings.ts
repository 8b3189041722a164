import type { Ring } from './ring.ts';

/**
 * Pairs of points of two rings in order: a step goes along an edge of one ring while the point of the other rests, and
 * edges follow each other by direction. On convex rings the pairs span the convex hull of both: the polyhedron of most
 * volume (Keppel 1975, doi:10.1147/rd.191.0002). In a pocket the other ring rests where it meets the edge of the hull.
 */
export interface RingPath {
  /** Pair n: u and v on the lower ring, u and v on the upper. Pair 0 again at the end. */
  pairs: Float64Array;
  /** Outward normal of step n: that of the edge of the hull. */
  normals: Float64Array;
  /** How far the lower and the upper ring reach along the normal of step n, mm. */
  lowerMm: Float64Array;
  upperMm: Float64Array;
}

export function matchRings(lower: Ring, upper: Ring): RingPath {
  const steps = lower.points.length / 2 + upper.points.length / 2 - 2;
  const path: RingPath = {
    pairs: new Float64Array(4 * steps + 4),
    normals: new Float64Array(2 * steps),
    lowerMm: new Float64Array(steps),
    upperMm: new Float64Array(steps),
  };
  const { pairs, normals, lowerMm, upperMm } = path;
  const [lastLower, lastUpper] = [lower.hull.length - 1, upper.hull.length - 1];
  let [a, b, step] = [0, 0, 0];
  writePair(pairs, 0, lower.points, 0, upper.points, 0);
  while (a < lastLower || b < lastUpper) {
    const alongUpper = a === lastLower || (b < lastUpper && turnMm2(lower, a, upper, b) < 0);
    const [ring, h] = alongUpper ? [upper, b] : [lower, a];
    const { points } = ring;
    const [from, to] = [ring.hull[h], ring.hull[h + 1]];
    const [onLower, onUpper] = [lower.hull[a], upper.hull[b]];
    const du = points[2 * to] - points[2 * from];
    const dv = points[2 * to + 1] - points[2 * from + 1];
    const perMm = 1 / Math.sqrt(du * du + dv * dv);
    const u = dv * perMm;
    const v = -du * perMm;
    const low = lower.points[2 * onLower] * u + lower.points[2 * onLower + 1] * v;
    const high = upper.points[2 * onUpper] * u + upper.points[2 * onUpper + 1] * v;
    for (let p = from; p < to; p++, step++) {
      normals[2 * step] = u;
      normals[2 * step + 1] = v;
      lowerMm[step] = low;
      upperMm[step] = high;
      if (alongUpper) writePair(pairs, step + 1, lower.points, onLower, points, p + 1);
      else writePair(pairs, step + 1, points, p + 1, upper.points, onUpper);
    }
    if (alongUpper) b++;
    else a++;
  }
  return path;
}

function writePair(
  pairs: Float64Array,
  n: number,
  lower: Float64Array,
  onLower: number,
  upper: Float64Array,
  onUpper: number,
): void {
  pairs[4 * n] = lower[2 * onLower];
  pairs[4 * n + 1] = lower[2 * onLower + 1];
  pairs[4 * n + 2] = upper[2 * onUpper];
  pairs[4 * n + 3] = upper[2 * onUpper + 1];
}

/** Positive when the next edge of the lower hull turns left into that of the upper: it comes first. */
function turnMm2(lower: Ring, a: number, upper: Ring, b: number): number {
  const [p, q] = [2 * lower.hull[a], 2 * lower.hull[a + 1]];
  const [r, s] = [2 * upper.hull[b], 2 * upper.hull[b + 1]];
  return (
    (lower.points[q] - lower.points[p]) * (upper.points[s + 1] - upper.points[r + 1]) -
    (lower.points[q + 1] - lower.points[p + 1]) * (upper.points[s] - upper.points[r])
  );
}

/** How far a ring reaches along each of the normals of a path, mm. */
export function supportsMm({ points, hull }: Ring, normals: Float64Array): Float64Array {
  const last = hull.length - 1;
  const supports = new Float64Array(normals.length / 2);
  let h = 0;
  for (let n = 0; n < supports.length; n++) {
    const u = normals[2 * n];
    const v = normals[2 * n + 1];
    let reach = points[2 * hull[h]] * u + points[2 * hull[h] + 1] * v;
    while (h < last) {
      const next = points[2 * hull[h + 1]] * u + points[2 * hull[h + 1] + 1] * v;
      if (next < reach) break;
      reach = next;
      h++;
    }
    supports[n] = reach;
  }
  return supports;
}
