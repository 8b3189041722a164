import { type Finding, type FindingCode, finding } from '../../findings.ts';

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
  CONTOUR_POINT_COUNT: 'contours whose number of coordinates is no multiple of three are left out',
  CONTOUR_NOT_NUMERIC: 'contours with coordinates that are no numbers are left out',
  CONTOUR_FAR_AWAY: `contours more than ${FAR_AWAY_MM / 1000} m from the origin are left out`,
  CONTOUR_NOT_PLANAR: `contours that leave their plane by more than ${OFF_PLANE_MM} mm are left out`,
  CONTOUR_WITHOUT_AREA: 'contours that enclose no area are left out',
  CONTOURS_IN_SEVERAL_ORIENTATIONS: 'contours in planes across the others are left out',
  CONTOUR_REPEATED: 'contours that repeat another one of their plane count once',
  CONTOURS_CROSS: 'planes have contours that cross; the even-odd rule decides what is inside',
};

/** A finding for each flaw with the number of times that it was met. */
export function flawFindings(flaws: Flaw[], where: string): Finding[] {
  const counts = new Map<Flaw, number>();
  for (const flaw of flaws) counts.set(flaw, (counts.get(flaw) ?? 0) + 1);
  return [...counts].map(([flaw, count]) => finding(flaw, where, `${count} ${MEANINGS[flaw]}`));
}
