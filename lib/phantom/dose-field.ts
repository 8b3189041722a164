import type { Vec3 } from '../math/vec3.ts';

/** Absorbed dose in Gy at a point in patient coordinates (LPS), mm. */
export type DoseField = (x: number, y: number, z: number) => number;

export function uniform(doseGy: number): DoseField {
  return () => doseGy;
}

/** D0 + g (p - p0) . u, never below 0; `direction` has length 1. Its mean over a solid is its value at the centroid. */
export function gradient(at: Vec3, doseGy: number, direction: Vec3, gyPerMm: number): DoseField {
  const [ux, uy, uz] = direction;
  return (x, y, z) => {
    const along = (x - at[0]) * ux + (y - at[1]) * uy + (z - at[2]) * uz;
    return Math.max(0, doseGy + gyPerMm * along);
  };
}

/** D0 exp(-r^2 / 2 sigma^2) with one sigma for each axis. */
export function gaussianDose(centre: Vec3, sigmaMm: Vec3, doseGy: number): DoseField {
  const [cx, cy, cz] = centre;
  const [sx, sy, sz] = sigmaMm;
  return (x, y, z) => doseGy * Math.exp(-(((x - cx) / sx) ** 2 + ((y - cy) / sy) ** 2 + ((z - cz) / sz) ** 2) / 2);
}

/** Full dose inside a box, 50 % on its faces, falling as a logistic curve: 80-20 % width = 2.77 falloffMm. */
export function penumbraBox(centre: Vec3, half: Vec3, falloffMm: number, doseGy: number): DoseField {
  const [cx, cy, cz] = centre;
  const edge = (distance: number, extent: number) => logistic((extent - Math.abs(distance)) / falloffMm);
  return (x, y, z) => doseGy * edge(x - cx, half[0]) * edge(y - cy, half[1]) * edge(z - cz, half[2]);
}

/** As `penumbraBox` for an ellipsoid; the distance to its surface is taken along the ray from the centre. */
export function penumbraEllipsoid(centre: Vec3, semiAxes: Vec3, falloffMm: number, doseGy: number): DoseField {
  const [cx, cy, cz] = centre;
  const [a, b, c] = semiAxes;
  return (x, y, z) => {
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
    const radius = Math.sqrt((dx / a) ** 2 + (dy / b) ** 2 + (dz / c) ** 2);
    const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const outside = radius > 0 ? length - length / radius : -Math.min(a, b, c);
    return doseGy * logistic(-outside / falloffMm);
  };
}

export function sumOf(...fields: DoseField[]): DoseField {
  return (x, y, z) => {
    let sum = 0;
    for (const field of fields) sum += field(x, y, z);
    return sum;
  };
}

export function scaled(factor: number, field: DoseField): DoseField {
  return (x, y, z) => factor * field(x, y, z);
}

function logistic(t: number): number {
  return 1 / (1 + Math.exp(-t));
}
