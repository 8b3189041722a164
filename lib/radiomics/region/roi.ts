import { boundingBox } from '../../image/box.ts';
import type { Mask } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { float64At, kernels, place } from '../kernels/kernels.ts';

/**
 * The voxels of a region, in a box of their own with a margin of background on all sides, so that a neighbour at up to
 * `margin` voxels is read without any test of the borders. Built once per region; every image type and every slice
 * uses it again. Voxels are in raster order everywhere: i fastest, then j, then k.
 */
export interface VoxelRoi {
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
export function roiOf(mask: Mask, margin: number): VoxelRoi {
  const tight = boundingBox(mask);
  const size: Vec3 = [tight.size[0] + 2 * margin, tight.size[1] + 2 * margin, tight.size[2] + 2 * margin];
  const [bx, by] = mask.box.size;
  const [nx, ny] = mask.grid.size;
  const [di, dj, dk] = tight.start.map((first, axis) => first - mask.box.start[axis]);
  const spans: number[] = [];
  const imageStarts: number[] = [];
  for (let k = 0; k < tight.size[2]; k++) {
    for (let j = 0; j < tight.size[1]; j++) {
      const from = di + bx * (dj + j + by * (dk + k));
      const to = margin + size[0] * (j + margin + size[1] * (k + margin));
      const image = tight.start[0] + nx * (tight.start[1] + j + ny * (tight.start[2] + k));
      findSpans(mask.data.subarray(from, from + tight.size[0]), to, image, spans, imageStarts);
    }
  }
  const { voxels, imageVoxels } = listVoxels(spans, imageStarts);
  return { size, margin, spacingMm: [...mask.grid.spacingMm], voxels, imageVoxels, spans: Int32Array.from(spans) };
}

function findSpans(row: Uint8Array, to: number, image: number, spans: number[], imageStarts: number[]): void {
  for (let i = 0; i < row.length; i++) {
    if (row[i] === 0) continue;
    const start = i;
    while (i < row.length && row[i] !== 0) i++;
    spans.push(to + start, to + i);
    imageStarts.push(image + start);
  }
}

function listVoxels(spans: number[], imageStarts: number[]): Pick<VoxelRoi, 'voxels' | 'imageVoxels'> {
  let count = 0;
  for (let s = 0; s < spans.length; s += 2) count += spans[s + 1] - spans[s];
  const voxels = new Int32Array(count);
  const imageVoxels = new Int32Array(count);
  for (let s = 0, n = 0; s < imageStarts.length; s++) {
    const length = spans[2 * s + 1] - spans[2 * s];
    countUp(voxels, n, length, spans[2 * s]);
    countUp(imageVoxels, n, length, imageStarts[s]);
    n += length;
  }
  return { voxels, imageVoxels };
}

function countUp(numbers: Int32Array, at: number, length: number, first: number): void {
  for (let n = 0; n < length; n++) numbers[at + n] = first + n;
}

/** The slices of a region that contain voxels, each as a region in the same box: for slice-by-slice textures. */
export function slicesOf(roi: VoxelRoi): VoxelRoi[] {
  const area = roi.size[0] * roi.size[1];
  const slices: VoxelRoi[] = [];
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
export function valuesOf(roi: VoxelRoi, image: ArrayLike<number>): Float64Array {
  const values = new Float64Array(roi.imageVoxels.length);
  for (let n = 0; n < values.length; n++) values[n] = image[roi.imageVoxels[n]];
  return values;
}

/** Their sum is finite when they are, unless they are beyond all images. */
export function countNonFinite(values: Float64Array): number {
  const [at, sumsAt] = place(values, [32]);
  kernels().sumValues(at, values.length, 0, sumsAt);
  if (Number.isFinite(float64At(sumsAt, 4)[2])) return 0;
  let count = 0;
  for (let n = 0; n < values.length; n++) if (!Number.isFinite(values[n])) count++;
  return count;
}

export function voxelVolumeMm3({ spacingMm }: { spacingMm: Vec3 }): number {
  return spacingMm[0] * spacingMm[1] * spacingMm[2];
}
