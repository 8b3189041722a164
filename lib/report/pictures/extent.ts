import { type Grid, indexToPatient, type Mask, patientToIndex, type Volume } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { Extent } from './plane.ts';

/** HU: below this is air, also between the patient and the table. */
const AIR_HU = -400;
/** Of the greatest value: below this an image of another modality is taken for background. */
const BACKGROUND = 0.05;
const MARGIN_MM = 8;
/** Along the patient no more than this to either side of what is to be seen. */
const REACH_MM = 220;
/** Voxels that are looked at along each axis, at most. */
const LOOKS = 128;

/** The part of the patient around `centreMm` that pictures show: without the air, and not from head to toe. */
export function shownExtent({ volume, modality }: { volume: Volume; modality: string }, centreMm: Vec3): Extent {
  const body = bodyExtent(volume, modality === 'CT' ? AIR_HU : BACKGROUND * greatest(volume));
  const whole = extentOf(volume.grid, [0, 0, 0], lastIndex(volume.grid));
  const low = body.low.map((mm, axis) => Math.max(mm - MARGIN_MM, whole.low[axis])) as Vec3;
  const high = body.high.map((mm, axis) => Math.min(mm + MARGIN_MM, whole.high[axis])) as Vec3;
  low[2] = Math.max(low[2], Math.min(centreMm[2] - REACH_MM, high[2]));
  high[2] = Math.min(high[2], Math.max(centreMm[2] + REACH_MM, low[2]));
  return { low, high };
}

/** The middle of the voxels of a mask, mm. */
export function centroidMm({ grid, box, data }: Mask): Vec3 {
  const sums: Vec3 = [0, 0, 0];
  let count = 0;
  let at = 0;
  for (let k = 0; k < box.size[2]; k++)
    for (let j = 0; j < box.size[1]; j++)
      for (let i = 0; i < box.size[0]; i++, at++) {
        if (data[at] === 0) continue;
        sums[0] += i;
        sums[1] += j;
        sums[2] += k;
        count++;
      }
  return indexToPatient(grid, sums.map((sum, axis) => box.start[axis] + sum / Math.max(count, 1)) as Vec3);
}

export function centreMm(grid: Grid): Vec3 {
  return indexToPatient(grid, lastIndex(grid).map((last) => last / 2) as Vec3);
}

/** The centre of the slice that a point lies nearest to, where slices lie along a patient axis; else the point. */
export function onSlice(grid: Grid, pointMm: Vec3): Vec3 {
  const [i, j, k] = patientToIndex(grid, pointMm);
  return indexToPatient(grid, [i, j, Math.min(Math.max(Math.round(k), 0), grid.size[2] - 1)]);
}

function bodyExtent({ grid, data }: Volume, threshold: number): Extent {
  const [nx, ny, nz] = grid.size;
  const [di, dj, dk] = grid.size.map((size) => Math.max(1, Math.floor(size / LOOKS)));
  const low: Vec3 = [nx, ny, nz];
  const high: Vec3 = [-1, -1, -1];
  for (let k = 0; k < nz; k += dk)
    for (let j = 0; j < ny; j += dj)
      for (let i = 0; i < nx; i += di) {
        if (!(data[i + nx * (j + ny * k)] > threshold)) continue;
        low[0] = Math.min(low[0], i);
        low[1] = Math.min(low[1], j);
        low[2] = Math.min(low[2], k);
        high[0] = Math.max(high[0], i + di - 1);
        high[1] = Math.max(high[1], j + dj - 1);
        high[2] = Math.max(high[2], k + dk - 1);
      }
  if (high[0] < 0) return extentOf(grid, [0, 0, 0], lastIndex(grid));
  return extentOf(grid, low, high.map((index, axis) => Math.min(index, grid.size[axis] - 1)) as Vec3);
}

/** The box along the patient axes around the voxels from one index to another. */
function extentOf(grid: Grid, first: Vec3, last: Vec3): Extent {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    indexToPatient(
      grid,
      [0, 1, 2].map((axis) => ((corner >> axis) & 1 ? last[axis] + 0.5 : first[axis] - 0.5)) as Vec3,
    ),
  );
  const over = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => pick(...corners.map((corner) => corner[axis]))) as Vec3;
  return { low: over(Math.min), high: over(Math.max) };
}

function lastIndex(grid: Grid): Vec3 {
  return grid.size.map((size) => size - 1) as Vec3;
}

function greatest({ data }: Volume): number {
  let value = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > value) value = data[i];
  return value;
}
