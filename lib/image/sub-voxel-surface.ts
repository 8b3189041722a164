import { centresAlong, type Field, spreadCosts } from './distance.ts';
import type { WayCosts } from './envelope-sweep.ts';
import type { Box, Grid } from './grid.ts';

/** No way leads along an axis. */
const NO_WAY: WayCosts = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
/** A step in a surface that is wider than 25 mm is a face. */
const FAR_MM2 = 25 ** 2;
const FAR_MM2_AND_MORE = FAR_MM2 + 1;

/** Voxels of a box: 1 in the set, 0 beyond its surface. */
export interface VoxelSet {
  grid: Grid;
  box: Box;
  data: Uint8Array;
}

/**
 * The voxels whose centres lie within the limit of the surface of a set, or in it. The surface crosses a line of the grid
 * between the last centre inside and the first outside; where exactly, the planes of these two tell, as interpolation by
 * shape does (Raya & Udupa 1990, doi:10.1109/42.52980): by how far the one is from the rim in its plane, the other from
 * the set in its own. Where one plane tells nothing, it is halfway.
 * @param ways costs per mm^2 along i, j and k; the least sum of squared ways times their costs counts
 */
export function withinSurface(set: VoxelSet, ways: WayCosts[], limit: number): Uint8Array {
  const within = set.data.slice();
  const along = { i: waysAlong(set, 0), j: waysAlong(set, 1) };
  for (const axis of [0, 1, 2] as const) {
    if (ways[axis].up === Number.POSITIVE_INFINITY && ways[axis].down === Number.POSITIVE_INFINITY) continue;
    const field = crossingCosts(set, axis, ways[axis], along);
    spreadCosts(field, ways.with(axis, NO_WAY), limit);
    for (let v = 0; v < within.length; v++) if (field.data[v] <= limit) within[v] = 1;
  }
  return within;
}

/** 0 in the set; beyond it the cost of the way along the axis from the nearest crossing, Infinity where there is none. */
function crossingCosts(set: VoxelSet, axis: 0 | 1 | 2, ways: WayCosts, along: Ways): Field {
  const { grid, box, data } = set;
  const costs = new Float32Array(data.length);
  for (let v = 0; v < data.length; v++) if (data[v] === 0) costs[v] = Number.POSITIVE_INFINITY;
  const lines = {
    positions: centresAlong(grid, box, axis),
    stride: strideOf(box, axis),
    plane: planeAcross(set, axis, along),
  };
  if (ways.up < Number.POSITIVE_INFINITY) sweepCrossings(data, costs, lines, 1, ways.up);
  if (ways.down < Number.POSITIVE_INFINITY) sweepCrossings(data, costs, lines, -1, ways.down);
  return { grid, box, data: costs };
}

/** The lines along an axis, whose voxels are `stride` apart, and the planes across it. */
interface Lines {
  positions: Float64Array;
  stride: number;
  plane: Plane;
}

/** All lines that begin at neighbouring voxels go on side by side, so that memory is read in its order. */
function sweepCrossings(
  data: Uint8Array,
  costs: Float32Array,
  { positions, stride, plane }: Lines,
  step: 1 | -1,
  way: number,
): void {
  const length = positions.length;
  const crossings = new Float64Array(stride);
  for (let start = 0; start < data.length; start += length * stride) {
    crossings.fill(Number.NaN);
    for (let n = 1, p = step === 1 ? 1 : length - 2; n < length; n++, p += step) {
      const [before, here] = [positions[p - step], positions[p]];
      for (let line = 0, at = start + p * stride; line < stride; line++, at++) {
        if (data[at] === 1) continue;
        const last = at - step * stride;
        if (data[last] === 1)
          crossings[line] = crossingBetween(before, here, toOther(data, plane, last), toOther(data, plane, at));
        const cost = way * (here - crossings[line]) ** 2;
        if (cost < costs[at]) costs[at] = cost;
      }
    }
  }
}

function crossingBetween(inside: number, outside: number, fromRim: number, fromSet: number): number {
  const isKnown = fromRim < Number.POSITIVE_INFINITY && fromSet < Number.POSITIVE_INFINITY;
  return inside + (outside - inside) * (isKnown ? fromRim / (fromRim + fromSet) : 0.5);
}

/** Of every voxel the squared distance in mm^2 to the nearest one of the other value on its line along i and along j. */
interface Ways {
  i: Float32Array;
  j: Float32Array;
}

/** Planes of two axes: what is known along the first, and where the voxels of the second lie. */
interface Plane {
  known: Float32Array;
  stride: number;
  positions: Float64Array;
}

function planeAcross({ grid, box }: VoxelSet, axis: 0 | 1 | 2, { i, j }: Ways): Plane {
  const second = axis === 2 ? 1 : 2;
  return {
    known: axis === 0 ? j : i,
    stride: strideOf(box, second),
    positions: centresAlong(grid, box, second),
  };
}

/**
 * Distance in mm from a voxel to the nearest one of the other value in its plane; Infinity where none is near. Only the
 * voxels at the surface ask, and the lines beside theirs are looked at as far as the nearest found so far.
 */
function toOther(data: Uint8Array, { known, stride, positions }: Plane, at: number): number {
  const own = data[at];
  const line = Math.floor(at / stride) % positions.length;
  let least = known[at] <= FAR_MM2 ? known[at] : FAR_MM2_AND_MORE;
  for (let step = -1; step <= 1; step += 2) {
    for (
      let q = line + step, other = at + step * stride;
      q >= 0 && q < positions.length;
      q += step, other += step * stride
    ) {
      const way = (positions[q] - positions[line]) ** 2;
      if (way > least) break;
      const cost = data[other] === own ? known[other] + way : way;
      if (cost < least) least = cost;
    }
  }
  return least <= FAR_MM2 ? Math.fround(Math.sqrt(Math.fround(least))) : Number.POSITIVE_INFINITY;
}

function waysAlong({ grid, box, data }: VoxelSet, axis: 0 | 1): Float32Array {
  const positions = centresAlong(grid, box, axis);
  const stride = strideOf(box, axis);
  const squared = new Float32Array(data.length).fill(Number.POSITIVE_INFINITY);
  sweepChanges(data, squared, positions, stride, 1);
  sweepChanges(data, squared, positions, stride, -1);
  return squared;
}

/** Lowers each voxel's number to the squared way from the last voxel of the other value behind it. */
function sweepChanges(
  data: Uint8Array,
  squared: Float32Array,
  positions: Float64Array,
  stride: number,
  step: 1 | -1,
): void {
  const length = positions.length;
  const changes = new Float64Array(stride);
  for (let start = 0; start < data.length; start += length * stride) {
    changes.fill(Number.NaN);
    for (let n = 1, p = step === 1 ? 1 : length - 2; n < length; n++, p += step) {
      for (let line = 0, at = start + p * stride; line < stride; line++, at++) {
        if (data[at - step * stride] !== data[at]) changes[line] = positions[p - step];
        const way = (positions[p] - changes[line]) ** 2;
        if (way < squared[at]) squared[at] = way;
      }
    }
  }
}

/** Voxels from one to the next along an axis. */
function strideOf({ size }: Box, axis: 0 | 1 | 2): number {
  return [1, size[0], size[0] * size[1]][axis];
}
