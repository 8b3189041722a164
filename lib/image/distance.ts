import { boxOf, growBox, intersectBoxes, isEmptyBox, uniteBoxes } from './box.ts';
import { envelopeScratch, sweepLine, type WayCosts } from './envelope-sweep.ts';
import { type Box, type Grid, type Mask, sliceOffsetMm, voxelCount } from './grid.ts';
import { reframeMask } from './mask.ts';

/** A number for each voxel of a box, which may reach beyond the grid; index di + bx (dj + by dk). */
export interface Field {
  grid: Grid;
  box: Box;
  data: Float32Array;
}

/** Lines that are read side by side, so that a cache line is used whole. */
const LINES_AT_ONCE = 16;
const EVEN_WAYS: WayCosts[] = Array(3).fill({ up: 1, down: 1 });

/**
 * Exact Euclidean distance in mm from every voxel centre of a box to the nearest voxel centre of a mask (0 inside), with
 * true spacing and slice gaps, as SciPy's distance_transform_edt and ITK's Maurer filter give it. Infinity for an empty mask.
 * @param box the whole grid unless told
 * @param limitMm distances above it read Infinity, which is quicker
 */
export function distanceToMask(mask: Mask, box = boxOf(mask.grid), limitMm = Number.POSITIVE_INFINITY): Field {
  return partOf(distances(seedField(mask, uniteBoxes(mask.box, box), 1), limitMm), box);
}

/**
 * Signed distance in mm: outside of a mask from a voxel centre to the nearest centre inside, inside the negative distance
 * to the nearest centre outside. What lies beyond the grid counts as outside.
 */
export function signedDistance(mask: Mask, box = boxOf(mask.grid), limitMm = Number.POSITIVE_INFINITY): Field {
  const signed = distanceToMask(mask, box, limitMm);
  const inside = intersectBoxes(mask.box, box);
  const inward = partOf(distances(seedField(mask, growBox(mask.box, [1, 1, 1]), 0), limitMm), inside);
  forEachRow(inside, box, (from, to) => {
    for (let i = 0; i < inside.size[0]; i++)
      if (inward.data[from + i] > 0) signed.data[to + i] = -inward.data[from + i];
  });
  return signed;
}

/** The part of a field in a box within its own. */
function partOf(field: Field, box: Box): Field {
  if (voxelCount(box) === field.data.length) return field;
  const data = new Float32Array(voxelCount(box));
  forEachRow(box, field.box, (to, from) => data.set(field.data.subarray(from, from + box.size[0]), to));
  return { ...field, box, data };
}

/** Where each row of a box begins, in its own order and in that of a box around it. */
function forEachRow(box: Box, around: Box, visit: (at: number, atAround: number) => void): void {
  const [di, dj, dk] = [0, 1, 2].map((axis) => box.start[axis] - around.start[axis]);
  for (let k = 0, at = 0; k < box.size[2]; k++)
    for (let j = 0; j < box.size[1]; j++, at += box.size[0])
      visit(at, di + around.size[0] * (dj + j + around.size[1] * (dk + k)));
}

/** 0 where the mask has the value `seed`, Infinity elsewhere. */
export function seedField(mask: Mask, box: Box, seed: 0 | 1): Field {
  const inside = reframeMask(mask, box).data;
  const data = new Float32Array(inside.length);
  for (let v = 0; v < data.length; v++) if (inside[v] !== seed) data[v] = Number.POSITIVE_INFINITY;
  return { grid: mask.grid, box, data };
}

/**
 * Replace every cost by the least cost of reaching the voxel: along each axis in turn the squared way times its cost.
 * @param ways costs along i, j and k; results above `limit` become Infinity
 */
export function spreadCosts({ grid, box, data }: Field, ways: WayCosts[], limit: number): void {
  if (isEmptyBox(box)) return;
  const [nx, ny, nz] = box.size;
  const lines = [0, 1, 2].map((axis) => ({ positions: centresAlong(grid, box, axis), ways: ways[axis], limit }));
  sweepRows(data, lines[0]);
  for (let k = 0; k < nz; k++) sweepColumns(data, k * nx * ny, nx, nx, lines[1]);
  sweepColumns(data, 0, nx * ny, nx * ny, lines[2]);
}

interface Lines {
  positions: Float64Array;
  ways: WayCosts;
  limit: number;
}

/** Places of the voxel centres of a box along an axis of the grid, mm. */
export function centresAlong(grid: Grid, box: Box, axis: number): Float64Array {
  return Float64Array.from({ length: box.size[axis] }, (_, v) => {
    const voxel = box.start[axis] + v;
    return axis === 2 ? sliceOffsetMm(grid, voxel) : voxel * grid.spacingMm[axis];
  });
}

function sweepRows(data: Float32Array, { positions, ways, limit }: Lines): void {
  const length = positions.length;
  const scratch = envelopeScratch(length);
  const line = new Float64Array(length);
  for (let start = 0; start < data.length; start += length) {
    let differ = false;
    for (let p = 0; p < length; p++) {
      line[p] = data[start + p];
      if (line[p] !== line[0]) differ = true;
    }
    if (!differ) continue;
    sweepLine(line, 0, positions, ways, limit, scratch);
    for (let p = 0; p < length; p++) data[start + p] = line[p];
  }
}

/** `count` lines that begin at neighbouring voxels, a bundle at a time; one whose voxels are all alike is left as it is. */
function sweepColumns(data: Float32Array, start: number, count: number, stride: number, lines: Lines): void {
  const { positions, ways, limit } = lines;
  const length = positions.length;
  const scratch = envelopeScratch(length);
  const bundle = new Float64Array(length * LINES_AT_ONCE);
  const differ = new Uint8Array(LINES_AT_ONCE);
  for (let first = start; first < start + count; first += LINES_AT_ONCE) {
    const width = Math.min(LINES_AT_ONCE, start + count - first);
    differ.fill(0);
    for (let p = 0, at = first; p < length; p++, at += stride) {
      for (let w = 0; w < width; w++) {
        const cost = data[at + w];
        bundle[w * length + p] = cost;
        if (cost !== bundle[w * length] || (cost > 0 && cost < Number.POSITIVE_INFINITY)) differ[w] = 1;
      }
    }
    for (let w = 0; w < width; w++) {
      if (differ[w] === 0) continue;
      sweepLine(bundle, w * length, positions, ways, limit, scratch);
      for (let p = 0, at = first + w; p < length; p++, at += stride) data[at] = bundle[w * length + p];
    }
  }
}

function distances(field: Field, limitMm: number): Field {
  spreadCosts(field, EVEN_WAYS, limitMm * limitMm);
  const { data } = field;
  for (let v = 0; v < data.length; v++) data[v] = Math.sqrt(data[v]);
  return field;
}
