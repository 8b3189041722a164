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
  const ends = roomFor(edges.length / 2);
  let end = Number.NaN;
  let b = 0;
  for (let e = 0, n = 0; e < edges.length; e += 4, n += 2) {
    const a = edges[e + 1] === end ? b : rowAbove((edges[e + 1] - firstV) * perStep, count);
    end = edges[e + 3];
    b = rowAbove((end - firstV) * perStep, count);
    ends[n] = Math.min(a, b);
    ends[n + 1] = Math.max(a, b);
    for (let r = ends[n]; r < ends[n + 1]; r++) start[r + 1]++;
  }
  for (let r = 0; r < count; r++) start[r + 1] += start[r];
  const x = new Float64Array(start[count]);
  for (let e = 0, n = 0; e < edges.length; e += 4, n += 2) {
    if (ends[n] === ends[n + 1]) continue;
    const u0 = edges[e];
    const v0 = edges[e + 1];
    const slope = (edges[e + 2] - u0) / (edges[e + 3] - v0);
    for (let r = ends[n]; r < ends[n + 1]; r++) x[start[r]++] = u0 + (firstV + r * step - v0) * slope;
  }
  // Every row has come to where the next one starts.
  for (let r = count; r > 0; r--) start[r] = start[r - 1];
  start[0] = 0;
  sortRows(start, x);
  return { start, x };
}

/** First and last row of every edge, for one section after the other. */
let room = new Int32Array(0);

function roomFor(length: number): Int32Array {
  if (room.length < length) room = new Int32Array(2 * length);
  return room;
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
