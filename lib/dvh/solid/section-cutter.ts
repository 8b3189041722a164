import { type RowCut, type Rows, scanRows } from '../../math/scan-rows.ts';
import type { Shape } from '../../rt/contours/shape.ts';
import { blendRows, borderDistanceMm } from './blend-rows.ts';
import { type BlendEnd, blendShapes, type Scratch } from './blend-shapes.ts';
import { type DistanceField, distanceField, type Lattice } from './distance-field.ts';
import { type MorphRoom, morphPoints } from './morph.ts';
import type { Layer } from './solid.ts';
import { shrunk, type Tip } from './tip.ts';

/** A section with its height along the normal. */
export interface Cut extends RowCut {
  w: number;
}

/** Sections are alike when their borders are this near on the average, in cells. */
const ALIKE_STEPS = 0.5;
/** Between alike sections the border moves straight when that gives the area but for this part. */
const FLAT_PART = 0.005;
/** Bands of a distance field, in cells: at least, and at most. */
const NARROWEST_BAND = 3;
const WIDEST_BAND = 32;

/** Cuts sections through layers on one lattice; keeps what neighbouring sections share. */
export class SectionCutter {
  readonly #lattice: Lattice;
  readonly #straight = new Map<Shape, RowCut>();
  readonly #fields = new Map<Shape, DistanceField>();
  readonly #spare: Float32Array[] = [];
  readonly #scratch: Scratch = { data: new Float32Array(0) };
  readonly #morphRoom: MorphRoom = { points: new Float64Array(0), moves: new Float64Array(0) };

  /** Room for the edges of one section after the other. */
  #edgeRoom = new Float64Array(0);
  #compared?: { lower: Shape; upper: Shape; alike: boolean };

  constructor(lattice: Lattice) {
    this.#lattice = lattice;
  }

  /** The section at a part t of the height, with a given area. */
  between(layer: Layer, t: number, areaMm2: number): RowCut {
    const { lower, upper, tip } = layer;
    if (tip) return this.#narrowed(layer, tip, t, areaMm2);
    if (!upper) return this.straight(lower);
    const straightMm2 = (1 - t) * lower.areaMm2 + t * upper.areaMm2;
    const flat = Math.abs(areaMm2 - straightMm2) <= FLAT_PART * areaMm2;
    if (flat && this.#areAlike(lower, upper)) return blendRows(this.straight(lower), this.straight(upper), t);
    const morph = layer.morph?.();
    if (morph) return this.#scanLoop(morphPoints(morph, t, areaMm2, this.#morphRoom));
    return this.#blend(lower, upper, t, areaMm2, bandFor(lower, upper, areaMm2, this.#lattice.step));
  }

  #blend(lower: Shape, upper: Shape, t: number, areaMm2: number, band: number): RowCut {
    const ends = [lower, upper].map((shape) => this.#end(shape, band));
    this.#forgetAllBut(lower, upper);
    const { firstJ, ...rows } = blendShapes(ends[0], ends[1], t, areaMm2, this.#lattice, this.#scratch);
    return this.#placed(rows, firstJ);
  }

  /** The contour of a tip shrunk to its centre, or worn off evenly. */
  #narrowed({ lower, lowMm, highMm }: Layer, tip: Tip, t: number, areaMm2: number): RowCut {
    const distanceMm = (highMm - lowMm) * (tip.contourAt === 'low' ? t : 1 - t);
    const shape = shrunk(lower, tip, distanceMm, areaMm2);
    return shape ? this.#scan(shape) : this.#blend(lower, lower, 0, areaMm2, WIDEST_BAND);
  }

  /** The section of a contour plane itself. */
  straight(shape: Shape): RowCut {
    const known = this.#straight.get(shape);
    if (known) return known;
    const cut = this.#scan(shape);
    if (this.#straight.size > 1) this.#straight.delete(this.#straight.keys().next().value!);
    this.#straight.set(shape, cut);
    return cut;
  }

  /** Whether the borders of two shapes lie so near that moving crossings tells all. */
  #areAlike(lower: Shape, upper: Shape): boolean {
    if (this.#compared?.lower !== lower || this.#compared.upper !== upper) {
      const perimeterMm = (lower.perimeterMm + upper.perimeterMm) / 2;
      const distanceMm = borderDistanceMm(this.straight(lower), this.straight(upper), perimeterMm);
      this.#compared = { lower, upper, alike: distanceMm < ALIKE_STEPS * this.#lattice.step };
    }
    return this.#compared.alike;
  }

  #end(shape: Shape, band: number): BlendEnd {
    const known = this.#fields.get(shape);
    const wide = known && known.limitMm >= band * this.#lattice.step;
    const field = wide ? known : this.#measure(shape, band);
    this.#fields.set(shape, field);
    return { field, areaMm2: shape.areaMm2, perimeterMm: shape.perimeterMm };
  }

  #measure(shape: Shape, band: number): DistanceField {
    return distanceField(shape, this.#lattice, band, this.straight(shape), this.#spare.pop());
  }

  /** The room of a field that is not needed any more is used again. */
  #forgetAllBut(lower: Shape, upper: Shape): void {
    for (const [shape, { data }] of this.#fields) {
      if (shape === lower || shape === upper) continue;
      this.#fields.delete(shape);
      this.#spare.push(new Float32Array(data.buffer));
    }
  }

  /** The section of a loop of corners u, v. */
  #scanLoop(points: Float64Array): RowCut {
    if (this.#edgeRoom.length < 2 * points.length) this.#edgeRoom = new Float64Array(4 * points.length);
    const edges = this.#edgeRoom.subarray(0, 2 * points.length);
    let [minV, maxV] = [Infinity, -Infinity];
    let [u, v] = [points[points.length - 2], points[points.length - 1]];
    // The edge from the last corner to the first comes last.
    for (let n = 0, e = edges.length - 4; n < points.length; n += 2, e = 2 * n - 4) {
      edges[e] = u;
      edges[e + 1] = v;
      edges[e + 2] = u = points[n];
      edges[e + 3] = v = points[n + 1];
      if (v < minV) minV = v;
      if (v > maxV) maxV = v;
    }
    return this.#scan({ edges, minV, maxV });
  }

  #scan({ edges, minV, maxV }: Pick<Shape, 'edges' | 'minV' | 'maxV'>): RowCut {
    const { originV, step } = this.#lattice;
    const firstJ = Math.ceil((minV - originV) / step);
    const count = Math.max(Math.floor((maxV - originV) / step) - firstJ + 1, 0);
    return this.#placed(scanRows(edges, originV + firstJ * step, step, count), firstJ);
  }

  #placed(rows: Rows, firstJ: number): RowCut {
    const { originV, step } = this.#lattice;
    return { rows, firstV: originV + firstJ * step, rowMm: step };
  }
}

/**
 * Distances have to reach as far as the border moves between the planes, as the box or the mean border does, and as far
 * as a section bulges that has more area than both.
 */
function bandFor(a: Shape, b: Shape, areaMm2: number, step: number): number {
  const bulge = Math.max(areaMm2 - Math.max(a.areaMm2, b.areaMm2), 0) / Math.min(a.perimeterMm, b.perimeterMm);
  const moved = Math.max(
    Math.abs(a.minU - b.minU),
    Math.abs(a.maxU - b.maxU),
    Math.abs(a.minV - b.minV),
    Math.abs(a.maxV - b.maxV),
    (2 * Math.abs(a.areaMm2 - b.areaMm2)) / (a.perimeterMm + b.perimeterMm),
  );
  return Math.min(Math.max(Math.ceil((moved + bulge) / step) + 2, NARROWEST_BAND), WIDEST_BAND);
}
