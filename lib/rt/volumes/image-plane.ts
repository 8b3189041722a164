import { addScaled, dot, norm, normalize, type Vec3 } from '../../math/vec3.ts';

/** Where the pixels of an image lie. */
export interface ImagePlane {
  /** Centre of the first pixel. */
  positionMm: Vec3;
  /** Unit vectors along which the column and the row index grow, at right angles. */
  columnAxis: Vec3;
  rowAxis: Vec3;
  /** Distance of neighbouring columns, of neighbouring rows. */
  pixelSpacingMm: [number, number];
}

/** Axes that are nearly parallel span no plane. */
const LEAST_ACROSS = 0.9;

/**
 * The plane that ImagePositionPatient, ImageOrientationPatient and PixelSpacing (row spacing first) say, PS3.3 C.7.6.2;
 * undefined where one is missing or makes no sense.
 */
export function imagePlane(at: number[], axes: number[], spacing: number[]): ImagePlane | undefined {
  if (at.length !== 3 || axes.length !== 6 || spacing.length !== 2) return undefined;
  if (![...at, ...axes, ...spacing].every(Number.isFinite) || spacing.some((mm) => mm <= 0)) return undefined;
  const first: Vec3 = [axes[0], axes[1], axes[2]];
  const second: Vec3 = [axes[3], axes[4], axes[5]];
  if (norm(first) === 0 || norm(second) === 0) return undefined;
  const columnAxis = normalize(first);
  const across = addScaled(second, -dot(second, columnAxis), columnAxis);
  if (norm(across) < LEAST_ACROSS * norm(second)) return undefined;
  return {
    positionMm: [at[0], at[1], at[2]],
    columnAxis,
    rowAxis: normalize(across),
    pixelSpacingMm: [spacing[1], spacing[0]],
  };
}
