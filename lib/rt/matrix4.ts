import type { Vec3 } from '../math/vec3.ts';

/** A 4 x 4 homogeneous matrix, row by row, on patient coordinates (LPS, mm). */
export type Matrix4 = number[];

/** `shift` is 1 for points and 0 for directions. */
export function movePoint([x, y, z]: Vec3, m: Matrix4, shift: 0 | 1): Vec3 {
  return [
    m[0] * x + m[1] * y + m[2] * z + m[3] * shift,
    m[4] * x + m[5] * y + m[6] * z + m[7] * shift,
    m[8] * x + m[9] * y + m[10] * z + m[11] * shift,
  ];
}
