import { rootOf } from '../../math/root-of.ts';
import { insideLengthMm, scanRows } from '../../math/scan-rows.ts';
import { type Shape, shapeOf } from './shape.ts';

/** A closed contour in plane coordinates: u0, v0, u1, v1, ... without a repeated last point. */
export type Loop = Float64Array;

/**
 * The connected regions of the even-odd inside of all loops of one plane: an outer loop with its holes is one shape,
 * an island in a hole another. `crossing` tells that loops cross themselves or each other, so that the even-odd rule
 * takes parts out that someone may have meant to be in.
 */
export function groupLoops(loops: Loop[]): { shapes: Shape[]; crossing: boolean } {
  const edges = loops.map(edgesOf);
  const parents = loops.map((_, n) => n);
  const signs = loops.length === 1 ? [1] : loops.map((_, n) => probeLoop(n, edges, parents));
  const groups = new Map<number, number[]>();
  loops.forEach((_, n) => {
    const root = rootOf(parents, n);
    groups.set(root, [...(groups.get(root) ?? []), n]);
  });
  const measured = [...groups.values()].map((members) => {
    const signed = members.map((n) => signedMm2(loops[n]));
    const shoelace = members.reduce((sum, n, m) => sum + signs[n] * Math.abs(signed[m]), 0);
    const turned = members.map((n, m) => (signs[n] * signed[m] * signed[0] < 0 ? reversed(edges[n]) : edges[n]));
    return measureShape(concatenate(turned.map(withoutSeams)), shoelace);
  });
  return {
    shapes: measured.map((m) => m.shape).filter((shape) => shape.areaMm2 > 0),
    crossing: measured.some((m) => m.crossing),
  };
}

/** The edges of a loop, u0, v0, u1, v1 each. */
export function edgesOf(loop: Loop): Float64Array {
  const edges = new Float64Array(2 * loop.length);
  for (let p = 0; p < loop.length; p += 2) {
    const next = (p + 2) % loop.length;
    edges[2 * p] = loop[p];
    edges[2 * p + 1] = loop[p + 1];
    edges[2 * p + 2] = loop[next];
    edges[2 * p + 3] = loop[next + 1];
  }
  return edges;
}

/** Off the middle, where symmetric contours have vertices. */
const PROBE_HEIGHT = 0.4871;

/**
 * Looks along one scan line through loop n: loops that bound the same inside part belong together. Returns +1 when the
 * loop encloses inside, -1 when it is a hole.
 */
function probeLoop(n: number, edges: Float64Array[], parents: number[]): number {
  const { minV, maxV } = shapeOf(edges[n], 0);
  const v = minV + PROBE_HEIGHT * (maxV - minV);
  const crossings = edges.flatMap((loop, m) => {
    const { x } = scanRows(loop, v, 1, 1);
    return Array.from(x, (u) => ({ u, loop: m }));
  });
  crossings.sort((a, b) => a.u - b.u || a.loop - b.loop);
  for (let c = 0; c + 1 < crossings.length; c += 2)
    parents[rootOf(parents, crossings[c + 1].loop)] = rootOf(parents, crossings[c].loop);
  return crossings.findIndex((c) => c.loop === n) % 2 === 0 ? 1 : -1;
}

/**
 * Keyhole contours run along a channel of no width to a hole and back: its two sides are no border. The two have the
 * same middle, by which they are looked up in a table with open addressing.
 */
function withoutSeams(edges: Float64Array): Float64Array {
  const count = edges.length / 4;
  const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
  const table = new Int32Array(size).fill(-1);
  const dropped = new Uint8Array(count);
  let drops = 0;
  for (let n = 0; n < count; n++) {
    const e = 4 * n;
    const u = Math.round((edges[e] + edges[e + 2]) * HASH_PER_MM);
    const v = Math.round((edges[e + 1] + edges[e + 3]) * HASH_PER_MM);
    let slot = (Math.imul(u, 73856093) ^ Math.imul(v, 19349663)) & (size - 1);
    while (table[slot] >= 0 && (dropped[table[slot]] || !areOpposite(edges, e, 4 * table[slot])))
      slot = (slot + 1) & (size - 1);
    if (table[slot] < 0) {
      table[slot] = n;
      continue;
    }
    dropped[n] = dropped[table[slot]] = 1;
    drops++;
  }
  return drops === 0 ? edges : edges.filter((_, n) => !dropped[n >> 2]);
}

const HASH_PER_MM = 1000;
const SAME_POINT_MM = 1e-9;

function areOpposite(edges: Float64Array, e: number, f: number): boolean {
  return (
    Math.abs(edges[e] - edges[f + 2]) < SAME_POINT_MM &&
    Math.abs(edges[e + 1] - edges[f + 3]) < SAME_POINT_MM &&
    Math.abs(edges[e + 2] - edges[f]) < SAME_POINT_MM &&
    Math.abs(edges[e + 3] - edges[f + 1]) < SAME_POINT_MM
  );
}

/** The same edges, walked the other way. */
function reversed(edges: Float64Array): Float64Array {
  const turned = new Float64Array(edges.length);
  for (let e = 0; e < edges.length; e += 2) {
    turned[e] = edges[edges.length - 2 - e];
    turned[e + 1] = edges[edges.length - 1 - e];
  }
  return turned;
}

/** Shoelace formula: positive counterclockwise. */
function signedMm2(loop: Loop): number {
  let twice = 0;
  for (let p = 0; p < loop.length; p += 2) {
    const next = (p + 2) % loop.length;
    twice += (loop[p] - loop[0]) * (loop[next + 1] - loop[1]) - (loop[next] - loop[0]) * (loop[p + 1] - loop[1]);
  }
  return twice / 2;
}

const CHECK_LINES = 48;
const EXACT_LINES = 4096;
const CROSSING_TOLERANCE = 0.01;

/** The shoelace area is exact unless something crosses: then only scan lines know the even-odd area. */
function measureShape(edges: Float64Array, shoelaceMm2: number): { shape: Shape; crossing: boolean } {
  const shape = shapeOf(edges, shoelaceMm2);
  if (agrees(scannedMm2(shape, CHECK_LINES), shoelaceMm2)) return { shape, crossing: false };
  const scanned = scannedMm2(shape, EXACT_LINES);
  if (agrees(scanned, shoelaceMm2)) return { shape, crossing: false };
  return { shape: { ...shape, areaMm2: scanned }, crossing: true };
}

function scannedMm2(shape: Shape, lines: number): number {
  const step = (shape.maxV - shape.minV) / lines;
  return insideLengthMm(scanRows(shape.edges, shape.minV + step / 2, step, lines)) * step;
}

function agrees(a: number, b: number): boolean {
  return Math.abs(a - b) <= CROSSING_TOLERANCE * Math.max(a, b);
}

function concatenate(parts: Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
