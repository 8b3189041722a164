import type { Vec3 } from '../math/vec3.ts';

/** A closed polygon in a plane of constant z: x0, y0, x1, y1, ... in patient coordinates (LPS), mm. */
export type Loop = Float64Array;

/** A body known by its formula, in patient coordinates (LPS), mm. */
export interface Solid {
  /** The axis-parallel box around it. */
  min: Vec3;
  max: Vec3;
  /** By formula; undefined where there is none (then see `volumeCc` of measure.ts). */
  volumeMm3?: number;
  contains(x: number, y: number, z: number): boolean;
  /**
   * Outlines of its cut with the plane z: vertices on the surface, about `chordMm` apart. A point is inside when it lies
   * in an odd number of loops. Empty where the plane misses the solid.
   */
  section(z: number, chordMm: number): Loop[];
}

/** Semi-axes along x, y, z. V = 4/3 pi a b c. */
export function ellipsoid(centre: Vec3, [a, b, c]: Vec3): Solid {
  const [cx, cy, cz] = centre;
  return {
    ...bounds(centre, [a, b, c]),
    volumeMm3: (4 / 3) * Math.PI * a * b * c,
    contains: (x, y, z) => ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 + ((z - cz) / c) ** 2 <= 1,
    section(z, chordMm) {
      const rest = 1 - ((z - cz) / c) ** 2;
      if (rest <= 0) return [];
      const scale = Math.sqrt(rest);
      return [ellipse(cx, cy, a * scale, b * scale, chordMm)];
    },
  };
}

export function sphere(centre: Vec3, radius: number): Solid {
  return ellipsoid(centre, [radius, radius, radius]);
}

/** Elliptic cylinder along z: semi-axes a along x, b along y, half its height. V = pi a b h. */
export function cylinder(centre: Vec3, [a, b]: [number, number], halfHeight: number): Solid {
  const [cx, cy, cz] = centre;
  return {
    ...bounds(centre, [a, b, halfHeight]),
    volumeMm3: Math.PI * a * b * 2 * halfHeight,
    contains: (x, y, z) => Math.abs(z - cz) <= halfHeight && ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1,
    section: (z, chordMm) => (Math.abs(z - cz) <= halfHeight ? [ellipse(cx, cy, a, b, chordMm)] : []),
  };
}

/** Circular cone along z: base of `radius` at `base`, apex `height` above it (below when negative). V = pi r^2 h / 3. */
export function cone(base: Vec3, radius: number, height: number): Solid {
  const [cx, cy, cz] = base;
  const radiusAt = (z: number) => {
    const t = (z - cz) / height;
    return t < 0 || t >= 1 ? 0 : radius * (1 - t);
  };
  return {
    min: [cx - radius, cy - radius, Math.min(cz, cz + height)],
    max: [cx + radius, cy + radius, Math.max(cz, cz + height)],
    volumeMm3: (Math.PI * radius ** 2 * Math.abs(height)) / 3,
    contains: (x, y, z) => Math.hypot(x - cx, y - cy) <= radiusAt(z) && radiusAt(z) > 0,
    section(z, chordMm) {
      const r = radiusAt(z);
      return r > 0 ? [ellipse(cx, cy, r, r, chordMm)] : [];
    },
  };
}

/** Sides parallel to the axes. V = 8 a b c. */
export function box(centre: Vec3, [a, b, c]: Vec3): Solid {
  const [cx, cy, cz] = centre;
  return {
    ...bounds(centre, [a, b, c]),
    volumeMm3: 8 * a * b * c,
    contains: (x, y, z) => Math.abs(x - cx) <= a && Math.abs(y - cy) <= b && Math.abs(z - cz) <= c,
    section(z) {
      if (Math.abs(z - cz) > c) return [];
      return [Float64Array.of(cx - a, cy - b, cx + a, cy - b, cx + a, cy + b, cx - a, cy + b)];
    },
  };
}

/** Ring around z: circle of radius R, tube of radius r < R. Its sections are two concentric circles. V = 2 pi^2 R r^2. */
export function torus(centre: Vec3, ringRadius: number, tubeRadius: number): Solid {
  const [cx, cy, cz] = centre;
  const outer = ringRadius + tubeRadius;
  return {
    ...bounds(centre, [outer, outer, tubeRadius]),
    volumeMm3: 2 * Math.PI ** 2 * ringRadius * tubeRadius ** 2,
    contains: (x, y, z) => Math.hypot(Math.hypot(x - cx, y - cy) - ringRadius, z - cz) <= tubeRadius,
    section(z, chordMm) {
      const rest = tubeRadius ** 2 - (z - cz) ** 2;
      if (rest <= 0) return [];
      const half = Math.sqrt(rest);
      return [ringRadius + half, ringRadius - half].map((r) => ellipse(cx, cy, r, r, chordMm));
    },
  };
}

function bounds([cx, cy, cz]: Vec3, [a, b, c]: Vec3): { min: Vec3; max: Vec3 } {
  return { min: [cx - a, cy - b, cz - c], max: [cx + a, cy + b, cz + c] };
}

const FEWEST_VERTICES = 12;

/** Vertices at equal steps of the parameter, a multiple of four so that the extremes along x and y are met. */
function ellipse(cx: number, cy: number, a: number, b: number, chordMm: number): Loop {
  const wanted = (2 * Math.PI * Math.max(a, b)) / chordMm;
  const n = Math.max(FEWEST_VERTICES, 4 * Math.ceil(wanted / 4));
  const loop = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * i) / n;
    loop[2 * i] = cx + a * Math.cos(angle);
    loop[2 * i + 1] = cy + b * Math.sin(angle);
  }
  return loop;
}
