import type { Finding } from '../../findings.ts';
import type { SlicePlanes } from '../../image/slice-planes.ts';
import type { ContourPlane, ContourStack } from './contour-planes.ts';
import { gapFindings } from './gap-findings.ts';
import { linkShapes } from './link-shapes.ts';
import type { GapKind, PlaneGap } from './plane-gap.ts';
import { sliceStepsBetween } from './slice-steps.ts';

/** How far the planes of a stack stand for the ROI. */
export interface PlaneGaps {
  /** Distance of neighbouring planes as the ROI is drawn, mm; of a single plane the thickness that it stands for. */
  usualMm: number;
  /** Gap n lies between planes n and n + 1. */
  gaps: PlaneGap[];
  /** The gap that a piece which ends on plane n would have had below and above it, mm. */
  belowMm: number[];
  aboveMm: number[];
  findings: Finding[];
}

export interface GapOptions {
  /** Planes further apart hold separate pieces, mm. */
  maxGapMm: number;
  /** Thickness of a plane when neither the file nor its neighbours give one, mm. */
  singlePlaneMm: number;
  /** The slices of the image that the ROI is drawn on, where they are known. */
  slices?: SlicePlanes;
}

/** A gap up to this multiple of the median gap, of a neighbouring gap or of the slice distance is normal contour spacing. */
const WIDE = 1.5;
/** A gap of two usual ones lacks one contour; the rest is room for slices that are not even. */
const ONE_MISSING = 2.25;
/** Gaps as wide as those beside them go on up to this many usual gaps: a ROI that is drawn more coarsely in its middle. */
const WIDEST_BRIDGE = 3;
/** Rounding of positions, mm. */
const ROUNDING_MM = 0.01;

/**
 * Which gaps between contour planes the ROI fills: the one rule for masks and for DVHs. Gaps are counted in slices of the
 * image where the planes are parallel to them, else in millimetres. The ROI goes on where a gap is as wide as usual, or no
 * slice lies in it. It is bridged where the gap is as wide as those beside it, or lacks one contour between shapes that lie
 * over each other. Planes that state their thickness (ContourSlabThickness) go on when they touch, and only then.
 * @param where what findings are about: the structure set and the ROI number
 */
export function planeGaps({ axes, planes }: ContourStack, options: GapOptions, where: string): PlaneGaps {
  const lengths = planes.slice(1).map((plane, n) => plane.offsetMm - planes[n].offsetMm);
  const near = lengths.map((length) => length <= options.maxGapMm + ROUNDING_MM);
  const steps = sliceStepsBetween(planes, axes.normal, options.slices);
  const sizes = steps ?? lengths;
  const usual = lowerMedian(sizes.filter((_, n) => near[n]));
  const usualGapMm = lowerMedian(lengths.filter((_, n) => near[n]));
  const stepMm = steps && options.slices?.stepMm;
  const stated = planes.map(({ slabThicknessMm: mm }) => (believable(mm, stepMm ?? usualGapMm) ? mm : undefined));
  const gaps = lengths.map((lengthMm, n): PlaneGap => {
    const [lower, upper] = [stated[n], stated[n + 1]];
    if (lower !== undefined && upper !== undefined)
      return { lengthMm, kind: lengthMm <= (WIDE * (lower + upper)) / 2 ? 'usual' : 'apart' };
    const holdsNoSlice = steps && stepMm && steps[n] <= WIDE && lengthMm <= WIDE * stepMm;
    if (holdsNoSlice) return { lengthMm, kind: 'usual' };
    return { lengthMm, kind: near[n] && usual !== undefined ? kindBySize(n, sizes, usual, planes) : 'apart' };
  });
  const usualMm = usualGapMm ?? stated.find((mm) => mm !== undefined) ?? stepMm ?? options.singlePlaneMm;
  const goesOnMm = (n: number) => (gaps[n]?.kind === 'usual' ? gaps[n].lengthMm : undefined);
  return {
    usualMm,
    gaps,
    belowMm: planes.map((_, n) => goesOnMm(n - 1) ?? stated[n] ?? goesOnMm(n) ?? usualMm),
    aboveMm: planes.map((_, n) => goesOnMm(n) ?? stated[n] ?? goesOnMm(n - 1) ?? usualMm),
    findings: gapFindings(planes, gaps, usualMm, (steps && usual) ?? 1, where),
  };
}

/** A thickness of less than half a slice would lose slices to rounding. */
function believable(thicknessMm: number | undefined, stepMm: number | undefined): boolean {
  return thicknessMm !== undefined && thicknessMm >= (stepMm ?? 0) / 2;
}

function kindBySize(n: number, sizes: number[], usual: number, planes: ContourPlane[]): GapKind {
  if (sizes[n] <= WIDE * usual) return 'usual';
  const beside = Math.max(sizes[n - 1] ?? 0, sizes[n + 1] ?? 0);
  const asBeside = sizes[n] <= WIDE * beside && sizes[n] <= WIDEST_BRIDGE * usual;
  const lacksOne = sizes[n] <= ONE_MISSING * usual && linkShapes(planes[n], planes[n + 1]).length > 0;
  return asBeside || lacksOne ? 'bridged' : 'open';
}

/** A gap that occurs. */
function lowerMedian(values: number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
}
