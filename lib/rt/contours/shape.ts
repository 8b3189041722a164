import type { Vec3 } from '../../math/vec3.ts';

/**
 * A connected region of a contour plane: the even-odd inside of its edges, holes included.
 * Edges are u0, v0, u1, v1 each, in the plane coordinates of the stack, mm. The inside lies on the same side of all edges
 * unless contours cross.
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
  let minU = Infinity;
  let maxU = -Infinity;
  let minV = Infinity;
  let maxV = -Infinity;
  let perimeterMm = 0;
  for (let e = 0; e < edges.length; e += 2) {
    if (edges[e] < minU) minU = edges[e];
    if (edges[e] > maxU) maxU = edges[e];
    if (edges[e + 1] < minV) minV = edges[e + 1];
    if (edges[e + 1] > maxV) maxV = edges[e + 1];
  }
  for (let e = 0; e < edges.length; e += 4) {
    const du = edges[e + 2] - edges[e];
    const dv = edges[e + 3] - edges[e + 1];
    perimeterMm += Math.sqrt(du * du + dv * dv);
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
