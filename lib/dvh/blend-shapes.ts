import type { DistanceField, Lattice } from './distance-field.ts';
import type { Rows } from './scan-rows.ts';

/** A region between two contour planes, as rows of the lattice: row r lies at lattice row firstJ + r. */
export interface BlendedRows extends Rows {
  firstJ: number;
}

/**
 * The region a part t of the way from one shape to the other: where the blended signed distance exceeds the level that
 * gives the region the wanted area. Blending distances keeps circles round, lets loops split and merge and moves an
 * oblique vessel sideways (Raya & Udupa, doi:10.1109/42.52980); the level mends what blending alone gets wrong, the
 * area where it is curved between the planes.
 */
export function blendShapes(
  from: DistanceField,
  to: DistanceField,
  t: number,
  areaMm2: number,
  perimeterMm: number,
  lattice: Lattice,
): BlendedRows {
  const { step } = lattice;
  const blended = blendFields(from, to, t);
  const level = findLevel(blended, areaMm2 / (step * step), perimeterMm / (step * step));
  return rowsAbove(blended, level, lattice);
}

function blendFields(from: DistanceField, to: DistanceField, t: number): DistanceField {
  const firstI = Math.min(from.firstI, to.firstI);
  const firstJ = Math.min(from.firstJ, to.firstJ);
  const columns = Math.max(from.firstI + from.columns, to.firstI + to.columns) - firstI;
  const rows = Math.max(from.firstJ + from.rows, to.firstJ + to.rows) - firstJ;
  const { limitMm } = from;
  const data = new Float32Array(columns * rows).fill(-limitMm);
  const blended = { firstI, firstJ, columns, rows, limitMm, data };
  addField(blended, from, 1 - t);
  addField(blended, to, t);
  return blended;
}

/** The blend starts at -limit everywhere, so what a field adds is its height over the limit. */
function addField(sum: DistanceField, field: DistanceField, weight: number): void {
  const offset = field.firstI - sum.firstI;
  for (let r = 0; r < field.rows; r++) {
    const source = r * field.columns;
    const target = (r + field.firstJ - sum.firstJ) * sum.columns + offset;
    for (let i = 0; i < field.columns; i++) sum.data[target + i] += weight * (field.data[source + i] + field.limitMm);
  }
}

const LEVEL_STEPS = 12;
const AREA_TOLERANCE = 3e-4;

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
