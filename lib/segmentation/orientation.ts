import { BadInput } from '../errors.ts';
import type { Grid, Volume, VoxelArray } from '../image/grid.ts';
import { column, fromColumns, type Vec3 } from '../math/vec3.ts';
import { ownKeys } from '../own-keys.ts';
import type { LabelMap } from './label-map.ts';

/** Where i, j and k grow: letters of R or L, A or P, I or S, as nibabel's axis codes. */
export type AxisCodes = string;

const LPS_AXIS: Record<string, [axis: number, sign: 1 | -1]> = ownKeys({
  ...{ L: [0, 1], R: [0, -1], P: [1, 1], A: [1, -1], S: [2, 1], I: [2, -1] },
});

/** A turned image, and the way back for what is found on it. */
export interface Turned {
  volume: Volume;
  restore(labelMap: LabelMap): LabelMap;
}

/**
 * The image with its axes reordered and flipped to point as the codes say, as closely as possible without
 * interpolation. Networks that read arrays and not headers expect the orientation of their training: dcm2niix writes
 * `LAS`, DICOM slices give `LPS`.
 */
export function turnTo(codes: AxisCodes, volume: Volume): Turned {
  const source = sourceAxes(codes, volume.grid);
  if (source.every(({ axis, flip }, i) => axis === i && !flip)) return { volume, restore: (labelMap) => labelMap };
  const turned = { grid: turnedGrid(volume.grid, source), data: copy(volume.data, volume.grid.size, source, false) };
  return {
    volume: turned,
    restore: ({ volume: found, labels }) => ({
      volume: { grid: volume.grid, data: copy(found.data, volume.grid.size, source, true) },
      labels,
    }),
  };
}

interface SourceAxis {
  /** Axis of the source grid that becomes this one. */
  axis: number;
  flip: boolean;
}

/** For each new axis the old one that points most along it; the strongest match is taken first. */
function sourceAxes(codes: AxisCodes, { direction }: Grid): SourceAxis[] {
  const wanted = [...codes].map((letter) => LPS_AXIS[letter]);
  if (wanted.length !== 3 || new Set(wanted.map((one) => one?.[0])).size !== 3)
    throw new BadInput(`${codes} is not an orientation: write three letters, one each of R or L, A or P, I or S`);
  const pairs = wanted.flatMap(([patientAxis, sign], to) =>
    ([0, 1, 2] as const).map((axis) => ({ to, axis, along: sign * column(direction, axis)[patientAxis] })),
  );
  pairs.sort((a, b) => Math.abs(b.along) - Math.abs(a.along));
  const found: SourceAxis[] = [];
  for (const { to, axis, along } of pairs) {
    const isFree = !found[to] && !found.some((one) => one?.axis === axis);
    if (isFree) found[to] = { axis, flip: along < 0 };
  }
  return found;
}

function turnedGrid(grid: Grid, source: SourceAxis[]): Grid {
  const columns = source.map(({ axis, flip }) => {
    const unit = column(grid.direction, axis as 0 | 1 | 2);
    return (flip ? unit.map((value) => -value + 0) : unit) as Vec3;
  }) as [Vec3, Vec3, Vec3];
  let originMm = grid.originMm;
  for (const { axis, flip } of source) {
    if (!flip) continue;
    const lengthMm = (grid.size[axis] - 1) * grid.spacingMm[axis];
    originMm = column(grid.direction, axis as 0 | 1 | 2).map((value, i) => originMm[i] + lengthMm * value) as Vec3;
  }
  const pick = (values: Vec3) => source.map(({ axis }) => values[axis]) as Vec3;
  return {
    ...grid,
    size: pick(grid.size),
    spacingMm: pick(grid.spacingMm),
    originMm,
    direction: fromColumns(...columns),
  };
}

/** Voxels in the turned order, or with `back` from it into the order of the source. */
function copy<T extends VoxelArray>(data: T, size: Vec3, source: SourceAxis[], back: boolean): T {
  const result = data.slice() as T;
  const strides = [1, size[0], size[0] * size[1]];
  const steps = source.map(({ axis, flip }) => (flip ? -strides[axis] : strides[axis]));
  const counts = source.map(({ axis }) => size[axis]);
  const start = source.reduce((sum, { axis, flip }) => sum + (flip ? (size[axis] - 1) * strides[axis] : 0), 0);
  for (let k = 0, at = 0; k < counts[2]; k++) {
    for (let j = 0; j < counts[1]; j++) {
      let from = start + j * steps[1] + k * steps[2];
      for (let i = 0; i < counts[0]; i++, at++, from += steps[0]) {
        if (back) result[from] = data[at];
        else result[at] = data[from];
      }
    }
  }
  return result;
}
