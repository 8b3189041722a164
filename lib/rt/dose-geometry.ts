import type { DataSet } from '../dicom/data-set.ts';
import { frameCount } from '../dicom/frame-count.ts';
import { BadInput } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import type { Grid } from '../image/grid.ts';
import { addScaled, cross, dot, fromColumns, norm, normalize, type Vec3 } from '../math/vec3.ts';

/** Where the frames of an RTDOSE lie: `frameOrder[k]` is the stored frame of slice k. */
export interface DoseGeometry {
  grid: Grid;
  frameOrder: number[];
  findings: Finding[];
}

/**
 * The grid of an RTDOSE (PS3.3 C.7.6.2 and C.8.8.3): any orientation, even or uneven frames. Frames are ordered so that
 * they ascend along the normal, the cross product of the row and the column direction.
 * @throws BadInput when position, orientation, spacing or frame offsets do not say where the dose is
 */
export function readDoseGeometry(dataSet: DataSet): DoseGeometry {
  const where = dataSet.text('SOPInstanceUID');
  const origin = triple(dataSet.numbers('ImagePositionPatient'), 'ImagePositionPatient', where);
  const [row, columnDirection, normal] = readDirections(dataSet, where);
  const [rowSpacing, columnSpacing] = dataSet.numbers('PixelSpacing');
  if (!(rowSpacing > 0 && columnSpacing > 0)) throw new BadInput('the dose has no PixelSpacing', { where });
  const frames = frameCount(dataSet);
  const { offsets, findings } = readFrameOffsets(dataSet, frames, dot(origin, normal), normal[2]);
  const frameOrder = Array.from(offsets.keys()).sort((a, b) => offsets[a] - offsets[b]);
  const ascending = frameOrder.map((frame) => offsets[frame] - offsets[frameOrder[0]]);
  requireDistinct(ascending, where);
  return {
    grid: {
      size: [dataSet.number('Columns') ?? 0, dataSet.number('Rows') ?? 0, frames],
      originMm: addScaled(origin, offsets[frameOrder[0]], normal),
      ...sliceSpacing(ascending, columnSpacing, rowSpacing, thicknessMm(dataSet, rowSpacing)),
      direction: fromColumns(row, columnDirection, normal),
      frameOfReferenceUid: dataSet.text('FrameOfReferenceUID') || undefined,
    },
    frameOrder,
    findings: isMonotone(offsets) ? findings : [...findings, finding('DOSE_FRAMES_UNORDERED', where, UNORDERED)],
  };
}

const UNORDERED = 'the frame offsets neither ascend nor descend; the frames are sorted by their offset';
const DIRECTION_TOLERANCE = 1e-3;

function readDirections(dataSet: DataSet, where: string): [Vec3, Vec3, Vec3] {
  const cosines = dataSet.numbers('ImageOrientationPatient');
  const row = triple(cosines.slice(0, 3), 'ImageOrientationPatient', where);
  const along = triple(cosines.slice(3, 6), 'ImageOrientationPatient', where);
  const skew = Math.max(Math.abs(norm(row) - 1), Math.abs(norm(along) - 1), Math.abs(dot(row, along)));
  if (!(skew < DIRECTION_TOLERANCE)) throw new BadInput('the dose directions are not orthonormal', { where });
  const unitRow = normalize(row);
  const unitColumn = normalize(addScaled(along, -dot(along, unitRow), unitRow));
  return [unitRow, unitColumn, cross(unitRow, unitColumn)];
}

interface FrameOffsets {
  offsets: number[];
  findings: Finding[];
}

/**
 * Distances of the frames from ImagePositionPatient along the normal. GridFrameOffsetVector holds offsets when it starts
 * with 0, and patient coordinates of the planes when it starts with that of ImagePositionPatient (C.8.8.3.2).
 */
function readFrameOffsets(dataSet: DataSet, frames: number, level: number, normalZ: number): FrameOffsets {
  const where = dataSet.text('SOPInstanceUID');
  const written = dataSet.numbers('GridFrameOffsetVector');
  const excess = `${written.length} frame offsets for ${frames} frames`;
  if (written.length > 0 && written.length < frames) throw new BadInput(excess, { where });
  const findings =
    written.length > frames ? [finding('DOSE_FRAME_COUNT', where, `${excess}; the first ones are used`)] : [];
  if (frames === 1) return { offsets: [0], findings };
  if (written.length === 0) return evenOffsets(dataSet, frames);
  const offsets = written.slice(0, frames);
  if (!offsets.every(Number.isFinite)) throw new BadInput('frame offsets are not numbers', { where });
  if (offsets[0] === 0) return { offsets, findings };
  const z = dataSet.numbers('ImagePositionPatient')[2];
  if (Math.abs(normalZ) > 1 - DIRECTION_TOLERANCE && Math.abs(offsets[0] - z) < SAME_PLANE_MM)
    return { offsets: offsets.map((offset) => (offset - z) * Math.sign(normalZ)), findings };
  const message =
    Math.abs(offsets[0] - level) < SAME_PLANE_MM
      ? 'frame offsets are positions along the normal of oblique frames; they are read as such'
      : `frame offsets start at ${offsets[0]}, which is neither 0 nor the position of the dose; the first frame is assumed to lie there`;
  return {
    offsets: offsets.map((offset) => offset - offsets[0]),
    findings: [...findings, finding('DOSE_FRAME_OFFSETS_UNUSUAL', where, message)],
  };
}

const SAME_PLANE_MM = 0.01;

function evenOffsets(dataSet: DataSet, frames: number): FrameOffsets {
  const where = dataSet.text('SOPInstanceUID');
  const gap = dataSet.number('SpacingBetweenSlices') ?? dataSet.number('SliceThickness');
  if (!gap) throw new BadInput('the dose has several frames but does not state their distance', { where });
  const message = `no frame offsets; a distance of ${gap} mm between frames is assumed`;
  return {
    offsets: Array.from({ length: frames }, (_, k) => k * gap),
    findings: [finding('DOSE_WITHOUT_FRAME_OFFSETS', where, message)],
  };
}

const EVEN_TOLERANCE_MM = 1e-3;

function sliceSpacing(
  ascending: number[],
  columnSpacing: number,
  rowSpacing: number,
  single: number,
): Pick<Grid, 'spacingMm' | 'sliceOffsetsMm'> {
  const last = ascending.length - 1;
  if (last === 0) return { spacingMm: [columnSpacing, rowSpacing, single] };
  const even = ascending[last] / last;
  if (ascending.every((offset, k) => Math.abs(offset - k * even) < EVEN_TOLERANCE_MM))
    return { spacingMm: [columnSpacing, rowSpacing, even] };
  const gaps = ascending.slice(1).map((offset, k) => offset - ascending[k]);
  const median = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  return { spacingMm: [columnSpacing, rowSpacing, median], sliceOffsetsMm: Float64Array.from(ascending) };
}

/** What a single frame stands for. */
function thicknessMm(dataSet: DataSet, fallback: number): number {
  const thickness = dataSet.number('SliceThickness') ?? 0;
  return thickness > 0 ? thickness : fallback;
}

function requireDistinct(ascending: number[], where: string): void {
  const repeated = ascending.findIndex((offset, k) => k > 0 && !(offset - ascending[k - 1] > 1e-4));
  if (repeated >= 0) throw new BadInput('two dose frames lie on the same plane', { where });
}

function isMonotone(offsets: number[]): boolean {
  const sign = Math.sign(offsets[offsets.length - 1] - offsets[0]);
  return offsets.every((offset, k) => k === 0 || Math.sign(offset - offsets[k - 1]) === sign);
}

function triple(values: number[], keyword: string, where: string): Vec3 {
  if (values.length !== 3 || !values.every(Number.isFinite))
    throw new BadInput(`the dose has no usable ${keyword}`, { where });
  return [values[0], values[1], values[2]];
}
