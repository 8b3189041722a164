import { rootOf } from '../../math/root-of.ts';
import { scanRows } from '../../math/scan-rows.ts';
import type { Section, Shape } from './shape.ts';

/** Shapes of one plane that go on as shapes of the next, by their places in the sections. */
export interface Link {
  lower: number[];
  upper: number[];
}

/**
 * Which shapes of two neighbouring planes belong together: those that lie over each other, and what is joined through
 * them. A shape that meets nothing is in no link: the piece ends there.
 */
export function linkShapes(below: Section, above: Section): Link[] {
  const count = below.shapes.length;
  const group = Array.from({ length: count + above.shapes.length }, (_, n) => n);
  below.shapes.forEach((lower, a) => {
    above.shapes.forEach((upper, b) => {
      if (rootOf(group, a) !== rootOf(group, count + b) && overlap(lower, upper))
        group[rootOf(group, count + b)] = rootOf(group, a);
    });
  });
  const links = new Map<number, Link>();
  group.forEach((_, n) => {
    const root = rootOf(group, n);
    const link = links.get(root) ?? { lower: [], upper: [] };
    links.set(root, link);
    if (n < count) link.lower.push(n);
    else link.upper.push(n - count);
  });
  return [...links.values()].filter((link) => link.lower.length > 0 && link.upper.length > 0);
}

/** A few lines find most overlaps; many find narrow ones. */
const PROBE_LINES = [3, 24];

function overlap(a: Shape, b: Shape): boolean {
  if (Math.max(a.minU, b.minU) >= Math.min(a.maxU, b.maxU)) return false;
  const low = Math.max(a.minV, b.minV);
  const high = Math.min(a.maxV, b.maxV);
  if (low >= high) return false;
  return PROBE_LINES.some((lines) => overlapOn(lines, a, b, low, high));
}

function overlapOn(lines: number, a: Shape, b: Shape, low: number, high: number): boolean {
  const step = (high - low) / lines;
  const rowsA = scanRows(a.edges, low + step / 2, step, lines);
  const rowsB = scanRows(b.edges, low + step / 2, step, lines);
  for (let r = 0; r < lines; r++) {
    let m = rowsA.start[r];
    let n = rowsB.start[r];
    while (m + 1 < rowsA.start[r + 1] && n + 1 < rowsB.start[r + 1]) {
      if (Math.max(rowsA.x[m], rowsB.x[n]) < Math.min(rowsA.x[m + 1], rowsB.x[n + 1])) return true;
      if (rowsA.x[m + 1] < rowsB.x[n + 1]) m += 2;
      else n += 2;
    }
  }
  return false;
}
