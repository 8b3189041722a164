import type { Grid, Mask } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { type LevelImage, levelImage } from '#lib/radiomics/region/levels.ts';
import { roiOf, type VoxelRoi } from '#lib/radiomics/region/roi.ts';
import { seededRandom } from '#lib/random.ts';

export function plainGrid(size: Vec3, spacingMm: Vec3 = [1, 1, 1]): Grid {
  return { size, originMm: [0, 0, 0], spacingMm, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

/** A ragged region: each voxel of the grid belongs to it with probability `filled`. */
export function randomMask(size: Vec3, filled: number, seed: number, spacingMm: Vec3 = [1, 1, 1]): Mask {
  const random = seededRandom(seed);
  const data = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (random() < filled ? 1 : 0));
  return { grid: plainGrid(size, spacingMm), box: { start: [0, 0, 0], size: [...size] }, data };
}

/** Levels 1, 3, 4, ... (never 2) at random in a ragged region. */
export function randomLevels(size: Vec3, levels: number, seed: number, margin = 2): LevelImage {
  const roi = roiOf(randomMask(size, 0.7, seed), margin);
  const random = seededRandom(seed + 1);
  const levelOfVoxel = Int32Array.from(roi.voxels, () => {
    const level = 1 + Math.floor(random() * levels);
    return level === 1 ? 1 : level + 1;
  });
  return levelImage(roi, levelOfVoxel, levels + 1);
}

/** Level and position of every voxel of the region, and a look-up by position: what the brute-force counts work on. */
export function listVoxels(image: LevelImage) {
  const { roi, ranks, levels } = image;
  const at = new Map<string, number>();
  const voxels = Array.from(roi.voxels, (p) => {
    const position = positionOf(roi, p);
    const level = levels[ranks[p] - 1];
    at.set(position.join(), level);
    return { position, level };
  });
  const levelAt = (position: number[]) => at.get(position.join());
  return { voxels, levelAt };
}

export function plus(a: readonly number[], b: readonly number[], times = 1): number[] {
  return a.map((x, axis) => x + times * b[axis]);
}

function positionOf({ size }: VoxelRoi, p: number): number[] {
  return [p % size[0], Math.floor(p / size[0]) % size[1], Math.floor(p / (size[0] * size[1]))];
}
