import type { LevelImage } from '../region/levels.ts';
import { slicesOf, type VoxelRoi } from '../region/roi.ts';

/** One slice of a region as an image of its own. */
export interface SliceImage extends LevelImage {
  /** Where the slice starts in the box of the whole region. */
  start: number;
}

/**
 * The slices of a region that hold voxels. Their ranks are views of the region's, one voxel thick: neighbours within the
 * plane never leave it. Levels and their number stay those of the region, so that slices can be merged.
 */
export function sliceImages(whole: LevelImage): SliceImage[] {
  const [nx, ny] = whole.roi.size;
  const area = nx * ny;
  return slicesOf(whole.roi).map((slice) => {
    const start = area * Math.floor(slice.voxels[0] / area);
    const roi: VoxelRoi = {
      ...slice,
      size: [nx, ny, 1],
      voxels: slice.voxels.map((voxel) => voxel - start),
      spans: slice.spans.map((end) => end - start),
    };
    const ranks = whole.ranks.subarray(start, start + area);
    return { ...whole, roi, ranks, counts: voxelsOfRanks(ranks, roi, whole.levels.length), start };
  });
}

function voxelsOfRanks(ranks: Uint16Array, { voxels }: VoxelRoi, levels: number): Uint32Array {
  const counts = new Uint32Array(levels);
  for (let n = 0; n < voxels.length; n++) counts[ranks[voxels[n]] - 1]++;
  return counts;
}
