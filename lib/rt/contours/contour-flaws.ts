import { type Finding, type FindingCode, finding } from '../../findings.ts';
import type { Vec3 } from '../../math/vec3.ts';

/** Why a contour, or what about a plane of contours, is not as it should be. */
export type Flaw = Extract<
  FindingCode,
  | 'CONTOUR_OPEN'
  | 'CONTOUR_IS_POINT'
  | 'CONTOUR_TOO_FEW_POINTS'
  | 'CONTOUR_POINT_COUNT'
  | 'CONTOUR_NOT_NUMERIC'
  | 'CONTOUR_FAR_AWAY'
  | 'CONTOUR_NOT_PLANAR'
  | 'CONTOUR_WITHOUT_AREA'
  | 'CONTOURS_IN_SEVERAL_ORIENTATIONS'
  | 'CONTOUR_REPEATED'
  | 'CONTOURS_CROSS'
>;

/** No patient coordinate of a clinical scanner lies further from the origin, mm. */
export const FAR_AWAY_MM = 10_000;
/** A contour that leaves its own plane by more is left out: rounding and registration stay far below it, mm. */
export const OFF_PLANE_MM = 1;

const MEANINGS: Record<Flaw, string> = {
  CONTOUR_OPEN: 'open contours enclose nothing and are left out',
  CONTOUR_IS_POINT: 'point contours enclose nothing and are left out',
  CONTOUR_TOO_FEW_POINTS: 'contours with fewer than three different points are left out',
  CONTOUR_POINT_COUNT: 'contours whose number of coordinates is not a multiple of three are left out',
  CONTOUR_NOT_NUMERIC: 'contours with coordinates that are not numbers are left out',
  CONTOUR_FAR_AWAY: `contours more than ${FAR_AWAY_MM / 1000} m from the origin are left out`,
  CONTOUR_NOT_PLANAR: `contours that leave their plane by more than ${OFF_PLANE_MM} mm are left out`,
  CONTOUR_WITHOUT_AREA: 'contours that enclose no area are left out',
  CONTOURS_IN_SEVERAL_ORIENTATIONS: 'contours in planes of another orientation are left out',
  CONTOUR_REPEATED: 'repeated contours of one plane count once',
  CONTOURS_CROSS: 'planes have crossing contours; the even-odd rule decides what is inside',
};

/** A flaw that was met, and the first point of the contour that has it, mm; absent where the contour has none. */
export interface MetFlaw {
  flaw: Flaw;
  atMm?: Vec3;
}

/** A flaw of a contour with its points, x0, y0, z0, x1, ... */
export function flawOf(flaw: Flaw, pointsMm: Float64Array): MetFlaw {
  const first: Vec3 = [pointsMm[0], pointsMm[1], pointsMm[2]];
  return first.every((mm) => Math.abs(mm) <= FAR_AWAY_MM) ? { flaw, atMm: first } : { flaw };
}

/** A finding for each flaw with the number of times that it was met, and where first. */
export function flawFindings(met: MetFlaw[], where: string): Finding[] {
  return [...Map.groupBy(met, ({ flaw }) => flaw)].map(([flaw, all]) => {
    const first = all.find(({ atMm }) => atMm !== undefined);
    return finding(flaw, where, `${all.length} ${MEANINGS[flaw]}`, first?.atMm);
  });
}
