import { EMPTY_BOX } from '../../image/box.ts';
import type { Box, Grid, Mask } from '../../image/grid.ts';
import { countVoxels, cropMask } from '../../image/mask.ts';
import { superiorParts } from '../../image/superior-extent.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { CropBoundaries } from './boundaries.ts';

/** mm by which a centre may miss a boundary that was read from a centre. */
const TOLERANCE_MM = 1e-6;

export interface CroppedMask {
  mask: Mask;
  /** Voxels that lay beyond the boundaries. */
  removedVoxels: number;
}

/** The voxels of a mask between two boundaries; cropping twice changes nothing more. */
export function cropToBoundaries(mask: Mask, boundaries: CropBoundaries): CroppedMask {
  const cropped = cropMask({ ...mask, data: mask.data.map(keepBetween(mask, boundaries)) });
  return { mask: cropped, removedVoxels: countVoxels(mask) - countVoxels(cropped) };
}

/** A box of a grid that holds all voxels between two boundaries: whole slices where they are axial. */
export function croppedBox(grid: Grid, { superior, inferior }: CropBoundaries): Box {
  const { perColumn, perRow, bySlice } = superiorParts(grid);
  const parts = [
    Float64Array.from({ length: grid.size[0] }, (_, i) => i * perColumn),
    Float64Array.from({ length: grid.size[1] }, (_, j) => j * perRow),
    bySlice,
  ];
  const lows = parts.map((part) => Math.min(part[0], part[part.length - 1]));
  const highs = parts.map((part) => Math.max(part[0], part[part.length - 1]));
  const start: Vec3 = [0, 0, 0];
  const size: Vec3 = [0, 0, 0];
  parts.forEach((part, axis) => {
    const others = [0, 1, 2].filter((other) => other !== axis);
    const [low, high] = [lows, highs].map((ends) => others.reduce((sum, other) => sum + ends[other], 0));
    const reaches = (z: number) =>
      z + high >= inferior.appliedMm - TOLERANCE_MM && z + low <= superior.appliedMm + TOLERANCE_MM;
    start[axis] = part.findIndex(reaches);
    size[axis] = part.findLastIndex(reaches) - start[axis] + 1;
  });
  return start.some((first) => first < 0) ? EMPTY_BOX : { start, size };
}

function keepBetween({ grid, box }: Mask, { superior, inferior }: CropBoundaries) {
  const { perColumn, perRow, bySlice } = superiorParts(grid);
  const high = superior.appliedMm + TOLERANCE_MM;
  const low = inferior.appliedMm - TOLERANCE_MM;
  const [nx, ny] = box.size;
  return (inside: number, v: number): number => {
    if (inside === 0) return 0;
    const i = box.start[0] + (v % nx);
    const j = box.start[1] + (Math.floor(v / nx) % ny);
    const z = bySlice[box.start[2] + Math.floor(v / (nx * ny))] + perRow * j + perColumn * i;
    return z >= low && z <= high ? 1 : 0;
  };
}
