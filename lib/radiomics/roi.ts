import type { Grid, Mask } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';

/**
 * The voxels of a region, in a box of their own with a margin of background on all sides, so that a neighbour at up to
 * `margin` voxels is read without any test of the borders. Built once per region; every image type and every slice
 * uses it again. Voxels are in raster order everywhere: i fastest, then j, then k.
 */
export interface Roi {
  /** Columns, rows and slices of the box, margin included. */
  size: Vec3;
  margin: number;
  spacingMm: Vec3;
  /** Index of each voxel in the box, ascending. */
  voxels: Int32Array;
  /** Index of each voxel in the image that the region was taken from. */
  imageVoxels: Int32Array;
  /** Start and end (exclusive) in the box of every gapless stretch of voxels along i. */
  spans: Int32Array;
}

/** A region of `mask`, whose grid is the image's, with room for neighbours at up to `margin` voxels. */
export function roiOf(mask: Mask, margin: number): Roi {
  const bounds = tightBounds(mask);
  const size: Vec3 = [bounds[3] + 2 * margin, bounds[4] + 2 * margin, bounds[5] + 2 * margin];
  const voxels = new Int32Array(bounds[6]);
  const imageVoxels = new Int32Array(bounds[6]);
  const spans: number[] = [];
  const [bx, by] = mask.box.size;
  const [nx, ny] = mask.grid.size;
  const [x0, y0, z0] = mask.box.start;
  let n = 0;
  for (let k = 0; k < bounds[5]; k++) {
    for (let j = 0; j < bounds[4]; j++) {
      const from = bounds[0] + bx * (bounds[1] + j + by * (bounds[2] + k));
      const to = margin + size[0] * (j + margin + size[1] * (k + margin));
      const image = bounds[0] + x0 + nx * (bounds[1] + y0 + j + ny * (bounds[2] + z0 + k));
      for (let i = 0; i < bounds[3]; i++) {
        if (mask.data[from + i] === 0) continue;
        if (i === 0 || mask.data[from + i - 1] === 0) spans.push(to + i, to + i);
        spans[spans.length - 1] = to + i + 1;
        voxels[n] = to + i;
        imageVoxels[n++] = image + i;
      }
    }
  }
  return { size, margin, spacingMm: [...mask.grid.spacingMm], voxels, imageVoxels, spans: Int32Array.from(spans) };
}

/** The slices of a region that hold voxels, each as a region of its own in the same box: for slice-by-slice textures. */
export function slicesOf(roi: Roi): Roi[] {
  const area = roi.size[0] * roi.size[1];
  const slices: Roi[] = [];
  let voxel = 0;
  let span = 0;
  while (voxel < roi.voxels.length) {
    const end = (Math.floor(roi.voxels[voxel] / area) + 1) * area;
    const firstVoxel = voxel;
    const firstSpan = span;
    while (voxel < roi.voxels.length && roi.voxels[voxel] < end) voxel++;
    while (span < roi.spans.length && roi.spans[span] < end) span += 2;
    slices.push({
      ...roi,
      voxels: roi.voxels.subarray(firstVoxel, voxel),
      imageVoxels: roi.imageVoxels.subarray(firstVoxel, voxel),
      spans: roi.spans.subarray(firstSpan, span),
    });
  }
  return slices;
}

/** Values of the region's voxels in an image of the grid that the region was taken from. */
export function valuesOf(roi: Roi, image: ArrayLike<number>): Float64Array {
  const values = new Float64Array(roi.imageVoxels.length);
  for (let n = 0; n < values.length; n++) values[n] = image[roi.imageVoxels[n]];
  return values;
}

export function voxelVolumeMm3(grid: Pick<Grid, 'spacingMm'>): number {
  return grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2];
}

/** First index (3), size (3) of the voxels set in the mask's box, and their number. All zero for an empty mask. */
export function tightBounds(mask: Mask): [number, number, number, number, number, number, number] {
  const [bx, by, bz] = mask.box.size;
  const low = [bx, by, bz];
  const high = [-1, -1, -1];
  let count = 0;
  for (let k = 0, p = 0; k < bz; k++) {
    for (let j = 0; j < by; j++) {
      let first = -1;
      let last = -1;
      for (let i = 0; i < bx; i++, p++) {
        if (mask.data[p] === 0) continue;
        if (first < 0) first = i;
        last = i;
        count++;
      }
      if (first < 0) continue;
      if (first < low[0]) low[0] = first;
      if (last > high[0]) high[0] = last;
      if (j < low[1]) low[1] = j;
      if (j > high[1]) high[1] = j;
      if (k < low[2]) low[2] = k;
      high[2] = k;
    }
  }
  if (count === 0) return [0, 0, 0, 0, 0, 0, 0];
  return [low[0], low[1], low[2], high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1, count];
}
