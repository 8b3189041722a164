import { type Mat3, subtract as minus, multiply, multiplyTransposed, type Vec3 } from '../math/vec3.ts';
import type { Solid } from './solid.ts';
import { traceSection } from './trace.ts';

/** Points of any part. */
export function union(...parts: Solid[]): Solid {
  const min = parts[0].min.map((_, axis) => Math.min(...parts.map((part) => part.min[axis]))) as Vec3;
  const max = parts[0].max.map((_, axis) => Math.max(...parts.map((part) => part.max[axis]))) as Vec3;
  return {
    ...traced(min, max, (x, y, z) => parts.some((part) => part.contains(x, y, z))),
    ...(areApart(parts) && {
      volumeMm3: sumOfVolumes(parts),
      section: (z, chordMm) => parts.flatMap((part) => part.section(z, chordMm)),
    }),
  };
}

/** Points of both. */
export function intersection(a: Solid, b: Solid): Solid {
  const min = a.min.map((value, axis) => Math.max(value, b.min[axis])) as Vec3;
  const max = a.max.map((value, axis) => Math.min(value, b.max[axis])) as Vec3;
  return traced(min, max, (x, y, z) => a.contains(x, y, z) && b.contains(x, y, z));
}

/** Points of `a` outside `b`. */
export function subtract(a: Solid, b: Solid): Solid {
  return traced(a.min, a.max, (x, y, z) => a.contains(x, y, z) && !b.contains(x, y, z));
}

/** The solid turned about a point: a point p of it comes to lie at about + rotation * (p - about). */
export function rotate(solid: Solid, rotation: Mat3, about: Vec3): Solid {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    multiply(
      rotation,
      minus([0, 1, 2].map((axis) => (bits & (1 << axis) ? solid.max : solid.min)[axis]) as Vec3, about),
    ),
  );
  const extreme = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => about[axis] + pick(...corners.map((corner) => corner[axis]))) as Vec3;
  const contains = (x: number, y: number, z: number) => {
    const [dx, dy, dz] = multiplyTransposed(rotation, minus([x, y, z], about));
    return solid.contains(about[0] + dx, about[1] + dy, about[2] + dz);
  };
  return { ...traced(extreme(Math.min), extreme(Math.max), contains), volumeMm3: solid.volumeMm3 };
}

function traced(min: Vec3, max: Vec3, contains: Solid['contains']): Solid {
  return { min, max, contains, section: (z, chordMm) => traceSection({ min, max, contains }, z, chordMm) };
}

/** True when no two boxes meet: then outlines and volumes simply add. */
function areApart(parts: Solid[]): boolean {
  const meet = (a: Solid, b: Solid) => a.min.every((value, axis) => value <= b.max[axis] && b.min[axis] <= a.max[axis]);
  return parts.every((a, index) => parts.slice(index + 1).every((b) => !meet(a, b)));
}

function sumOfVolumes(parts: Solid[]): number | undefined {
  return parts.reduce<number | undefined>(
    (sum, { volumeMm3 }) => (sum === undefined || volumeMm3 === undefined ? undefined : sum + volumeMm3),
    0,
  );
}
