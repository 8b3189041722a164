import { differenceMm, type RowCut } from '../../math/scan-rows.ts';

/**
 * Mean distance of the borders of two sections on one lattice: the area in only one of them, divided by their
 * perimeter.
 */
export function borderDistanceMm(a: RowCut, b: RowCut, perimeterMm: number): number {
  let sum = 0;
  forRows(a, b, (inA, endA, inB, endB) => {
    sum += differenceMm(a.rows.x, inA, endA, b.rows.x, inB, endB);
  });
  return (sum * a.rowMm) / perimeterMm;
}

/**
 * A section a part t of the way between two that are nearly the same: crossings of a scan line move from one to the
 * other where both have equally many; elsewhere the nearer section has its way.
 */
export function blendRows(a: RowCut, b: RowCut, t: number): RowCut {
  const first = Math.min(a.firstV, b.firstV);
  const count = Math.round((Math.max(endV(a), endV(b)) - first) / a.rowMm);
  const start = new Int32Array(count + 1);
  const x = new Float64Array(a.rows.x.length + b.rows.x.length);
  let end = 0;
  let row = 0;
  forRows(a, b, (inA, endA, inB, endB) => {
    if (endA - inA === endB - inB) {
      for (let n = 0; n < endA - inA; n++) x[end++] = (1 - t) * a.rows.x[inA + n] + t * b.rows.x[inB + n];
    } else if (t < 0.5) for (let n = inA; n < endA; n++) x[end++] = a.rows.x[n];
    else for (let n = inB; n < endB; n++) x[end++] = b.rows.x[n];
    start[++row] = end;
  });
  return { rows: { start, x: x.subarray(0, end) }, firstV: first, rowMm: a.rowMm };
}

/** Visits all rows that either section has, from below; a row that one lacks is empty there. */
function forRows(a: RowCut, b: RowCut, visit: (inA: number, endA: number, inB: number, endB: number) => void): void {
  const first = Math.min(a.firstV, b.firstV);
  const rowOf = (cut: RowCut) => Math.round((first - cut.firstV) / cut.rowMm);
  const count = Math.round((Math.max(endV(a), endV(b)) - first) / a.rowMm);
  const [shiftA, shiftB] = [rowOf(a), rowOf(b)];
  for (let r = 0; r < count; r++) {
    const [rowA, rowB] = [r + shiftA, r + shiftB];
    const hasA = rowA >= 0 && rowA + 1 < a.rows.start.length;
    const hasB = rowB >= 0 && rowB + 1 < b.rows.start.length;
    visit(
      hasA ? a.rows.start[rowA] : 0,
      hasA ? a.rows.start[rowA + 1] : 0,
      hasB ? b.rows.start[rowB] : 0,
      hasB ? b.rows.start[rowB + 1] : 0,
    );
  }
}

/** One row after the last. */
function endV(cut: RowCut): number {
  return cut.firstV + (cut.rows.start.length - 1) * cut.rowMm;
}
