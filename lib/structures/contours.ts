import { type Grid, indexToPatient, type Mask } from '../image/grid.ts';
import { sliceThicknessesMm } from '../image/slice-thickness.ts';
import type { Contour } from '../rt/structure-set.ts';
import { joinHoles } from './keyholes.ts';
import { smoothLoop } from './smooth-loop.ts';
import { traceEdges } from './trace-edges.ts';

/** `voxel`: along the sides of voxels; `smooth`: through the middles of their sides, with fewer points. */
export type ContourStyle = 'voxel' | 'smooth';

/**
 * The closed planar contours of a mask, slice by slice, along the faces between voxels inside and outside. A hole is
 * part of the loop around it, at the end of a channel of no width. Each states its slice's thickness, so that `maskOfRoi`
 * on the same grid gives the same voxels whatever slices are empty.
 * Smooth contours enclose the same voxel centres; a slice with a hole keeps the sides of voxels.
 * @param imageUidOfSlice SOP Instance UID of slice k, where the grid belongs to an image series
 */
export function contoursOfMask(
  mask: Mask,
  imageUidOfSlice?: (k: number) => string | undefined,
  style: ContourStyle = 'voxel',
): Contour[] {
  const { grid, box } = mask;
  const [width, height, depth] = box.size;
  const thicknesses = sliceThicknessesMm(grid);
  const contours: Contour[] = [];
  for (let dk = 0; dk < depth; dk++) {
    const layer = mask.data.subarray(dk * width * height, (dk + 1) * width * height);
    const k = box.start[2] + dk;
    const imageUid = imageUidOfSlice?.(k);
    for (const loop of loopsOf(layer, width, height, style)) {
      contours.push({
        type: 'CLOSED_PLANAR',
        pointsMm: toPatient(loop, grid, box.start[0], box.start[1], k),
        imageUids: imageUid === undefined ? [] : [imageUid],
        slabThicknessMm: thicknesses[k],
      });
    }
  }
  return contours;
}

function loopsOf(layer: Uint8Array, width: number, height: number, style: ContourStyle): number[][] {
  const edges = traceEdges(layer, width, height);
  const joined = joinHoles(edges);
  return style === 'smooth' && joined.length === edges.length ? joined.map(smoothLoop) : joined;
}

/** Corner (x, y) of a layer is half a voxel before the centre of voxel (x, y). */
function toPatient(loop: number[], grid: Grid, startI: number, startJ: number, k: number): Float64Array {
  const points = new Float64Array((loop.length / 2) * 3);
  for (let c = 0, p = 0; c < loop.length; c += 2, p += 3)
    points.set(indexToPatient(grid, [startI + loop[c] - 0.5, startJ + loop[c + 1] - 0.5, k]), p);
  return points;
}
