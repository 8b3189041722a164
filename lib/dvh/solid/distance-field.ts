import type { RowCut } from '../../math/scan-rows.ts';
import type { Shape } from '../../rt/contours/shape.ts';

/** Square cells in a plane: cell (i, j) has its centre at (originU + i step, originV + j step). */
export interface Lattice {
  originU: number;
  originV: number;
  step: number;
}

/** Signed distance to the border of a shape on a window of the lattice: positive inside, limited to +-limitMm. */
export interface DistanceField {
  firstI: number;
  firstJ: number;
  columns: number;
  rows: number;
  limitMm: number;
  /** Index (i - firstI) + columns (j - firstJ). */
  data: Float32Array;
}

/** Edges are joined up to this length, in cells. */
const LONGEST_JOINED = 3;
/** How far a shortened border may leave the true one, in cells. */
const SHORTENING = 0.1;

/**
 * Exact distances up to `band` cells from the border, the limit elsewhere.
 * @param section the shape on the scan lines of the lattice: inside and outside
 * @param room memory to use when it suffices
 */
export function distanceField(
  shape: Shape,
  lattice: Lattice,
  band: number,
  section: RowCut,
  room?: Float32Array,
): DistanceField {
  const { originU, originV, step } = lattice;
  const firstI = Math.floor((shape.minU - originU) / step) - band;
  const firstJ = Math.floor((shape.minV - originV) / step) - band;
  const columns = Math.ceil((shape.maxU - originU) / step) + band + 1 - firstI;
  const rows = Math.ceil((shape.maxV - originV) / step) + band + 1 - firstJ;
  const cells = columns * rows;
  const data = (room && room.length >= cells ? room : new Float32Array(2 * cells)).subarray(0, cells);
  data.fill(band * band);
  const field = { firstI, firstJ, columns, rows, limitMm: band * step, data };
  spreadSquaredDistances(shortenEdges(shape.edges, step), lattice, field, band);
  const far2 = band * band;
  for (let c = 0; c < data.length; c++) data[c] = data[c] < far2 ? -Math.sqrt(data[c]) * step : -band * step;
  turnInside(section, lattice, field);
  return field;
}

/** Joins consecutive edges that are short and nearly straight: borders may have many points per cell. */
function shortenEdges(edges: Float64Array, step: number): Float64Array {
  const short = new Float64Array(edges.length);
  const longest2 = (LONGEST_JOINED * step) ** 2;
  const off2 = (SHORTENING * step) ** 2;
  let end = 0;
  for (let e = 0; e < edges.length; ) {
    const u0 = edges[e];
    const v0 = edges[e + 1];
    const first = e;
    e += 4;
    while (e < edges.length && edges[e] === edges[e - 2] && edges[e + 1] === edges[e - 1]) {
      const du = edges[e + 2] - u0;
      const dv = edges[e + 3] - v0;
      const length2 = du * du + dv * dv;
      if (length2 > longest2 || !isNearLine(edges, first, e, du, dv, off2 * length2)) break;
      e += 4;
    }
    short[end] = u0;
    short[end + 1] = v0;
    short[end + 2] = edges[e - 2];
    short[end + 3] = edges[e - 1];
    end += 4;
  }
  return short.subarray(0, end);
}

/** Whether the ends of the edges from first to before last keep to the line from the start along (du, dv). */
function isNearLine(edges: Float64Array, first: number, last: number, du: number, dv: number, limit: number): boolean {
  for (let e = first; e < last; e += 4) {
    const off = du * (edges[e + 3] - edges[first + 1]) - dv * (edges[e + 2] - edges[first]);
    if (off * off > limit) return false;
  }
  return true;
}

/** Every edge lowers the squared distance, in cells, of the cells of its neighbourhood. */
function spreadSquaredDistances(edges: Float64Array, lattice: Lattice, field: DistanceField, band: number): void {
  const { columns, rows, data } = field;
  const scale = 1 / lattice.step;
  const shiftU = lattice.originU + field.firstI * lattice.step;
  const shiftV = lattice.originV + field.firstJ * lattice.step;
  for (let e = 0; e < edges.length; e += 4) {
    const u0 = (edges[e] - shiftU) * scale;
    const v0 = (edges[e + 1] - shiftV) * scale;
    const du = (edges[e + 2] - shiftU) * scale - u0;
    const dv = (edges[e + 3] - shiftV) * scale - v0;
    const length2 = du * du + dv * dv;
    const perLength2 = 1 / length2;
    const [lowU, highU] = [Math.min(u0, u0 + du), Math.max(u0, u0 + du)];
    const [lowV, highV] = [Math.min(v0, v0 + dv), Math.max(v0, v0 + dv)];
    const jEnd = Math.min(Math.floor(highV + band), rows - 1);
    for (let j = Math.max(Math.ceil(lowV - band), 0); j <= jEnd; j++) {
      const pv = j - v0;
      const base = j * columns;
      const beside = Math.max(lowV - j, j - highV, 0);
      const reach = Math.sqrt(band * band - beside * beside);
      const iStart = Math.max(Math.ceil(lowU - reach), 0);
      const iEnd = Math.min(Math.floor(highU + reach), columns - 1);
      for (let i = iStart; i <= iEnd; i++) {
        const pu = i - u0;
        const along = pu * du + pv * dv;
        let squared: number;
        if (along <= 0) squared = pu * pu + pv * pv;
        else if (along >= length2) squared = (pu - du) * (pu - du) + (pv - dv) * (pv - dv);
        else squared = (pu * dv - pv * du) * (pu * dv - pv * du) * perLength2;
        if (squared < data[base + i]) data[base + i] = squared;
      }
    }
  }
}

function turnInside({ rows, firstV }: RowCut, lattice: Lattice, field: DistanceField): void {
  const { columns, data } = field;
  const { start, x } = rows;
  const perStep = 1 / lattice.step;
  const firstRow = Math.round((firstV - lattice.originV) * perStep) - field.firstJ;
  const toCell = (u: number) => Math.ceil((u - lattice.originU) * perStep) - field.firstI;
  for (let r = 0; r + 1 < start.length; r++) {
    const base = (firstRow + r) * columns;
    for (let a = start[r]; a + 1 < start[r + 1]; a += 2) {
      const end = base + toCell(x[a + 1]);
      for (let c = base + toCell(x[a]); c < end; c++) data[c] = -data[c];
    }
  }
}
