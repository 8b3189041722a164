import { type Finding, finding } from '../../findings.ts';
import { cross, dot, norm, normalize, type Vec3 } from '../../math/vec3.ts';
import type { Contour, Roi } from '../../rt/structure-set.ts';
import { type Flaw, readLoop, type SpatialLoop } from './contour-loop.ts';
import { groupLoops, type Loop } from './group-loops.ts';
import type { PlaneAxes, Section } from './shape.ts';

/** The contours of a ROI on parallel planes, ascending along the normal. */
export interface ContourStack {
  axes: PlaneAxes;
  sections: Section[];
  /** ContourSlabThickness, where a contour states it: what a single plane stands for. */
  statedThicknessMm?: number;
  findings: Finding[];
}

/**
 * Sorts the closed contours of a ROI into parallel planes of any orientation. What encloses nothing or cannot be used
 * is left out and found: open and point contours, too few points, values that are no numbers or lie metres away,
 * contours off their plane or in planes across the others, the same contour twice.
 * @param where what findings are about: the SOP Instance UID of the structure set and the ROI number
 */
export function stackContours(roi: Roi, where: string): ContourStack {
  const flaws = new Map<Flaw, number>();
  const note = (flaw: Flaw) => flaws.set(flaw, (flaws.get(flaw) ?? 0) + 1);
  const loops = roi.contours.flatMap((contour: Contour) => {
    const loop = readLoop(contour);
    if (typeof loop !== 'string') return [loop];
    note(loop);
    return [];
  });
  const axes = planeAxes(commonNormal(loops));
  const parallel = loops.filter((loop) => Math.abs(dot(loop.normal, axes.normal)) > PARALLEL);
  if (parallel.length < loops.length) flaws.set('CONTOURS_IN_SEVERAL_ORIENTATIONS', loops.length - parallel.length);
  const sections = intoPlanes(parallel, axes).map(({ offsetMm, loops: all }) => {
    const distinct = withoutRepeats(all);
    for (let n = distinct.length; n < all.length; n++) note('CONTOUR_REPEATED');
    const { shapes, crossing } = groupLoops(distinct);
    if (crossing) note('CONTOURS_CROSS');
    return { offsetMm, shapes };
  });
  const findings = [...flaws].map(([flaw, count]) => describeFlaw(flaw, count, where));
  const statedThicknessMm = roi.contours.find((contour) => (contour.slabThicknessMm ?? 0) > 0)?.slabThicknessMm;
  return { axes, sections: sections.filter(({ shapes }) => shapes.length > 0), statedThicknessMm, findings };
}

/** Cosine of the angle, 2.5 degrees, up to which planes count as parallel. */
const PARALLEL = 0.999;
/** Contours nearer than this along the normal lie on one plane: writers round coordinates. */
const SAME_PLANE_MM = 0.1;

/** Mean normal of the orientation that encloses the most area. */
function commonNormal(loops: SpatialLoop[]): Vec3 {
  const sums: Vec3[] = [];
  for (const { normal, areaMm2 } of loops) {
    const sum = sums.find((s) => Math.abs(dot(s, normal)) > PARALLEL * norm(s));
    if (!sum) sums.push(normal.map((c) => c * areaMm2) as Vec3);
    else for (const a of [0, 1, 2]) sum[a] += Math.sign(dot(sum, normal)) * areaMm2 * normal[a];
  }
  sums.sort((a, b) => norm(b) - norm(a));
  return sums.length > 0 ? normalize(sums[0]) : [0, 0, 1];
}

/** Axes along the patient's where the planes are: x, y, z; y, z, x or z, x, y. */
function planeAxes(raw: Vec3): PlaneAxes {
  const largest = [0, 1, 2].reduce((best, a) => (Math.abs(raw[a]) > Math.abs(raw[best]) ? a : best), 0);
  const snapped = raw.map((c) => (Math.abs(c) < 1e-6 ? 0 : c * Math.sign(raw[largest]))) as Vec3;
  const normal = normalize(snapped);
  const next: Vec3 = [0, 0, 0];
  next[(largest + 1) % 3] = 1;
  const v = normalize(cross(normal, next));
  return { u: cross(v, normal), v, normal };
}

function intoPlanes(loops: SpatialLoop[], axes: PlaneAxes): { offsetMm: number; loops: Loop[] }[] {
  const placed = loops
    .map((loop) => ({ offsetMm: dot(loop.centreMm, axes.normal), loop: flatten(loop, axes) }))
    .sort((a, b) => a.offsetMm - b.offsetMm);
  const planes: { offsetMm: number; loops: Loop[] }[] = [];
  for (const { offsetMm, loop } of placed) {
    const last = planes.at(-1);
    if (last && offsetMm - last.offsetMm < SAME_PLANE_MM) last.loops.push(loop);
    else planes.push({ offsetMm, loops: [loop] });
  }
  return planes;
}

function flatten({ pointsMm }: SpatialLoop, { u, v }: PlaneAxes): Loop {
  const loop = new Float64Array((pointsMm.length / 3) * 2);
  for (let p = 0, q = 0; p < pointsMm.length; p += 3, q += 2) {
    loop[q] = pointsMm[p] * u[0] + pointsMm[p + 1] * u[1] + pointsMm[p + 2] * u[2];
    loop[q + 1] = pointsMm[p] * v[0] + pointsMm[p + 1] * v[1] + pointsMm[p + 2] * v[2];
  }
  return loop;
}

/** The same contour stored twice would cancel itself by the even-odd rule; wherever it starts, its sums are the same. */
function withoutRepeats(loops: Loop[]): Loop[] {
  if (loops.length === 1) return loops;
  const seen = new Set<string>();
  return loops.filter((loop) => {
    let [sumU, sumV, squares] = [0, 0, 0];
    for (let p = 0; p < loop.length; p += 2) {
      sumU += loop[p];
      sumV += loop[p + 1];
      squares += loop[p] * loop[p] + loop[p + 1] * loop[p + 1];
    }
    const key = [loop.length, sumU, sumV, squares].map((n) => n.toFixed(3)).join(' ');
    const repeated = seen.has(key);
    seen.add(key);
    return !repeated;
  });
}

const FLAWS: Record<Flaw, string> = {
  CONTOUR_OPEN: 'open contours enclose nothing and are left out',
  CONTOUR_IS_POINT: 'point contours enclose nothing and are left out',
  CONTOUR_TOO_FEW_POINTS: 'contours with fewer than three different points are left out',
  CONTOUR_POINT_COUNT: 'contours whose number of coordinates is no multiple of three are left out',
  CONTOUR_NOT_NUMERIC: 'contours with coordinates that are no numbers are left out',
  CONTOUR_FAR_AWAY: 'contours more than 10 m from the origin are left out',
  CONTOUR_NOT_PLANAR: 'contours that leave their plane by more than 1 mm are left out',
  CONTOUR_WITHOUT_AREA: 'contours that enclose no area are left out',
  CONTOURS_IN_SEVERAL_ORIENTATIONS: 'contours in planes across the others are left out',
  CONTOUR_REPEATED: 'contours that repeat another one are left out',
  CONTOURS_CROSS: 'planes have contours that cross; the even-odd rule decides what is inside',
};

function describeFlaw(flaw: Flaw, count: number, where: string): Finding {
  return finding(flaw, where, `${count} ${FLAWS[flaw]}`);
}
