/**
 * Where scan lines cross a region: row r is inside between x[start[r]] and x[start[r] + 1], between the next two, and
 * so on to x[start[r + 1] - 1].
 */
export interface Rows {
  start: Int32Array;
  x: Float64Array;
}

/** The scan lines of a section: row 0 at firstV, rows rowMm apart. */
export interface RowCut {
  rows: Rows;
  firstV: number;
  rowMm: number;
}

/**
 * Exact crossings of the lines v = firstV + r step, r = 0 ... count - 1, with edges (u0, v0, u1, v1 each) of closed
 * loops. An edge owns its lower end and not its upper one, so that every line crosses a closed loop an even number
 * of times.
 */
export function scanRows(edges: Float64Array, firstV: number, step: number, count: number): Rows {
  const start = new Int32Array(count + 1);
  const perStep = 1 / step;
  for (let e = 0; e < edges.length; e += 4) {
    const a = rowAbove((edges[e + 1] - firstV) * perStep, count);
    const b = rowAbove((edges[e + 3] - firstV) * perStep, count);
    const end = Math.max(a, b);
    for (let r = Math.min(a, b); r < end; r++) start[r + 1]++;
  }
  for (let r = 0; r < count; r++) start[r + 1] += start[r];
  const x = new Float64Array(start[count]);
  const next = start.slice();
  for (let e = 0; e < edges.length; e += 4) {
    const u0 = edges[e];
    const v0 = edges[e + 1];
    const a = rowAbove((v0 - firstV) * perStep, count);
    const b = rowAbove((edges[e + 3] - firstV) * perStep, count);
    if (a === b) continue;
    const slope = (edges[e + 2] - u0) / (edges[e + 3] - v0);
    const end = Math.max(a, b);
    for (let r = Math.min(a, b); r < end; r++) x[next[r]++] = u0 + (firstV + r * step - v0) * slope;
  }
  sortRows(start, x);
  return { start, x };
}

/** First row at or above a height in rows, within 0 ... count. */
function rowAbove(height: number, count: number): number {
  return Math.min(Math.max(Math.ceil(height), 0), count);
}

/** Rows are short: insertion sort. */
function sortRows(start: Int32Array, x: Float64Array): void {
  for (let r = 0; r + 1 < start.length; r++) {
    for (let a = start[r] + 1; a < start[r + 1]; a++) {
      const value = x[a];
      let b = a - 1;
      while (b >= start[r] && x[b] > value) {
        x[b + 1] = x[b];
        b--;
      }
      x[b + 1] = value;
    }
  }
}

/** Length of all inside parts of all rows, mm. */
export function insideLengthMm(rows: Rows): number {
  let sum = 0;
  for (let a = 0; a + 1 < rows.x.length; a += 2) sum += rows.x[a + 1] - rows.x[a];
  return sum;
}

/** Length of what lies inside in one of two rows only: crossings inA ... endA - 1 of the first, inB ... endB - 1 of the other. */
export function differenceMm(
  a: Float64Array,
  inA: number,
  endA: number,
  b: Float64Array,
  inB: number,
  endB: number,
): number {
  let [x, y] = [inA, inB];
  let sum = 0;
  let from = 0;
  let inside = 0;
  while (x < endA || y < endB) {
    const takeA = y >= endB || (x < endA && a[x] <= b[y]);
    const at = takeA ? a[x++] : b[y++];
    if (inside === 1 || inside === 2) sum += at - from;
    inside ^= takeA ? 1 : 2;
    from = at;
  }
  return sum;
}
