import { type Grid, sliceIndex, type Volume, type VoxelArray } from '../image/grid.ts';

/** Part of the slice distance by which slices may differ and still be shown as even: less than a tenth of a pixel. */
const EVEN = 0.02;
const MOST_SLICES = 2000;

/**
 * An image with uneven slices on even ones, for drawing: as close as the two nearest, each a copy of the slice that lies
 * nearest to it. No slice is made up. An image with even slices stays as it is.
 */
export function shownVolume(volume: Volume): Volume {
  const { grid, data } = volume;
  const offsets = grid.sliceOffsetsMm;
  if (!offsets || offsets.length < 2 || isEven(grid, offsets)) return withoutOffsets(volume);
  const endMm = offsets[offsets.length - 1];
  const gaps = Array.from(offsets.subarray(1), (offset, k) => offset - offsets[k]);
  const stepMm = Math.max(Math.min(...gaps), endMm / MOST_SLICES);
  const count = Math.round(endMm / stepMm) + 1;
  const area = grid.size[0] * grid.size[1];
  const shown = new (data.constructor as new (length: number) => VoxelArray)(area * count);
  for (let k = 0; k < count; k++) {
    const nearest = Math.min(Math.max(Math.round(sliceIndex(grid, k * stepMm)), 0), offsets.length - 1);
    shown.set(data.subarray(nearest * area, (nearest + 1) * area), k * area);
  }
  const { sliceOffsetsMm: _, ...rest } = grid;
  return {
    grid: {
      ...rest,
      size: [grid.size[0], grid.size[1], count],
      spacingMm: [grid.spacingMm[0], grid.spacingMm[1], stepMm],
    },
    data: shown,
  };
}

function isEven({ spacingMm }: Grid, offsets: Float64Array): boolean {
  return offsets.every((offset, k) => Math.abs(offset - k * spacingMm[2]) <= EVEN * spacingMm[2]);
}

function withoutOffsets({ grid: { sliceOffsetsMm: _, ...grid }, data }: Volume): Volume {
  return { grid, data };
}
