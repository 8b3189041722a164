import type { Vec3 } from '../math/vec3.ts';

/**
 * A connected region of a contour plane: the even-odd inside of its edges, holes included.
 * Edges are u0, v0, u1, v1 each, in the plane coordinates of the stack, mm.
 */
export interface Shape {
  edges: Float64Array;
  areaMm2: number;
  /** Length of all edges. */
  perimeterMm: number;
  minU: number;
  maxU: number;
  minV: number;
  maxV: number;
}

/** All shapes on one contour plane. */
export interface Section {
  /** Distance of the plane from the patient origin along the normal of the stack. */
  offsetMm: number;
  shapes: Shape[];
}

/** Orthonormal axes of parallel contour planes: u and v in the plane, the normal across. */
export interface PlaneAxes {
  u: Vec3;
  v: Vec3;
  normal: Vec3;
}

export function shapeOf(edges: Float64Array, areaMm2: number): Shape {
  let [minU, maxU, minV, maxV, perimeterMm] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  for (let e = 0; e < edges.length; e += 4) {
    const [u0, v0, u1, v1] = [edges[e], edges[e + 1], edges[e + 2], edges[e + 3]];
    minU = Math.min(minU, u0, u1);
    maxU = Math.max(maxU, u0, u1);
    minV = Math.min(minV, v0, v1);
    maxV = Math.max(maxV, v0, v1);
    perimeterMm += Math.sqrt((u1 - u0) ** 2 + (v1 - v0) ** 2);
  }
  return { edges, areaMm2, perimeterMm, minU, maxU, minV, maxV };
}

/** Disjoint shapes of one plane as one. */
export function joinShapes(shapes: Shape[]): Shape {
  if (shapes.length === 1) return shapes[0];
  const edges = new Float64Array(shapes.reduce((sum, shape) => sum + shape.edges.length, 0));
  let end = 0;
  for (const shape of shapes) {
    edges.set(shape.edges, end);
    end += shape.edges.length;
  }
  return shapeOf(edges, totalAreaMm2(shapes));
}

export function totalAreaMm2(shapes: Shape[]): number {
  return shapes.reduce((sum, shape) => sum + shape.areaMm2, 0);
}
