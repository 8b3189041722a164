import type { DataSet } from '../dicom/data-set.ts';
import { functionalGroups } from '../dicom/functional-groups.ts';
import { decodeFrames, type StoredValues } from '../dicom/pixels.ts';
import { BadInput } from '../errors.ts';
import { sliceFactsOf } from './image-slice.ts';
import type { Segment, Segmentation, SegmentFrame } from './segmentation.ts';

/** A fraction from here on counts as inside (FRACTIONAL: probability or share of the voxel). */
const INSIDE_FRACTION = 0.5;

/** SegmentNumber of what is no segment in a LABELMAP. */
const BACKGROUND = 0;

/**
 * The segments of a DICOM segmentation: BINARY (one bit a pixel), FRACTIONAL (cut at one half) or LABELMAP (pixels hold
 * segment numbers; PS3.3 C.8.20.2).
 * @throws BadInput when a frame does not say where it lies or which segment it paints, or pixel data are broken
 */
export async function readSegmentation(dataSet: DataSet): Promise<Segmentation> {
  const where = dataSet.text('SOPInstanceUID');
  const type = dataSet.text('SegmentationType');
  if (!['BINARY', 'FRACTIONAL', 'LABELMAP'].includes(type))
    throw new BadInput(`the segmentation type "${type}" is not BINARY, FRACTIONAL or LABELMAP`, { where });
  const planes = planesOf(dataSet, where);
  const { data } = await decodeFrames(dataSet);
  const segments = dataSet
    .items('SegmentSequence')
    .map(segmentOf)
    .filter(({ number }) => number !== BACKGROUND);
  if (segments.length === 0) throw new BadInput('the segmentation lists no segment', { where });
  for (const segment of segments) segment.frames = paintedFrames(dataSet, type, segment.number, planes, data);
  return {
    sopInstanceUid: where,
    frameOfReferenceUid: dataSet.text('FrameOfReferenceUID'),
    imageSeriesUid: dataSet.items('ReferencedSeriesSequence')[0]?.text('SeriesInstanceUID') ?? '',
    segments,
  };
}

type Plane = Omit<SegmentFrame, 'data'>;

function planesOf(dataSet: DataSet, where: string): Plane[] {
  return sliceFactsOf(dataSet).map((facts, frame) => {
    if (!facts) throw new BadInput(`frame ${frame + 1} has no position, orientation or pixel spacing`, { where });
    const { positionMm, columnAxis, rowAxis, pixelSpacingMm, rows, columns } = facts;
    return { plane: { positionMm, columnAxis, rowAxis, pixelSpacingMm }, rows, columns };
  });
}

function segmentOf(item: DataSet): Segment {
  const number = item.number('SegmentNumber') ?? 0;
  return {
    number,
    name: item.text('SegmentLabel') || `segment ${number}`,
    propertyType: item.items('SegmentedPropertyTypeCodeSequence')[0]?.text('CodeMeaning') ?? '',
    algorithmType: item.text('SegmentAlgorithmType'),
    frames: [],
  };
}

/** The frames on which the segment has pixels. */
function paintedFrames(
  dataSet: DataSet,
  type: string,
  segment: number,
  planes: Plane[],
  values: StoredValues,
): SegmentFrame[] {
  const groups = functionalGroups(dataSet);
  const least = INSIDE_FRACTION * (dataSet.number('MaximumFractionalValue') ?? 255);
  const isInside = {
    BINARY: (value: number) => value !== 0,
    FRACTIONAL: (value: number) => value >= least,
    LABELMAP: (value: number) => value === segment,
  }[type as 'BINARY' | 'FRACTIONAL' | 'LABELMAP'];
  return planes.flatMap((plane, frame) => {
    const painted = groups(frame, 'SegmentIdentificationSequence')?.number('ReferencedSegmentNumber');
    if (type !== 'LABELMAP' && painted === undefined)
      throw new BadInput(`frame ${frame + 1} does not say which segment it paints`, {
        where: dataSet.text('SOPInstanceUID'),
      });
    if (type !== 'LABELMAP' && painted !== segment) return [];
    const pixels = plane.rows * plane.columns;
    const data = new Uint8Array(pixels);
    let count = 0;
    for (let p = 0; p < pixels; p++) if (isInside(values[frame * pixels + p])) count += data[p] = 1;
    return count === 0 ? [] : [{ ...plane, data }];
  });
}
