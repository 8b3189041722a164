import { BadInput } from '../errors.ts';
import { type Finding, type FindingCode, finding } from '../findings.ts';
import type { Grid } from '../image/grid.ts';
import { cross, dot, fromColumns, norm, subtract, type Vec3 } from '../math/vec3.ts';
import type { ImageSlice } from './image-slice.ts';

/** Slices of one size and orientation, one per position, ascending along the normal. */
export interface SliceStack {
  slices: ImageSlice[];
  grid: Grid;
  /** In-plane shift of each slice against slice 0 beside the normal, mm along columns and rows; undefined when none. */
  shearMm?: [number, number][];
  findings: Finding[];
}

/**
 * Stacks the slices of a series by their positions projected on the slice normal (never by InstanceNumber).
 * Localizers and the minority of another orientation, size or frame of reference are left out, of several slices at one
 * position the first in time stays; each of this is a finding.
 * @throws BadInput when no slice is left
 */
export function stackSlices(all: readonly ImageSlice[], where: string): SliceStack {
  const findings: Finding[] = [];
  const note = (code: FindingCode, message: string) => findings.push(finding(code, where, message));
  const planes = withoutLocalizers(all, note);
  const alike = largestGroup(planes, note);
  const sorted = sortAlongNormal(alike);
  const slices = onePerPosition(sorted, note);
  if (slices.length === 0) throw new BadInput('no slice with a position', { where });
  const grid = gridOf(slices, note);
  const shearMm = shearOf(slices, note);
  return { slices, grid, shearMm, findings };
}

type Note = (code: FindingCode, message: string) => void;

/** Scout views share the series of some scanners (ImageType value 3, PS3.3 C.8.2.1.1.1). */
function withoutLocalizers(slices: readonly ImageSlice[], note: Note): ImageSlice[] {
  const planes = slices.filter(({ imageType }) => !imageType.includes('LOCALIZER') || imageType.includes('AXIAL'));
  const dropped = slices.length - planes.length;
  if (dropped === 0 || planes.length === 0) return [...slices];
  note('LOCALIZER_LEFT_OUT', `${dropped} localizer images are not part of the volume`);
  return planes;
}

/** Largest difference of direction cosines within one stack: 0.06 degrees. */
const SAME_COSINE = 1e-3;
const SAME_SPACING = 1e-4;

function largestGroup(slices: readonly ImageSlice[], note: Note): ImageSlice[] {
  const groups: ImageSlice[][] = [];
  for (const slice of slices) {
    const group = groups.find(([first]) => isAlike(first, slice));
    if (group) group.push(slice);
    else groups.push([slice]);
  }
  const largest = groups.reduce((best, group) => (group.length > best.length ? group : best), groups[0] ?? []);
  const dropped = slices.length - largest.length;
  if (dropped > 0)
    note(
      'MIXED_PLANES',
      `${dropped} of ${slices.length} slices differ in orientation, size or frame of reference and are left out`,
    );
  return largest;
}

function isAlike(a: ImageSlice, b: ImageSlice): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    a.frameOfReferenceUid === b.frameOfReferenceUid &&
    a.pixelSpacingMm.every((mm, i) => Math.abs(mm - b.pixelSpacingMm[i]) <= SAME_SPACING * mm) &&
    norm(subtract(a.columnAxis, b.columnAxis)) <= SAME_COSINE &&
    norm(subtract(a.rowAxis, b.rowAxis)) <= SAME_COSINE
  );
}

function normalOf({ columnAxis, rowAxis }: ImageSlice): Vec3 {
  return cross(columnAxis, rowAxis);
}

function sortAlongNormal(slices: ImageSlice[]): ImageSlice[] {
  if (slices.length === 0) return [];
  const normal = normalOf(slices[0]);
  return slices
    .map((slice) => ({ slice, along: dot(slice.positionMm, normal) }))
    .sort((a, b) => a.along - b.along || compareOrder(a.slice.order, b.slice.order))
    .map(({ slice }) => slice);
}

function compareOrder(a: number[], b: number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}

/** Closer slices are two images of one plane. */
const SAME_POSITION_MM = 0.01;

function onePerPosition(sorted: ImageSlice[], note: Note): ImageSlice[] {
  if (sorted.length === 0) return [];
  const normal = normalOf(sorted[0]);
  const positions: ImageSlice[][] = [];
  for (const slice of sorted) {
    const here = positions.at(-1);
    const gap = here ? dot(subtract(slice.positionMm, here[0].positionMm), normal) : Number.POSITIVE_INFINITY;
    if (here && gap < SAME_POSITION_MM) here.push(slice);
    else positions.push([slice]);
  }
  const counts = new Set(positions.map((here) => here.length));
  if (counts.size === 1 && !counts.has(1))
    note('SEVERAL_VOLUMES', `${[...counts][0]} slices lie at each position; the first of each is taken`);
  else if (sorted.length > positions.length)
    note(
      'DUPLICATE_POSITIONS',
      `${sorted.length - positions.length} slices lie where another one does and are left out`,
    );
  return positions.map((here) =>
    here.reduce((best, slice) => (compareOrder(slice.order, best.order) < 0 ? slice : best)),
  );
}

function gridOf(slices: ImageSlice[], note: Note): Grid {
  const [first] = slices;
  const normal = normalOf(first);
  const offsets = Float64Array.from(slices, (slice) => dot(subtract(slice.positionMm, first.positionMm), normal));
  const spacing = sliceSpacing(offsets, first, note);
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

function sliceSpacing(offsets: Float64Array, slice: ImageSlice, note: Note): { mm: number; even: boolean } {
  const last = offsets.length - 1;
  if (last === 0) {
    const mm = slice.thicknessMm;
    note(
      'SINGLE_SLICE',
      mm ? 'one slice: its thickness stands for the spacing' : 'one slice without a thickness: 1 mm is assumed',
    );
    return { mm: mm || 1, even: true };
  }
  const mean = offsets[last] / last;
  const tolerance = Math.max(ROUNDING_MM, ROUNDING_PART * mean);
  if (offsets.every((offset, k) => Math.abs(offset - k * mean) <= tolerance)) return { mm: mean, even: true };
  const gaps = offsets.slice(1).map((offset, k) => offset - offsets[k]);
  const median = gaps.slice().sort()[last >> 1];
  const missing = gaps.reduce((sum, gap) => sum + missingIn(gap, median), 0);
  if (missing > 0) note('MISSING_SLICES', `${missing} slices are missing between others ${median.toFixed(3)} mm apart`);
  else
    note(
      'UNEVEN_SLICES',
      `slice gaps range from ${Math.min(...gaps).toFixed(3)} to ${Math.max(...gaps).toFixed(3)} mm`,
    );
  return { mm: median, even: false };
}

/** A gap that is a multiple of the usual one within 5 % of it lacks slices. */
function missingIn(gap: number, usual: number): number {
  const times = Math.round(gap / usual);
  return times >= 2 && Math.abs(gap - times * usual) <= 0.05 * usual ? times - 1 : 0;
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
