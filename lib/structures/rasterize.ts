import { type Finding, finding } from '../findings.ts';
import { boxOf, intersectBoxes, isEmptyBox } from '../image/box.ts';
import { type Grid, type Mask, voxelCount } from '../image/grid.ts';
import { countVoxels, cropMask, emptyMask } from '../image/mask.ts';
import { type SlicePlanes, slicePlanesOf } from '../image/slice-planes.ts';
import { addScaled, multiply, type Vec3 } from '../math/vec3.ts';
import { type ContourStack, pointOn, readContourPlanes } from '../rt/contours/contour-planes.ts';
import { planeGaps } from '../rt/contours/plane-gaps.ts';
import { offSlices } from '../rt/contours/slice-steps.ts';
import type { MaskStatus } from '../rt/roi-status.ts';
import type { Roi } from '../rt/structure-set.ts';
import { placeInFrame, tiltFindings } from './plane-stack.ts';
import { placeInGrid, reachOf } from './reach.ts';
import { fillStack } from './scanline.ts';
import { layOutSlabs, type StackWithSlabs } from './slabs.ts';

export interface RasterizeOptions {
  /** Contour planes further apart hold separate pieces; mm, 10. */
  maxGapMm?: number;
}

/** `empty`: nothing encloses a region; `too_small`: no voxel centre lies inside; `outside_image`: no overlap. */
export type RasterStatus = Extract<MaskStatus, 'ok' | 'empty' | 'too_small' | 'outside_image'>;

export interface RoiMask {
  mask: Mask;
  status: RasterStatus;
  findings: Finding[];
}

const MAX_GAP_MM = 10;

/**
 * The voxels of a grid whose centre lies inside the closed contours of a ROI: even-odd over all loops of a plane, so
 * that keyholes, nested holes and separate parts all count (PS3.3 C.8.8.6.3). A centre exactly on an edge counts when
 * the region lies on its side of higher index. Contours need not be parallel to the slices: a voxel belongs to the
 * contour plane in whose slab it lies, and is tested against that plane's loops along the plane's normal. A slab reaches
 * halfway to the neighbouring planes; `readContourPlanes` and `planeGaps` say which planes there are and where they end.
 */
export function maskOfRoi(roi: Roi, grid: Grid, options: RasterizeOptions = {}): RoiMask {
  const where = `ROI ${roi.number}`;
  const read = readContourPlanes(roi.contours, where);
  const findings = [...read.findings];
  if (read.planes.length === 0) {
    findings.push(finding('ROI_EMPTY', where, `"${roi.name}" has no contour that encloses a region`));
    return { mask: emptyMask(grid), status: 'empty', findings };
  }
  const { stack: placed, turned } = placeInFrame(read, grid);
  const slices = slicePlanesOf(grid);
  const gaps = planeGaps(
    read,
    { maxGapMm: options.maxGapMm ?? MAX_GAP_MM, singlePlaneMm: placed.stepMm, slices },
    where,
  );
  findings.push(...gaps.findings, ...tiltFindings(placed, where), ...offSliceFindings(read, slices, where));
  const stack = layOutSlabs(placed, gaps, turned);
  const places = placesOf(stack, grid);
  if (places.every(({ place }) => place === 'beyond')) {
    findings.push(finding('ROI_OUTSIDE_IMAGE', where, 'all contours are outside the image', places[0].atMm));
    return { mask: emptyMask(grid), status: 'outside_image', findings };
  }
  findings.push(...cutContours(places, where));
  const mask = fill(stack, grid);
  if (countVoxels(mask) > 0) return { mask: cropMask(mask), status: 'ok', findings };
  findings.push(finding('ROI_TOO_SMALL', where, 'no voxel centre lies inside the contours', pointOn(read.planes[0])));
  return { mask: emptyMask(grid), status: 'too_small', findings };
}

function offSliceFindings({ axes, planes }: ContourStack, slices: SlicePlanes, where: string): Finding[] {
  const off = offSlices(planes, axes.normal, slices);
  if (off.length === 0) return [];
  const message = `${off.length} of ${planes.length} contour planes lie between the slices of the image`;
  return [finding('CONTOURS_OFF_SLICES', where, message, pointOn(off[0]))];
}

/** How a contour lies to the image, and its first point, mm. */
interface Place {
  place: ReturnType<typeof placeInGrid>;
  atMm: Vec3;
}

/** @param stack its loops are in the frame of the grid */
function placesOf(stack: StackWithSlabs, grid: Grid): Place[] {
  const loops = stack.planes.flatMap((plane) => plane.loops);
  return loops.map((loop) => ({
    place: placeInGrid(loop, grid),
    atMm: addScaled(grid.originMm, 1, multiply(grid.direction, [loop[0], loop[1], loop[2]])),
  }));
}

function cutContours(places: Place[], where: string): Finding[] {
  const cut = places.filter(({ place }) => place !== 'inside');
  if (cut.length === 0) return [];
  const message = `${cut.length} of ${places.length} contours reach beyond the image and are cut there`;
  return [finding('CUT_BY_IMAGE_BORDER', where, message, cut[0].atMm)];
}

function fill(stack: StackWithSlabs, grid: Grid): Mask {
  const box = intersectBoxes(reachOf(stack, grid), boxOf(grid));
  if (isEmptyBox(box)) return emptyMask(grid);
  const mask: Mask = { grid, box, data: new Uint8Array(voxelCount(box)) };
  fillStack(mask, stack);
  return mask;
}
