import { type Box, type Grid, indexToPatient, type Volume, type VoxelArray } from './grid.ts';

/** The part of a volume that lies in a box of its grid, where it lay before. */
export function cropVolume<T extends VoxelArray>({ grid, data }: Volume<T>, { start, size }: Box): Volume<T> {
  const [nx, ny] = grid.size;
  const part = new (data.constructor as new (length: number) => T)(size[0] * size[1] * size[2]);
  for (let k = 0, to = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++, to += size[0]) {
      const from = start[0] + nx * (start[1] + j + ny * (start[2] + k));
      part.set(data.subarray(from, from + size[0]), to);
    }
  return { grid: gridOfBox(grid, { start, size }), data: part };
}

/** The grid of a part: its voxels lie where they lay. */
export function gridOfBox(grid: Grid, { start, size }: Box): Grid {
  const offsets = grid.sliceOffsetsMm?.slice(start[2], start[2] + size[2]);
  return {
    ...grid,
    size,
    originMm: indexToPatient(grid, start),
    ...(offsets && { sliceOffsetsMm: offsets.map((mm) => mm - offsets[0]) }),
  };
}
