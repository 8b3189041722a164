import type { Finding } from '../../findings.ts';
import { cross, dot, norm, normalize, type Vec3 } from '../../math/vec3.ts';
import type { Contour } from '../structure-set.ts';
import { flawFindings, flawOf, type MetFlaw } from './contour-flaws.ts';
import { readLoop, type SpatialLoop } from './contour-loop.ts';
import { groupLoops, type Loop } from './group-loops.ts';
import { repeatsOf } from './repeated-loops.ts';
import type { PlaneAxes, Shape } from './shape.ts';

/** What the contours of one plane say. */
export interface ContourPlane {
  /** Distance of the plane from the patient origin along the normal of the stack, mm. */
  offsetMm: number;
  /** Its closed contours in patient coordinates, each once. */
  loops: Float64Array[];
  /** The connected regions that they enclose by the even-odd rule. */
  shapes: Shape[];
  /** The largest ContourSlabThickness that one of its contours states, mm. */
  slabThicknessMm?: number;
}

/** The contours of a ROI on parallel planes, ascending along the normal. */
export interface ContourStack {
  axes: PlaneAxes;
  planes: ContourPlane[];
  findings: Finding[];
}

/**
 * Sorts the closed contours of a ROI into parallel planes of any orientation: the one reader of planes, for masks and for
 * DVHs. What encloses nothing or cannot be used is left out and found: open and point contours, too few points, values
 * that are no numbers or lie metres away, contours off their plane or in planes across those that enclose the most area,
 * and the same contour twice, but for the type CLOSEDPLANAR_XOR, which asks for it (PS3.3 C.8.8.6.3).
 * @param where what findings are about: the structure set and the ROI number
 */
export function readContourPlanes(contours: Contour[], where: string): ContourStack {
  const unread: MetFlaw[] = [];
  const drawn = contours.flatMap((contour): Drawn[] => {
    const loop = readLoop(contour);
    if (typeof loop !== 'string') return [{ contour, loop }];
    unread.push(flawOf(loop, contour.pointsMm));
    return [];
  });
  const axes = planeAxes(commonNormal(drawn.map(({ loop }) => loop)));
  const parallel = drawn.filter(({ loop }) => liesParallel(loop, axes.normal));
  const across = drawn
    .filter((one) => !parallel.includes(one))
    .map(({ contour }) => flawOf('CONTOURS_IN_SEVERAL_ORIENTATIONS', contour.pointsMm));
  const read = intoPlanes(parallel, axes).map(readPlane);
  return {
    axes,
    planes: read.map(({ plane }) => plane).filter(({ shapes }) => shapes.length > 0),
    findings: flawFindings([...unread, ...across, ...read.flatMap(({ flaws }) => flaws)], where),
  };
}

interface Drawn {
  contour: Contour;
  loop: SpatialLoop;
}

interface FlatDrawn extends Drawn {
  flat: Loop;
  offsetMm: number;
}

/** Cosine of the angle, 2.5 degrees, up to which planes count as parallel. */
export const PARALLEL = 0.999;
/** Contours nearer than this along the normal lie on one plane: writers round coordinates. */
export const SAME_PLANE_MM = 0.1;

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

/** The normal of a tiny loop is mostly rounding: where its points keep to the plane it lies in it. */
function liesParallel({ normal, pointsMm, centreMm }: SpatialLoop, common: Vec3): boolean {
  if (Math.abs(dot(normal, common)) > PARALLEL) return true;
  const level = dot(centreMm, common);
  for (let p = 0; p < pointsMm.length; p += 3) {
    const height = pointsMm[p] * common[0] + pointsMm[p + 1] * common[1] + pointsMm[p + 2] * common[2];
    if (Math.abs(height - level) > SAME_PLANE_MM) return false;
  }
  return true;
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

function intoPlanes(drawn: Drawn[], axes: PlaneAxes): FlatDrawn[][] {
  const placed = drawn
    .map((one) => ({ ...one, flat: flatten(one.loop, axes), offsetMm: dot(one.loop.centreMm, axes.normal) }))
    .sort((a, b) => a.offsetMm - b.offsetMm);
  const planes: FlatDrawn[][] = [];
  for (const one of placed) {
    const last = planes.at(-1);
    if (last && one.offsetMm - last[0].offsetMm < SAME_PLANE_MM) last.push(one);
    else planes.push([one]);
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

function readPlane(all: FlatDrawn[]): { plane: ContourPlane; flaws: MetFlaw[] } {
  const repeats = repeatsOf(all.map(({ flat }) => flat));
  const distinct = all.filter(({ contour }, n) => !repeats[n] || isXor(contour));
  const repeated = all.filter((one) => !distinct.includes(one));
  const { shapes, crossing } = groupLoops(distinct.map(({ flat }) => flat));
  const crosses = crossing && !distinct.every(({ contour }) => isXor(contour));
  const flaws = [
    ...repeated.map(({ contour }) => flawOf('CONTOUR_REPEATED', contour.pointsMm)),
    ...(crosses ? [flawOf('CONTOURS_CROSS', distinct[0].contour.pointsMm)] : []),
  ];
  const thickest = Math.max(...distinct.map(({ contour }) => contour.slabThicknessMm ?? 0));
  const plane = {
    offsetMm: all[0].offsetMm,
    loops: distinct.map(({ loop }) => loop.pointsMm),
    shapes,
    slabThicknessMm: thickest > 0 ? thickest : undefined,
  };
  return { plane, flaws };
}

/** A point of a plane: the first of its first contour, mm. */
export function pointOn({ loops: [loop] }: ContourPlane): Vec3 {
  return [loop[0], loop[1], loop[2]];
}

function isXor({ type }: Contour): boolean {
  return type === 'CLOSEDPLANAR_XOR';
}
