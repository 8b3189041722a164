import { dot, subtract, type Vec3 } from '../math/vec3.ts';

/** Where the voxels of a dose lie: a rectangle of columns and rows on each of some parallel planes. */
export interface DoseBox {
  /** Centre of the first voxel of any plane; the others lie on the same normal. */
  originMm: Vec3;
  row: Vec3;
  down: Vec3;
  normal: Vec3;
  /** Distance of columns, distance of rows. */
  spacingMm: [number, number];
  columns: number;
  rows: number;
  /** Positions of the planes along the normal, from the origin of the frame of reference, ascending. */
  levelsMm: number[];
}

/** A box without a hole that several boxes fill. */
export interface Tiling {
  columns: number;
  rows: number;
  levelsMm: number[];
  /** Of each box: its first column and row in the whole, and the whole's plane of each of its planes. */
  places: { column: number; row: number; levels: number[] }[];
  /** Planes of the whole, in number, after which one or more are missing. */
  gaps: number;
}

/** A step between planes of different boxes, in steps of the boxes: above the first planes are missing, ... */
const MISSING_STEPS = 1.5;
/** ... and above the second the boxes do not belong to one stack. */
const SEPARATE_STEPS = 2.5;

/**
 * How boxes make one: same directions, same spacing in the plane, voxels on one lattice, and each voxel of the whole in
 * at least one of them. Undefined when they do not.
 */
export function tile(boxes: DoseBox[]): Tiling | undefined {
  const [first] = boxes;
  if (boxes.some((box) => !isParallel(box, first))) return undefined;
  const offsets = boxes.map((box) => latticeOffset(box, first));
  if (!offsets.every((offset) => offset !== undefined)) return undefined;
  const column = Math.min(...offsets.map((offset) => offset.column));
  const row = Math.min(...offsets.map((offset) => offset.row));
  const levelsMm = distinctLevels(boxes);
  const places = boxes.map((box, n) => ({
    column: offsets[n].column - column,
    row: offsets[n].row - row,
    levels: box.levelsMm.map((level) => nearest(levelsMm, level)),
  }));
  const columns = Math.max(...boxes.map((box, n) => places[n].column + box.columns));
  const rows = Math.max(...boxes.map((box, n) => places[n].row + box.rows));
  const gaps = missingAfter(boxes, levelsMm);
  const whole = { columns, rows, levelsMm, places, gaps: gaps ?? 0 };
  return gaps !== undefined && isFilled(boxes, whole) ? whole : undefined;
}

const DIRECTION_TOLERANCE = 1e-4;
const SPACING_TOLERANCE = 1e-4;
/** Of a voxel. */
const LATTICE_TOLERANCE = 0.02;
const SAME_LEVEL_MM = 0.02;

function isParallel(box: DoseBox, other: DoseBox): boolean {
  return (
    dot(box.row, other.row) > 1 - DIRECTION_TOLERANCE &&
    dot(box.down, other.down) > 1 - DIRECTION_TOLERANCE &&
    box.spacingMm.every((spacing, n) => Math.abs(spacing / other.spacingMm[n] - 1) < SPACING_TOLERANCE)
  );
}

function latticeOffset(box: DoseBox, reference: DoseBox): { column: number; row: number } | undefined {
  const away = subtract(box.originMm, reference.originMm);
  const steps = [dot(away, reference.row) / reference.spacingMm[0], dot(away, reference.down) / reference.spacingMm[1]];
  if (steps.some((step) => Math.abs(step - Math.round(step)) > LATTICE_TOLERANCE)) return undefined;
  return { column: Math.round(steps[0]), row: Math.round(steps[1]) };
}

function distinctLevels(boxes: DoseBox[]): number[] {
  const sorted = boxes.flatMap((box) => box.levelsMm).sort((a, b) => a - b);
  return sorted.filter((level, n) => n === 0 || level - sorted[n - 1] > SAME_LEVEL_MM);
}

function nearest(levels: number[], level: number): number {
  return levels.findIndex((candidate) => Math.abs(candidate - level) <= 2 * SAME_LEVEL_MM);
}

/** How many steps between planes are too long for one stack with all planes; undefined when it is no stack at all. */
function missingAfter(boxes: DoseBox[], levels: number[]): number | undefined {
  const steps = levels.slice(1).map((level, n) => level - levels[n]);
  const median = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0;
  const own = Math.max(0, ...boxes.flatMap(({ levelsMm: l }) => l.slice(1).map((level, n) => level - l[n])));
  const usual = Math.max(median, own);
  if (steps.some((step) => step > SEPARATE_STEPS * usual)) return undefined;
  return steps.filter((step) => step > MISSING_STEPS * usual).length;
}

/** On a plane of a dose: a header may say any number of rows and columns. */
const MOST_PIXELS = 2 ** 26;

/** Whether every voxel of the whole is in a box. */
function isFilled(boxes: DoseBox[], whole: Tiling): boolean {
  return whole.levelsMm.every((_, level) => {
    const onLevel = boxes.flatMap((box, n) =>
      whole.places[n].levels.includes(level) ? [{ box, at: whole.places[n] }] : [],
    );
    if (onLevel.some(({ box }) => box.columns === whole.columns && box.rows === whole.rows)) return true;
    const area = whole.columns * whole.rows;
    const filled = onLevel.reduce((sum, { box }) => sum + box.columns * box.rows, 0);
    if (filled < area || area > MOST_PIXELS) return false;
    const covered = new Uint8Array(area);
    for (const { box, at } of onLevel) {
      for (let row = at.row; row < at.row + box.rows; row++) {
        covered.fill(1, row * whole.columns + at.column, row * whole.columns + at.column + box.columns);
      }
    }
    return covered.every((voxel) => voxel === 1);
  });
}
