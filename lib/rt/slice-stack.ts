import { BadInput } from '../errors.ts';
import { type Finding, type FindingCode, finding } from '../findings.ts';
import type { Grid } from '../image/grid.ts';
import { missingInGaps } from '../image/missing-slices.ts';
import { addScaled, cross, dot, fromColumns, subtract, type Vec3 } from '../math/vec3.ts';
import type { ImageSlice } from './image-slice.ts';
import { placeSlices } from './volumes/positions.ts';
import { compareFirst } from './volumes/rank-volumes.ts';
import type { SliceVolume } from './volumes/slice-facts.ts';

/** Slices of one size and orientation, one per position, ascending along the normal. */
export interface SliceStack {
  slices: ImageSlice[];
  grid: Grid;
  /** In-plane shift of each slice against slice 0 beside the normal, mm along columns and rows; undefined when none. */
  shearMm?: [number, number][];
  findings: Finding[];
}

/**
 * Stacks the slices of one volume by their positions projected on the slice normal (never by InstanceNumber). Of images
 * at one place that nothing tells apart the first by time and number stays, with a finding.
 * @throws BadInput when there is no slice
 */
export function stackSlices(volume: SliceVolume<ImageSlice>, where: string): SliceStack {
  const findings: Finding[] = [];
  const note: Note = (code, message, slice) => findings.push(finding(code, where, message, slice && middleOf(slice)));
  const slices = onePerPlace(volume, note);
  if (slices.length === 0) throw new BadInput('no slice with a position', { where });
  const grid = gridOf(slices, note);
  const shearMm = shearOf(slices, note);
  return { slices, grid, shearMm, findings };
}

/** @param slice where it is seen first */
type Note = (code: FindingCode, message: string, slice?: ImageSlice) => void;

/** The centre of a slice, mm. */
function middleOf({ positionMm, columnAxis, rowAxis, pixelSpacingMm: [dx, dy], columns, rows }: ImageSlice): Vec3 {
  return addScaled(addScaled(positionMm, ((columns - 1) * dx) / 2, columnAxis), ((rows - 1) * dy) / 2, rowAxis);
}

function onePerPlace({ slices, untold }: SliceVolume<ImageSlice>, note: Note): ImageSlice[] {
  const places = Map.groupBy(placeSlices(slices), ({ place }) => place);
  const doubled = [...places.values()].find((here) => here.length > 1);
  if (untold > 0)
    note(
      'DUPLICATE_POSITIONS',
      `${untold} slices have the position of another slice, nothing distinguishes them, and they are left out`,
      doubled?.[0].slice,
    );
  return [...places.values()].map((here) =>
    here.map(({ slice }) => slice).reduce((best, slice) => (compareFirst(slice, best) < 0 ? slice : best)),
  );
}

function normalOf({ columnAxis, rowAxis }: ImageSlice): Vec3 {
  return cross(columnAxis, rowAxis);
}

function gridOf(slices: ImageSlice[], note: Note): Grid {
  const [first] = slices;
  const normal = normalOf(first);
  const offsets = Float64Array.from(slices, (slice) => dot(subtract(slice.positionMm, first.positionMm), normal));
  const spacing = sliceSpacing(offsets, slices, note);
  const grid: Grid = {
    size: [first.columns, first.rows, slices.length],
    originMm: first.positionMm,
    spacingMm: [...first.pixelSpacingMm, spacing.mm],
    direction: fromColumns(first.columnAxis, first.rowAxis, normal),
    frameOfReferenceUid: first.frameOfReferenceUid,
  };
  if (!spacing.even) grid.sliceOffsetsMm = offsets;
  return grid;
}

/** Positions are decimal strings: deviations below this, or 1 % of a gap, are rounding. */
const ROUNDING_MM = 0.01;
const ROUNDING_PART = 0.01;

function sliceSpacing(offsets: Float64Array, slices: ImageSlice[], note: Note): { mm: number; even: boolean } {
  const [slice] = slices;
  const last = offsets.length - 1;
  if (last === 0) {
    const mm = slice.thicknessMm;
    note(
      'SINGLE_SLICE',
      mm ? 'one slice: its thickness is used as the spacing' : 'one slice without a thickness: 1 mm is assumed',
      slice,
    );
    return { mm: mm || 1, even: true };
  }
  const mean = offsets[last] / last;
  const tolerance = Math.max(ROUNDING_MM, ROUNDING_PART * mean);
  if (offsets.every((offset, k) => Math.abs(offset - k * mean) <= tolerance)) return { mm: mean, even: true };
  const gaps = offsets.slice(1).map((offset, k) => offset - offsets[k]);
  const median = gaps.toSorted((a, b) => a - b)[last >> 1];
  const perGap = missingInGaps(gaps, median);
  const missing = perGap.reduce((sum, count) => sum + count, 0);
  if (missing > 0)
    note(
      'MISSING_SLICES',
      `${missing} slices are missing between others ${median.toFixed(3)} mm apart`,
      slices[perGap.findIndex((count) => count > 0)],
    );
  else
    note(
      'UNEVEN_SLICES',
      `slice gaps range from ${Math.min(...gaps).toFixed(3)} to ${Math.max(...gaps).toFixed(3)} mm`,
      slices[gaps.findIndex((gap) => Math.abs(gap - median) > tolerance)],
    );
  return { mm: median, even: false };
}

/** In-plane steps below 5 % of a pixel or this are rounding. */
const SHEAR_MM = 0.02;
const SHEAR_PIXELS = 0.05;

function shearOf(slices: ImageSlice[], note: Note): [number, number][] | undefined {
  const [first] = slices;
  const shear = slices.map(({ positionMm }): [number, number] => {
    const step = subtract(positionMm, first.positionMm);
    return [dot(step, first.columnAxis), dot(step, first.rowAxis)];
  });
  const most = [0, 1].map((axis) => Math.max(...shear.map((mm) => Math.abs(mm[axis]))));
  if (most.every((mm, axis) => mm <= Math.max(SHEAR_MM, SHEAR_PIXELS * first.pixelSpacingMm[axis]))) return undefined;
  note(
    'SHEARED_SLICES',
    `slices are shifted within their planes by up to ${Math.max(...most).toFixed(2)} mm (gantry tilt): they are resampled`,
  );
  return shear;
}
