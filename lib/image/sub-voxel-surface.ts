import { centresAlong, type Field, spreadCosts } from './distance.ts';
import type { WayCosts } from './envelope-sweep.ts';
import type { Box, Grid } from './grid.ts';

/** No way leads along an axis. */
const NO_WAY: WayCosts = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
const EVEN: WayCosts = { up: 1, down: 1 };
/** A step in a surface that is wider than this is a face. */
const FAR_MM = 25;

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
  for (const axis of [0, 1, 2] as const) {
    if (ways[axis].up === Number.POSITIVE_INFINITY && ways[axis].down === Number.POSITIVE_INFINITY) continue;
    const field = crossingCosts(set, axis, ways[axis]);
    spreadCosts(field, ways.with(axis, NO_WAY), limit);
    for (let v = 0; v < within.length; v++) if (field.data[v] <= limit) within[v] = 1;
  }
  return within;
}

/** 0 in the set; beyond it the cost of the way along the axis from the nearest crossing, Infinity where there is none. */
function crossingCosts(set: VoxelSet, axis: 0 | 1 | 2, ways: WayCosts): Field {
  const { grid, box, data } = set;
  const costs = seeds(data, 1);
  const lines = {
    positions: centresAlong(grid, box, axis),
    stride: [1, box.size[0], box.size[0] * box.size[1]][axis],
    inward: distancesInPlanes(set, axis, 0),
    outward: distancesInPlanes(set, axis, 1),
  };
  if (ways.up < Number.POSITIVE_INFINITY) sweepCrossings(data, costs, lines, 1, ways.up);
  if (ways.down < Number.POSITIVE_INFINITY) sweepCrossings(data, costs, lines, -1, ways.down);
  return { grid, box, data: costs };
}

/** The lines along an axis, whose voxels are `stride` apart, with the distances in the planes across it. */
interface Lines {
  positions: Float64Array;
  stride: number;
  inward: Float32Array;
  outward: Float32Array;
}

/** All lines that begin at neighbouring voxels go on side by side, so that memory is read in its order. */
function sweepCrossings(
  data: Uint8Array,
  costs: Float32Array,
  { positions, stride, inward, outward }: Lines,
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
        if (data[last] === 1) crossings[line] = crossingBetween(before, here, inward[last], outward[at]);
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

/** Distance in mm to the nearest voxel with a value in the same plane across the axis; Infinity where none is near. */
function distancesInPlanes({ grid, box, data }: VoxelSet, axis: 0 | 1 | 2, value: 0 | 1): Float32Array {
  const costs = seeds(data, value);
  const ways = [EVEN, EVEN, EVEN].with(axis, NO_WAY);
  spreadCosts({ grid, box, data: costs }, ways, FAR_MM ** 2);
  for (let v = 0; v < costs.length; v++) costs[v] = Math.sqrt(costs[v]);
  return costs;
}

/** 0 where a voxel has the value, Infinity elsewhere. */
function seeds(data: Uint8Array, value: 0 | 1): Float32Array {
  const costs = new Float32Array(data.length);
  for (let v = 0; v < data.length; v++) if (data[v] !== value) costs[v] = Number.POSITIVE_INFINITY;
  return costs;
}
