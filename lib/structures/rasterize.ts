import { type Finding, finding } from '../findings.ts';
import { boxOf, intersectBoxes, isEmptyBox, uniteBoxes } from '../image/box.ts';
import { type Grid, type Mask, voxelCount } from '../image/grid.ts';
import { countVoxels, cropMask, emptyMask } from '../image/mask.ts';
import type { Contour, Roi } from '../rt/structure-set.ts';
import { type PlaneStack, stackContours } from './plane-stack.ts';
import { placeInGrid, reachOf } from './reach.ts';
import { fillStack } from './scanline.ts';
import { layOutSlabs, type StackWithSlabs } from './slabs.ts';

export interface RasterizeOptions {
  /** Gaps between neighbouring contour planes up to this are filled when the ROI is drawn that coarsely; mm, 10. */
  maxFilledGapMm?: number;
}

/** `empty`: nothing encloses a region; `too_small`: no voxel centre lies inside; `outside_image`: no overlap. */
export type MaskStatus = 'ok' | 'empty' | 'too_small' | 'outside_image';

export interface RoiMask {
  mask: Mask;
  status: MaskStatus;
  findings: Finding[];
}

const MAX_FILLED_GAP_MM = 10;

/**
 * The voxels of a grid whose centre lies inside the closed contours of a ROI: even-odd over all loops of a plane, so
 * that keyholes, nested holes and separate parts all count (PS3.3 C.8.8.6.3). A centre exactly on an edge counts when
 * the region lies on its side of higher index. Contours need not be parallel to the slices: a voxel belongs to the
 * contour plane in whose slab it lies, and is tested against that plane's loops along the plane's normal. A slab reaches
 * halfway to the neighbouring planes; see `layOutSlabs` for gaps and ends.
 */
export function maskOfRoi(roi: Roi, grid: Grid, options: RasterizeOptions = {}): RoiMask {
  const where = `ROI ${roi.number}`;
  const closed = roi.contours.filter(enclosesRegion);
  if (closed.length === 0) {
    const empty = finding('ROI_EMPTY', where, `"${roi.name}" has no closed contour`);
    return { mask: emptyMask(grid), status: 'empty', findings: [empty] };
  }
  const findings: Finding[] = [];
  const stacks = stackContours(closed, grid, where, findings).map((stack) =>
    layOutSlabs(stack, grid, options.maxFilledGapMm ?? MAX_FILLED_GAP_MM, where, findings),
  );
  const places = placesOf(stacks, grid);
  if (places.every((place) => place === 'beyond')) {
    findings.push(finding('ROI_OUTSIDE_IMAGE', where, 'all contours lie outside the image'));
    return { mask: emptyMask(grid), status: 'outside_image', findings };
  }
  findings.push(...cutContours(places, where));
  const mask = fillStacks(stacks, grid);
  if (countVoxels(mask) > 0) return { mask: cropMask(mask), status: 'ok', findings };
  findings.push(finding('ROI_TOO_SMALL', where, 'no voxel centre lies inside the contours'));
  return { mask: emptyMask(grid), status: 'too_small', findings };
}

function enclosesRegion(contour: Contour): boolean {
  const closed = contour.type === 'CLOSED_PLANAR' || contour.type === 'CLOSEDPLANAR_XOR';
  return closed && contour.pointsMm.length >= 9;
}

type Place = ReturnType<typeof placeInGrid>;

function placesOf(stacks: PlaneStack[], grid: Grid): Place[] {
  return stacks.flatMap(({ planes }) => planes.flatMap(({ loops }) => loops.map((loop) => placeInGrid(loop, grid))));
}

function cutContours(places: Place[], where: string): Finding[] {
  const cut = places.filter((place) => place !== 'inside').length;
  if (cut === 0) return [];
  const message = `${cut} of ${places.length} contours reach outside the image and are cut there`;
  return [finding('ROI_PARTLY_OUTSIDE_IMAGE', where, message)];
}

function fillStacks(stacks: StackWithSlabs[], grid: Grid): Mask {
  const reach = stacks.map((stack) => reachOf(stack, grid)).reduce(uniteBoxes);
  const box = intersectBoxes(reach, boxOf(grid));
  if (isEmptyBox(box)) return emptyMask(grid);
  const mask: Mask = { grid, box, data: new Uint8Array(voxelCount(box)) };
  for (const stack of stacks) fillStack(mask, stack);
  return mask;
}
