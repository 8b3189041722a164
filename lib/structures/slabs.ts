import { type Finding, finding } from '../findings.ts';
import type { Grid } from '../image/grid.ts';
import { sliceOffsetsMm } from '../image/slice-thickness.ts';
import { type ContourPlane, isParallelToAxis, type PlaneStack } from './plane-stack.ts';

/** A voxel belongs to the plane when lowMm <= its level < highMm. */
export interface Slab {
  lowMm: number;
  highMm: number;
}

export interface StackWithSlabs extends PlaneStack {
  /** One for each plane; they never overlap. */
  slabs: Slab[];
}

/** Gaps up to this many steps are what the drawing itself looks like. */
const SAME_GAP = 1.5;

/**
 * How far each contour plane reaches along the normal. Neighbouring planes meet halfway, unless the gap between them
 * is a true one: then each reaches half a nominal thickness, as at both ends of the ROI.
 *
 * The nominal thickness is ContourSlabThickness where it is stated, else the lower median of the gaps that are not
 * longer than `maxFilledGapMm`, else the extent of a voxel. A gap is filled when no voxel layer lies in it unmatched, or
 * when it is no longer than 1.5 nominal thicknesses and `maxFilledGapMm` (a ROI drawn on every second slice); where the
 * thickness is stated only what it reaches is filled.
 */
export function layOutSlabs(
  stack: PlaneStack,
  grid: Grid,
  maxFilledGapMm: number,
  where: string,
  findings: Finding[],
): StackWithSlabs {
  const { planes } = stack;
  const steps = planes.slice(1).map((plane, p) => stepBetween(planes[p], plane, stack, grid));
  const gaps = planes.slice(1).map((plane, p) => plane.levelMm - planes[p].levelMm);
  const nominal = lowerMedian(gaps.filter((gap) => gap <= maxFilledGapMm)) ?? stack.stepMm;
  const stated = planes.map((plane) => statedThickness(plane, stack.stepMm));
  const thickness = stated.map((mm) => mm ?? nominal);
  const slabs = planes.map((plane, p) => ({
    lowMm: plane.levelMm - thickness[p] / 2,
    highMm: plane.levelMm + thickness[p] / 2,
  }));
  const filled: number[] = [];
  const kept: number[] = [];
  gaps.forEach((gap, p) => {
    const reach = (thickness[p] + thickness[p + 1]) / 2;
    const bothStated = stated[p] !== undefined && stated[p + 1] !== undefined;
    const regular = gap <= SAME_GAP * (bothStated ? reach : steps[p]);
    const coarse = !bothStated && gap <= SAME_GAP * reach && gap <= maxFilledGapMm;
    if (!regular) (coarse ? filled : kept).push(gap);
    if (!regular && !coarse) return;
    const middle = (planes[p].levelMm + planes[p + 1].levelMm) / 2;
    slabs[p].highMm = middle;
    slabs[p + 1].lowMm = middle;
  });
  findings.push(...gapFindings(filled, kept, where));
  return { ...stack, slabs };
}

/** A thickness of less than half a voxel would lose voxels to rounding: such a statement is not believed. */
function statedThickness({ slabThicknessMm }: ContourPlane, stepMm: number): number | undefined {
  return slabThicknessMm !== undefined && slabThicknessMm >= stepMm / 2 ? slabThicknessMm : undefined;
}

/** Distance of the two voxel layers around the middle of a gap, mm. */
function stepBetween(before: ContourPlane, after: ContourPlane, { axis, normal, stepMm }: PlaneStack, grid: Grid) {
  if (axis !== 2 || !isParallelToAxis({ axis, normal }) || !grid.sliceOffsetsMm) return stepMm;
  const middle = (before.levelMm + after.levelMm) / 2;
  const offsets = sliceOffsetsMm(grid);
  const next = offsets.findIndex((offset) => offset > middle);
  return next > 0 ? offsets[next] - offsets[next - 1] : stepMm;
}

function lowerMedian(values: number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

function gapFindings(filled: number[], kept: number[], where: string): Finding[] {
  const findings: Finding[] = [];
  if (filled.length > 0) {
    const message = `${filled.length} gaps between contour planes of up to ${format(filled)} mm are filled from both sides`;
    findings.push(finding('CONTOUR_GAP_FILLED', where, message));
  }
  if (kept.length > 0) {
    const message = `${kept.length} gaps between contour planes of up to ${format(kept)} mm are left empty`;
    findings.push(finding('CONTOUR_GAP_KEPT', where, message));
  }
  return findings;
}

function format(gaps: number[]): string {
  return String(Number(Math.max(...gaps).toFixed(2)));
}
