import { BadInput } from '../errors.ts';
import { finding } from '../findings.ts';
import type { Grid, Mask } from '../image/grid.ts';
import { countVoxels, emptyMask } from '../image/mask.ts';
import { resampleMask } from '../image/resample.ts';
import { onSameVoxels } from '../image/same-voxels.ts';
import { cross, dot, fromColumns, norm, subtract } from '../math/vec3.ts';
import type { Segment, SegmentFrame } from '../rt/segmentation.ts';
import type { RoiMask } from './rasterize.ts';

/** Part of a step by which planes may miss the places of even slices. */
const EVEN = 0.02;
/** Of an image of 1,024 x 1,024 pixels 2,048 slices. */
const MOST_VOXELS = 2 ** 31;
/** Millimetres or cosines by which two frames may differ and lie on one grid. */
const SAME = 1e-3;

/**
 * The voxels of an image that a segment paints. Where its pixels are voxels of the image, in whatever orientation, the
 * mask has exactly these; else a voxel counts whose centre lies in a painted pixel, and a finding says so.
 * @throws BadInput when the frames of the segment are no stack of parallel planes
 */
export function maskOfSegment(segment: Segment, grid: Grid): RoiMask {
  const where = `segment ${segment.number}`;
  const nothing = (status: RoiMask['status'], code: 'ROI_EMPTY' | 'ROI_OUTSIDE_IMAGE', message: string): RoiMask => ({
    mask: emptyMask(grid),
    status,
    findings: [finding(code, where, message)],
  });
  if (segment.frames.length === 0) return nothing('empty', 'ROI_EMPTY', `"${segment.name}" has no pixel`);
  const painted = ownMask(segment);
  const placed = onSameVoxels(painted, grid);
  const mask = placed?.mask ?? resampleMask(painted, grid);
  if (countVoxels(mask) === 0)
    return nothing('outside_image', 'ROI_OUTSIDE_IMAGE', 'all pixels of the segment lie outside the image');
  const findings = [];
  if (!placed)
    findings.push(
      finding(
        'SEGMENT_RESAMPLED',
        where,
        'its grid differs from that of the image: each voxel takes the nearest pixel',
      ),
    );
  else if (placed.lost > 0)
    findings.push(
      finding(
        'CUT_BY_IMAGE_BORDER',
        where,
        `${placed.lost} of its ${countVoxels(painted)} voxels lie outside the image`,
      ),
    );
  return { mask, status: 'ok', findings };
}

/** The segment on the grid that its own frames make: even slices, with empty ones between, where the planes allow it. */
function ownMask({ number, frames }: Segment): Mask {
  const [{ plane, rows, columns }] = frames;
  const normal = cross(plane.columnAxis, plane.rowAxis);
  const strange = frames.find((frame) => !isParallel(frame, frames[0]));
  if (strange) throw new BadInput(`the frames of segment ${number} differ in size, spacing or orientation`);
  const sorted = frames
    .map((frame) => ({ frame, mm: dot(subtract(frame.plane.positionMm, plane.positionMm), normal) }))
    .sort((a, b) => a.mm - b.mm);
  const gaps = sorted.slice(1).map(({ mm }, n) => mm - sorted[n].mm);
  if (gaps.some((gap) => gap < SAME)) throw new BadInput(`two frames of segment ${number} lie on one plane`);
  const step = gaps.length === 0 ? Math.min(...plane.pixelSpacingMm) : Math.min(...gaps);
  const places = sorted.map(({ mm }) => (mm - sorted[0].mm) / step);
  const isEven = places.every((place) => Math.abs(place - Math.round(place)) <= EVEN);
  const slices = isEven ? places.map(Math.round) : places.map((_, n) => n);
  const size: Grid['size'] = [columns, rows, slices[slices.length - 1] + 1];
  const grid: Grid = {
    size,
    originMm: sorted[0].frame.plane.positionMm,
    spacingMm: [...plane.pixelSpacingMm, step],
    direction: fromColumns(plane.columnAxis, plane.rowAxis, normal),
    ...(!isEven && { sliceOffsetsMm: Float64Array.from(sorted, ({ mm }) => mm - sorted[0].mm) }),
  };
  if (rows * columns * size[2] > MOST_VOXELS)
    throw new BadInput(`the frames of segment ${number} lie so far apart that they span ${size[2]} slices`);
  const data = new Uint8Array(rows * columns * size[2]);
  for (const [n, { frame }] of sorted.entries()) data.set(frame.data, rows * columns * slices[n]);
  return { grid, box: { start: [0, 0, 0], size }, data };
}

function isParallel(a: SegmentFrame, b: SegmentFrame): boolean {
  const [p, q] = [a.plane, b.plane];
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    norm(subtract(p.columnAxis, q.columnAxis)) < SAME &&
    norm(subtract(p.rowAxis, q.rowAxis)) < SAME &&
    p.pixelSpacingMm.every((mm, axis) => Math.abs(mm - q.pixelSpacingMm[axis]) < SAME)
  );
}
