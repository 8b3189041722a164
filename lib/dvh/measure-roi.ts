import { type Finding, finding } from '../findings.ts';
import type { Mask } from '../image/grid.ts';
import type { SlicePlanes } from '../image/slice-planes.ts';
import { readContourPlanes } from '../rt/contours/contour-planes.ts';
import type { DvhStatus, RoiEnd } from '../rt/roi-status.ts';
import type { Roi } from '../rt/structure-set.ts';
import { computeDvh, fineDvh } from './compute-dvh.ts';
import type { DoseField } from './dose-field.ts';
import type { Dvh } from './metrics/dvh.ts';
import { type ContourSolid, contourSolid, type Side } from './solid/contour-solid.ts';
import { maskSolid } from './solid/mask-solid.ts';
import { type EndCap, type Interpolation, type Solid, solidVolumeCc } from './solid/solid.ts';

/** A ROI as contours with the slices that they are drawn on, or as the voxels of a label map; plain data, so that it can be posted to a thread. */
export type RoiRegion = { kind: 'contours'; roi: Roi; slices?: SlicePlanes } | { kind: 'mask'; mask: Mask };

export interface RoiTask {
  region: RoiRegion;
  /** Absent when there is none for it: then only the volume is measured. */
  dose?: DoseField;
  /** Why an existing dose cannot be used; absent without a dose. */
  withoutDose?: string;
  options: MeasureOptions;
  /** What findings are about: the UID of the structure set, or the source, and the ROI. */
  where: string;
}

export interface MeasureOptions {
  /** Of contours; label maps end with their voxels. */
  endCap: EndCap;
  interpolation: Interpolation;
  /** Thickness of a ROI on a single plane that does not state one: the slice distance of its image, mm. */
  singlePlaneMm: number;
  /** Contour planes further apart hold separate pieces, mm. */
  maxGapMm: number;
  /** Smaller ROIs are too small to measure. */
  leastVolumeCc: number;
  /** How finely ROIs are cut: cells per ROI, about; absent: 100 000. */
  samples?: number;
}

/** A measured ROI. `fine` and `coarse` are absent when there is no dose in it. */
export interface RoiMeasurement {
  status: DvhStatus;
  /** Why the status is not `ok`. */
  reason: string;
  findings: Finding[];
  volumeCc: number;
  /** Part of the volume that is end cap, beyond the contours. */
  capCc: number;
  /** The volume beyond the contours; absent without contours. */
  endCap?: EndCap;
  fine?: Dvh;
  coarse?: Dvh;
  /** For an ROI on few planes: its values if its ends lie on its last contours, or on the planes after them. */
  ends?: EndVariant[];
}

export interface EndVariant {
  volumeCc: number;
  /** Absent when there is no dose in it. */
  dvh?: Dvh;
}

/** Volume and dose of one ROI. The task of a worker thread: one argument, plain data in and out. */
export function measureRoi({ region, dose, withoutDose, options, where }: RoiTask): RoiMeasurement {
  const drawn = solidOf(region, options, where);
  const { solid, capCc, endCap, findings } = drawn;
  if (solid.layers.length === 0) return { findings, volumeCc: 0, capCc: 0, ...whyEmpty(region, options, drawn) };
  const volumeCc = solidVolumeCc(solid);
  const ends = fewPlanes(drawn) ? endVariants(drawn.solidWith, dose) : undefined;
  const measured = { findings, volumeCc, capCc, endCap, ends };
  if (!(volumeCc >= options.leastVolumeCc && volumeCc > 0))
    return { ...measured, status: 'too_small', reason: `smaller than ${options.leastVolumeCc} cc` };
  if (!dose && withoutDose) return { ...measured, status: 'failed', reason: withoutDose };
  if (!dose) return { ...measured, status: 'no_dose', reason: 'the course has no dose' };
  const { fine, coarse } = computeDvh(solid, dose, options.samples);
  if (fine.coverage === 0) return { ...measured, status: 'outside_dose', reason: 'outside the dose grid' };
  return { ...measured, status: 'ok', reason: '', fine, coarse };
}

/** On so many planes the ends are a small part of a ROI, and their slopes are known. */
const MANY_PLANES = 6;
/** Enough for the difference that other ends make. */
const VARIANT_SAMPLES = 20_000;

function fewPlanes({ planes }: DrawnSolid): boolean {
  return planes > 0 && planes < MANY_PLANES;
}

/** No contour lies on the next planes, so that each end is somewhere between its last contour and the next plane. */
const EXTREME_ENDS: Record<Side, EndCap>[] = [
  { below: 'none', above: 'none' },
  { below: 'none', above: 'full' },
  { below: 'full', above: 'none' },
  { below: 'full', above: 'full' },
];

function endVariants(solidWith: DrawnSolid['solidWith'], dose: DoseField | undefined): EndVariant[] {
  return EXTREME_ENDS.map((endCaps) => {
    const solid = solidWith(endCaps);
    const volumeCc = solidVolumeCc(solid);
    if (!dose || !(volumeCc > 0)) return { volumeCc };
    const dvh = fineDvh(solid, dose, VARIANT_SAMPLES);
    return dvh.coverage > 0 ? { volumeCc, dvh } : { volumeCc };
  });
}

interface DrawnSolid {
  solid: Solid;
  /** The same with other ends; a label map ends with its voxels. */
  solidWith(endCaps: Record<Side, EndCap>): Solid;
  capCc: number;
  endCap?: EndCap;
  /** Contour planes; none for a label map. */
  planes: number;
  findings: Finding[];
}

function solidOf(region: RoiRegion, options: MeasureOptions, where: string): DrawnSolid {
  if (region.kind === 'mask') {
    const solid = maskSolid(region.mask);
    return { solid, solidWith: () => solid, capCc: 0, planes: 0, findings: [] };
  }
  const { slices } = region;
  const stack = readContourPlanes(region.roi.contours, where);
  const made = contourSolid(stack, { ...options, slices }, where);
  const solidWith = (endCaps: Record<Side, EndCap>) =>
    contourSolid(stack, { ...options, endCaps, slices }, where).solid;
  const findings = [...stack.findings, ...made.findings, ...capFindings(made, where)];
  return { ...made, solidWith, planes: stack.planes.length, findings };
}

/** End caps that hold more of the volume than this are worth a remark. */
const NOTABLE_CAPS = 0.05;

function capFindings({ solid, capCc }: ContourSolid, where: string): Finding[] {
  const part = capCc / solidVolumeCc(solid);
  if (!(part > NOTABLE_CAPS)) return [];
  const message = `${(100 * part).toFixed(1)} % of the volume is in the end caps beyond the contours`;
  return [finding('END_CAPS_LARGE', where, message)];
}

function whyEmpty(region: RoiRegion, { endCap }: MeasureOptions, { planes, findings }: DrawnSolid): RoiEnd<DvhStatus> {
  if (region.kind === 'mask') return { status: 'empty', reason: 'no voxels' };
  if (region.roi.contours.length === 0) return { status: 'empty', reason: 'no contours' };
  if (planes > 0) return { status: 'too_small', reason: `a single contour plane has no volume with end cap ${endCap}` };
  if (region.roi.contours.every(({ type }) => type === 'POINT')) return { status: 'empty', reason: 'only points' };
  return { status: 'failed', reason: `no usable contour: ${findings.map((found) => found.code).join(', ')}` };
}
