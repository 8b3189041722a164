import type { Grid, Mask } from '../image/grid.ts';
import { sliceOffsetsMm } from '../image/slice-thickness.ts';
import type { Vec3 } from '../math/vec3.ts';
import { isParallelToAxis } from './plane-stack.ts';
import type { StackWithSlabs } from './slabs.ts';

/** Coordinates are rounded to this part of a voxel, so that the noise of decimals does not decide over a centre. */
const SNAP = 2 ** 20;
/** Part of a voxel by which a centre may miss the face of a slab and still count as lying on it. */
export const ON_FACE = 1e-3;

/**
 * Mark the voxels of a mask inside a stack of contour planes, layer by layer along the stack's axis. Each loop is
 * carried along the normal into the layer, where its crossings with the rows toggle all voxels from there on.
 */
export function fillStack(mask: Mask, stack: StackWithSlabs): void {
  const lattice = layLattice(mask, stack.axis);
  const parity = new Uint8Array(lattice.run.count * lattice.row.count);
  const tolerance = ON_FACE * stack.stepMm;
  stack.planes.forEach(({ loops }, p) => {
    const lowMm = stack.slabs[p].lowMm - tolerance;
    const highMm = stack.slabs[p].highMm - tolerance;
    const [nearest, farthest] = depthsOf(loops, lowMm, highMm, stack);
    for (let layer = 0; layer < lattice.layer.count; layer++) {
      const depth = lattice.depthsMm[layer];
      if (depth < nearest || depth >= farthest) continue;
      for (const loop of loops) toggleCrossings(parity, loop, depth, stack.normal, lattice);
      if (isParallelToAxis(stack)) settleLayer(mask.data, parity, layer, lattice);
      else settleSlab(mask.data, parity, layer, { lowMm, highMm, normal: stack.normal }, lattice);
    }
  });
}

/** One axis of the box: voxel v lies at position start + v in units of a voxel, or at positions[v] mm. */
interface LatticeAxis {
  axis: number;
  start: number;
  count: number;
  stride: number;
  /** From mm to the unit of this axis. */
  scale: number;
  positions: Float64Array | undefined;
  centresMm: Float64Array;
}

/** Layers are filled one by one; in a layer, voxels run along `run` in rows that follow each other along `row`. */
interface Lattice {
  layer: LatticeAxis;
  run: LatticeAxis;
  row: LatticeAxis;
  depthsMm: Float64Array;
}

/** Runs never follow the slices, whose gaps may differ. */
function layLattice(mask: Mask, axis: number): Lattice {
  const [run, row] = [
    [1, 2],
    [0, 2],
    [0, 1],
  ][axis];
  const layer = latticeAxis(mask, axis);
  return { layer, run: latticeAxis(mask, run), row: latticeAxis(mask, row), depthsMm: layer.centresMm };
}

function latticeAxis({ grid, box }: Mask, axis: number): LatticeAxis {
  const start = box.start[axis];
  const count = box.size[axis];
  const stride = [1, box.size[0], box.size[0] * box.size[1]][axis];
  const centresMm = centresAlong(grid, axis).slice(start, start + count);
  const uneven = axis === 2 && grid.sliceOffsetsMm !== undefined;
  const positions = uneven ? centresMm.map(snap) : undefined;
  return { axis, start, count, stride, scale: uneven ? 1 : 1 / grid.spacingMm[axis], positions, centresMm };
}

function centresAlong(grid: Grid, axis: number): Float64Array {
  if (axis === 2) return sliceOffsetsMm(grid);
  return Float64Array.from({ length: grid.size[axis] }, (_, v) => v * grid.spacingMm[axis]);
}

/** Range of depths along the stack's axis that the slab of a plane covers within its loops. */
function depthsOf(loops: Float64Array[], lowMm: number, highMm: number, stack: StackWithSlabs): [number, number] {
  if (isParallelToAxis(stack)) return [lowMm, highMm];
  const reach = (highMm - lowMm) * stack.normal[stack.axis];
  let nearest = Number.POSITIVE_INFINITY;
  let farthest = Number.NEGATIVE_INFINITY;
  for (const loop of loops) {
    for (let at = stack.axis; at < loop.length; at += 3) {
      nearest = Math.min(nearest, loop[at] - reach);
      farthest = Math.max(farthest, loop[at] + reach);
    }
  }
  return [nearest, farthest];
}

/** An edge crosses a row when the row lies at or after its lower end and before its upper end. */
function toggleCrossings(parity: Uint8Array, loop: Float64Array, depth: number, normal: Vec3, lattice: Lattice): void {
  const { layer, run, row } = lattice;
  const runPerDepth = normal[run.axis] / normal[layer.axis];
  const rowPerDepth = normal[row.axis] / normal[layer.axis];
  const last = loop.length - 3;
  let x0 = snap((loop[last + run.axis] + (depth - loop[last + layer.axis]) * runPerDepth) * run.scale);
  let y0 = snap((loop[last + row.axis] + (depth - loop[last + layer.axis]) * rowPerDepth) * row.scale);
  for (let p = 0; p < loop.length; p += 3) {
    const x1 = snap((loop[p + run.axis] + (depth - loop[p + layer.axis]) * runPerDepth) * run.scale);
    const y1 = snap((loop[p + row.axis] + (depth - loop[p + layer.axis]) * rowPerDepth) * row.scale);
    if (y0 < y1) toggleEdge(parity, x0, y0, x1, y1, run, row);
    else if (y0 > y1) toggleEdge(parity, x1, y1, x0, y0, run, row);
    x0 = x1;
    y0 = y1;
  }
}

function toggleEdge(
  parity: Uint8Array,
  xLow: number,
  yLow: number,
  xHigh: number,
  yHigh: number,
  run: LatticeAxis,
  row: LatticeAxis,
): void {
  const slope = (xHigh - xLow) / (yHigh - yLow);
  const end = Math.min(firstFrom(row, yHigh), row.count);
  for (let r = Math.max(firstFrom(row, yLow), 0); r < end; r++) {
    const y = row.positions ? row.positions[r] : row.start + r;
    const voxel = Math.max(Math.ceil(snap(xLow + (y - yLow) * slope)) - run.start, 0);
    if (voxel < run.count) parity[r * run.count + voxel] ^= 1;
  }
}

/** The first voxel of an axis whose position is not below `position`. */
function firstFrom({ positions, start }: LatticeAxis, position: number): number {
  if (!positions) return Math.ceil(position) - start;
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positions[middle] < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function settleLayer(data: Uint8Array, parity: Uint8Array, layer: number, lattice: Lattice): void {
  const { run, row } = lattice;
  for (let r = 0, from = 0; r < row.count; r++) {
    let inside = 0;
    let to = layer * lattice.layer.stride + r * row.stride;
    for (let v = 0; v < run.count; v++, from++, to += run.stride) {
      inside ^= parity[from];
      data[to] |= inside;
    }
  }
  parity.fill(0);
}

interface TiltedSlab {
  lowMm: number;
  highMm: number;
  normal: Vec3;
}

/** As `settleLayer`, but of a row only the voxels whose centre lies in the slab. */
function settleSlab(data: Uint8Array, parity: Uint8Array, layer: number, slab: TiltedSlab, lattice: Lattice): void {
  const { run, row } = lattice;
  const { lowMm, highMm, normal } = slab;
  const layerLevel = normal[lattice.layer.axis] * lattice.depthsMm[layer];
  for (let r = 0, from = 0; r < row.count; r++) {
    const rowLevel = layerLevel + normal[row.axis] * row.centresMm[r];
    let inside = 0;
    let to = layer * lattice.layer.stride + r * row.stride;
    for (let v = 0; v < run.count; v++, from++, to += run.stride) {
      inside ^= parity[from];
      if (inside === 0) continue;
      const level = rowLevel + normal[run.axis] * run.centresMm[v];
      if (level >= lowMm && level < highMm) data[to] = 1;
    }
  }
  parity.fill(0);
}

function snap(position: number): number {
  return Math.round(position * SNAP) / SNAP;
}
