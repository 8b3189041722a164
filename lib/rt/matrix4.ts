import type { Vec3 } from '../math/vec3.ts';

/** A 4 x 4 homogeneous matrix, row by row, on patient coordinates (LPS, mm). */
export type Matrix4 = number[];

export const IDENTITY4: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** `shift` is 1 for points and 0 for directions. */
export function movePoint([x, y, z]: Vec3, m: Matrix4, shift: 0 | 1): Vec3 {
  return [
    m[0] * x + m[1] * y + m[2] * z + m[3] * shift,
    m[4] * x + m[5] * y + m[6] * z + m[7] * shift,
    m[8] * x + m[9] * y + m[10] * z + m[11] * shift,
  ];
}

/** The product a b: what b does first and a then. */
export function multiplyMatrices(a: Matrix4, b: Matrix4): Matrix4 {
  const product: Matrix4 = [];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * row + k] * b[4 * k + column];
      product.push(sum);
    }
  }
  return product;
}

/** The inverse of a rigid matrix: the rotation transposed, the translation turned back. */
export function invertRigid(m: Matrix4): Matrix4 {
  const t = [m[3], m[7], m[11]];
  const back = [0, 1, 2].map((c) => -(m[c] * t[0] + m[4 + c] * t[1] + m[8 + c] * t[2]));
  return [m[0], m[4], m[8], back[0], m[1], m[5], m[9], back[1], m[2], m[6], m[10], back[2], 0, 0, 0, 1];
}

/** Why a matrix is no rigid motion, which turns and shifts and does nothing else; '' for one that is. */
export function whyNotRigid(m: Matrix4): string {
  if (m.length !== 16 || !m.every(Number.isFinite)) return 'its matrix does not have 16 numbers';
  if (!isLastRow(m.slice(12))) {
    const isTransposed = [m[3], m[7], m[11]].every((value) => value === 0) && isLastRow([0, 0, 0, m[15]]);
    return isTransposed
      ? 'its matrix is stored by columns, but DICOM stores it by rows'
      : 'the last row of its matrix is not 0 0 0 1';
  }
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) {
      const product = m[a] * m[b] + m[4 + a] * m[4 + b] + m[8 + a] * m[8 + b];
      if (Math.abs(product - (a === b ? 1 : 0)) > ORTHONORMAL_TOLERANCE) return 'its matrix scales or shears';
    }
  }
  return determinant3(m) < 0 ? 'its matrix mirrors the patient' : '';
}

/** Matrices are written with six digits or more. */
const ORTHONORMAL_TOLERANCE = 1e-4;
const LAST_ROW_TOLERANCE = 1e-6;

function isLastRow(row: number[]): boolean {
  return row.every((value, n) => Math.abs(value - (n === 3 ? 1 : 0)) <= LAST_ROW_TOLERANCE);
}

/** Of the upper left 3 x 3 part. */
function determinant3(m: Matrix4): number {
  return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);
}

/** Half the width of a cube about the origin that holds a patient, mm. */
const PATIENT_MM = 250;
const CORNERS: Vec3[] = [-PATIENT_MM, PATIENT_MM].flatMap((x) =>
  [-PATIENT_MM, PATIENT_MM].flatMap((y) => [-PATIENT_MM, PATIENT_MM].map((z): Vec3 => [x, y, z])),
);

/** The greatest distance, in mm, between where two matrices take a point of a cube of 50 cm about the origin. */
export function greatestDistanceMm(a: Matrix4, b: Matrix4): number {
  const distances = CORNERS.map((corner) => {
    const [p, q] = [movePoint(corner, a, 1), movePoint(corner, b, 1)];
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  });
  return Math.max(...distances);
}
