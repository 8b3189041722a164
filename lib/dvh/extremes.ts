import type { Rows } from '../math/scan-rows.ts';
import type { Shape } from '../rt/contours/shape.ts';
import { type DoseSampler, doseAt } from './dose-sampler.ts';
import { type DoseRange, widen } from './dose-tally.ts';
import { areaAtMm2 } from './solid/area-curve.ts';
import type { Cut } from './solid/section-cutter.ts';
import type { Layer } from './solid/solid.ts';
import { shrunk, type Tip } from './solid/tip.ts';

/**
 * Doses at the vertices of the contours that bound a layer, caps included: where a linear dose has its extremes.
 * `done` remembers at which height a shape was looked at last: layers share their planes.
 */
export function widenByVertices(range: DoseRange, sampler: DoseSampler, layer: Layer, done: Map<Shape, number>): void {
  for (const [shape, w] of layer.tip ? tipSections(layer, layer.tip) : planesOf(layer)) {
    if (done.get(shape) === w) continue;
    done.set(shape, w);
    const { edges } = shape;
    for (let e = 0; e < edges.length; e += 4) {
      widen(range, doseAt(sampler, edges[e], edges[e + 1], w));
      const goesOn = edges[e + 2] === edges[e + 4] && edges[e + 3] === edges[e + 5];
      if (!goesOn) widen(range, doseAt(sampler, edges[e + 2], edges[e + 3], w));
    }
  }
}

function planesOf({ lower, upper = lower, lowMm, highMm }: Layer): [Shape, number][] {
  return [
    [lower, lowMm],
    [upper, highMm],
  ];
}

/** Sections of a tip that are looked at beyond its contour: its surface bends. */
const TIP_SECTIONS = 8;

function tipSections({ lower, lowMm, highMm, area }: Layer, tip: Tip): [Shape, number][] {
  const [from, to] = tip.contourAt === 'low' ? [lowMm, highMm] : [highMm, lowMm];
  const sections: [Shape, number][] = [[lower, from]];
  for (let n = 1; n <= TIP_SECTIONS; n++) {
    const part = n / TIP_SECTIONS;
    const areaMm2 = areaAtMm2(area, tip.contourAt === 'low' ? part : 1 - part);
    const shape = shrunk(lower, tip, part * Math.abs(to - from), areaMm2);
    if (shape) sections.push([shape, from + part * (to - from)]);
  }
  return sections;
}

/**
 * Doses at the dose points inside the solid between two sections: where a trilinear dose has its inner extremes. A point
 * counts when it lies inside on the scan lines beside it of both sections. The grid axis that crosses the sections most
 * directly is solved for, so that they cost one look per point of the two others.
 */
export function widenByNodes(range: DoseRange, sampler: DoseSampler, below: Cut, above: Cut): void {
  const { axes, toPlane, size, data } = sampler;
  const { low, high } = nodesAround(sampler, below, above);
  if (low.some((n, a) => n > high[a])) return;
  const steepness = [0, 1, 2].map((a) => Math.abs(toPlane[6 + a]));
  const through = steepness.indexOf(Math.max(...steepness));
  const [first, second] = [0, 1, 2].filter((a) => a !== through);
  const strides = [1, size[0], size[0] * size[1]];
  const [strideFirst, strideThrough] = [strides[first], strides[through]];
  const [wFirst, wSecond, wThrough] = [toPlane[6 + first], toPlane[6 + second], toPlane[6 + through]];
  const [lowest, highest] = wThrough > 0 ? [below.w, above.w] : [above.w, below.w];
  const tilted = wFirst !== 0 || wSecond !== 0;
  let from = low[through];
  let to = high[through];
  const node = [0, 0, 0];
  for (let b = low[second]; b <= high[second]; b++) {
    const base = b * strides[second];
    for (let a = low[first]; a <= high[first]; a++) {
      if (tilted) {
        const w = wFirst * fromOrigin(sampler, first, a) + wSecond * fromOrigin(sampler, second, b);
        from = Math.max(nodeAtOrAbove(sampler, through, (lowest - w) / wThrough + axes[4 * through]), low[through]);
        to = Math.min(nodeAtOrBelow(sampler, through, (highest - w) / wThrough + axes[4 * through]), high[through]);
      }
      for (let c = from; c <= to; c++) {
        const dose = data[base + a * strideFirst + c * strideThrough];
        if (dose >= range.minGy && dose <= range.maxGy) continue;
        node[first] = a;
        node[second] = b;
        node[through] = c;
        if (isBetween(sampler, below, above, node)) widen(range, dose);
      }
    }
  }
}

function isBetween(sampler: DoseSampler, below: Cut, above: Cut, node: number[]): boolean {
  const { toPlane } = sampler;
  const [i, j, q] = node.map((n, axis) => fromOrigin(sampler, axis, n));
  const u = toPlane[0] * i + toPlane[1] * j + toPlane[2] * q;
  const v = toPlane[3] * i + toPlane[4] * j + toPlane[5] * q;
  return surelyInside(below, u, v) && surelyInside(above, u, v);
}

/** Grid coordinate of a dose point along an axis, from where u, v and w are 0. */
function fromOrigin(sampler: DoseSampler, axis: number, n: number): number {
  return coordinate(sampler, axis, n) - sampler.axes[4 * axis];
}

/** First and last dose points along each axis that may lie in the box that both sections share. */
function nodesAround(sampler: DoseSampler, below: Cut, above: Cut): { low: number[]; high: number[] } {
  const { axes } = sampler;
  const [boxBelow, boxAbove] = [boxOf(below), boxOf(above)];
  const ranges = [0, 1, 2].map((a) => {
    let [least, most] = [axes[4 * a], axes[4 * a]];
    const spans = [
      [Math.max(boxBelow.minU, boxAbove.minU), Math.min(boxBelow.maxU, boxAbove.maxU)],
      [Math.max(boxBelow.minV, boxAbove.minV), Math.min(boxBelow.maxV, boxAbove.maxV)],
      [below.w, above.w],
    ];
    spans.forEach(([low, high], d) => {
      const slope = axes[4 * a + 1 + d];
      least += Math.min(slope * low, slope * high);
      most += Math.max(slope * low, slope * high);
    });
    return [nodeAtOrAbove(sampler, a, least), nodeAtOrBelow(sampler, a, most)];
  });
  return { low: ranges.map(([low]) => low), high: ranges.map(([, high]) => high) };
}

function boxOf({ rows, firstV, rowMm }: Cut) {
  let [minU, maxU] = [Infinity, -Infinity];
  for (const u of rows.x) {
    if (u < minU) minU = u;
    if (u > maxU) maxU = u;
  }
  return { minU, maxU, minV: firstV, maxV: firstV + (rows.start.length - 2) * rowMm };
}

/** Grid coordinate of point n along an axis. */
function coordinate(sampler: DoseSampler, axis: number, n: number): number {
  return axis === 2 ? sampler.slicesMm[n] : n;
}

function nodeAtOrAbove(sampler: DoseSampler, axis: number, at: number): number {
  if (axis < 2) return Math.max(Math.ceil(at), 0);
  const { slicesMm } = sampler;
  let low = 0;
  let high = slicesMm.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slicesMm[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nodeAtOrBelow(sampler: DoseSampler, axis: number, at: number): number {
  if (axis < 2) return Math.min(Math.floor(at), sampler.size[axis] - 1);
  const above = nodeAtOrAbove(sampler, axis, at);
  return above < sampler.slicesMm.length && sampler.slicesMm[above] === at ? above : above - 1;
}

/** Inside on both scan lines beside the point: never a point of the outside. */
function surelyInside({ rows, firstV, rowMm }: Cut, u: number, v: number): boolean {
  const r = Math.floor((v - firstV) / rowMm);
  return r >= 0 && r + 2 < rows.start.length && isInRow(rows, r, u) && isInRow(rows, r + 1, u);
}

function isInRow({ start, x }: Rows, r: number, u: number): boolean {
  for (let a = start[r]; a + 1 < start[r + 1]; a += 2) if (u >= x[a] && u <= x[a + 1]) return true;
  return false;
}
