import type { Rows } from '../../math/scan-rows.ts';
import type { DistanceField, Lattice } from './distance-field.ts';

/** A region between two contour planes, as rows of the lattice: row r lies at lattice row firstJ + r. */
export interface BlendedRows extends Rows {
  firstJ: number;
}

/** One end of a blend: the shape of a contour plane. */
export interface BlendEnd {
  field: DistanceField;
  areaMm2: number;
  perimeterMm: number;
}

/** Room for one blend after the other. */
export interface Scratch {
  data: Float32Array;
}

/**
 * The region a part t of the way from one shape to the other that has the wanted area. Blending signed distances keeps
 * circles round, lets loops split and merge and moves an oblique vessel sideways (Raya and Udupa, doi:10.1109/42.52980).
 * Where the shapes differ in size the weight of the blend gives the area, so that borders which both share stay where
 * they are; what is left is given by the level at which the blend is cut.
 */
export function blendShapes(
  from: BlendEnd,
  to: BlendEnd,
  t: number,
  areaMm2: number,
  lattice: Lattice,
  scratch: Scratch,
): BlendedRows {
  const perMm2 = 1 / (lattice.step * lattice.step);
  const wanted = areaMm2 * perMm2;
  const blend = blankBlend(from.field, to.field, scratch);
  let mixed = Number.NaN;
  const mixAt = (weight: number) => {
    if (weight !== mixed) mix(blend, from.field, to.field, weight);
    mixed = weight;
  };
  const weight = findWeight(from, to, t, areaMm2, (part) => {
    mixAt(part);
    return insideCells(blend, 0) / perMm2;
  });
  mixAt(weight);
  const perimeterMm = (1 - weight) * from.perimeterMm + weight * to.perimeterMm;
  return rowsAbove(blend, findLevel(blend, wanted, perimeterMm * perMm2), lattice);
}

/** Shapes that differ in area by less than this part are blended by the way alone. */
const UNLIKE = 0.1;
const WEIGHT_STEPS = 8;
const WEIGHT_TOLERANCE = 2e-3;

/**
 * The weight of the second shape that gives the wanted area: first as if one shape were the other scaled, then by
 * regula falsi (Illinois). Wanted areas beyond both shapes, and shapes of like area, leave the weight at t.
 */
function findWeight(
  from: BlendEnd,
  to: BlendEnd,
  t: number,
  areaMm2: number,
  areaAt: (weight: number) => number,
): number {
  const difference = to.areaMm2 - from.areaMm2;
  let [low, high] = [0, 1];
  let [excessLow, excessHigh] = [from.areaMm2 - areaMm2, to.areaMm2 - areaMm2];
  const unlike = Math.abs(difference) >= UNLIKE * Math.max(from.areaMm2, to.areaMm2);
  if (!unlike || excessLow * excessHigh >= 0) return t;
  const root = Math.sqrt(from.areaMm2);
  let weight = (Math.sqrt(areaMm2) - root) / (Math.sqrt(to.areaMm2) - root);
  for (let n = 0; n < WEIGHT_STEPS; n++) {
    const excess = areaAt(weight) - areaMm2;
    if (Math.abs(excess) <= WEIGHT_TOLERANCE * areaMm2) break;
    if (excess * excessHigh > 0) {
      [high, excessHigh] = [weight, excess];
      excessLow /= 2;
    } else {
      [low, excessLow] = [weight, excess];
      excessHigh /= 2;
    }
    weight = (low * excessHigh - high * excessLow) / (excessHigh - excessLow);
  }
  return weight;
}

function blankBlend(from: DistanceField, to: DistanceField, scratch: Scratch): DistanceField {
  const firstI = Math.min(from.firstI, to.firstI);
  const firstJ = Math.min(from.firstJ, to.firstJ);
  const columns = Math.max(from.firstI + from.columns, to.firstI + to.columns) - firstI;
  const rows = Math.max(from.firstJ + from.rows, to.firstJ + to.rows) - firstJ;
  const limitMm = Math.max(from.limitMm, to.limitMm);
  if (scratch.data.length < columns * rows) scratch.data = new Float32Array(2 * columns * rows);
  return { firstI, firstJ, columns, rows, limitMm, data: scratch.data.subarray(0, columns * rows) };
}

function mix(blend: DistanceField, from: DistanceField, to: DistanceField, weight: number): void {
  blend.data.fill(-(1 - weight) * from.limitMm - weight * to.limitMm);
  addField(blend, from, 1 - weight);
  addField(blend, to, weight);
}

/** The blend starts at its lowest everywhere, so what a field adds is its height over its lowest. */
function addField(sum: DistanceField, field: DistanceField, weight: number): void {
  const offset = field.firstI - sum.firstI;
  const { limitMm } = field;
  for (let r = 0; r < field.rows; r++) {
    const source = r * field.columns;
    const target = (r + field.firstJ - sum.firstJ) * sum.columns + offset;
    for (let i = 0; i < field.columns; i++) sum.data[target + i] += weight * (field.data[source + i] + limitMm);
  }
}

const LEVEL_STEPS = 12;
const AREA_TOLERANCE = 5e-4;

/**
 * The level above which as many cells lie as wanted. The area falls with the level, at first by the perimeter: secant
 * steps inside a bracket that shrinks.
 */
function findLevel(field: DistanceField, wantedCells: number, cellsPerMm: number): number {
  let [low, high] = [-field.limitMm, field.limitMm];
  let level = 0;
  let excess = insideCells(field, level) - wantedCells;
  let next = level + excess / cellsPerMm;
  for (let n = 0; n < LEVEL_STEPS && Math.abs(excess) > AREA_TOLERANCE * wantedCells; n++) {
    if (excess > 0) low = level;
    else high = level;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const nextExcess = insideCells(field, next) - wantedCells;
    const slope = (nextExcess - excess) / (next - level);
    level = next;
    excess = nextExcess;
    next = level - excess / slope;
  }
  return level;
}

/** Area above a level in cells, borders linear between cell centres. */
function insideCells({ data, columns, rows }: DistanceField, level: number): number {
  let sum = 0;
  for (let r = 0; r < rows; r++) {
    const end = (r + 1) * columns;
    let before = data[r * columns] - level;
    for (let c = r * columns + 1; c < end; c++) {
      const here = data[c] - level;
      if (before > 0) sum += here > 0 ? 1 : before / (before - here);
      else if (here > 0) sum += here / (here - before);
      before = here;
    }
  }
  return sum;
}

/** Crossings of the level along the rows, linear between cell centres. */
function rowsAbove(field: DistanceField, level: number, { originU, step }: Lattice): BlendedRows {
  const { data, columns, rows, firstI, firstJ } = field;
  const start = new Int32Array(rows + 1);
  for (let r = 0; r < rows; r++) {
    const end = (r + 1) * columns;
    let count = 0;
    let inside = data[r * columns] - level > 0;
    for (let c = r * columns + 1; c < end; c++) {
      if (data[c] - level > 0 === inside) continue;
      inside = !inside;
      count++;
    }
    start[r + 1] = start[r] + count;
  }
  const x = new Float64Array(start[rows]);
  for (let r = 0, next = 0; r < rows; r++) {
    const base = r * columns;
    for (let i = 1; next < start[r + 1]; i++) {
      const before = data[base + i - 1] - level;
      const here = data[base + i] - level;
      if (before > 0 !== here > 0) x[next++] = originU + (firstI + i - 1 + before / (before - here)) * step;
    }
  }
  return { start, x, firstJ };
}
