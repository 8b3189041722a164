import type { DataSet } from '../dicom/data-set.ts';
import { isoDate } from './date-time.ts';

/** A series that a structure set was drawn on. */
export interface SeriesReference {
  seriesInstanceUid: string;
  studyInstanceUid: string;
  /** The frame of reference under which it is listed. */
  frameOfReferenceUid: string;
  /** As `imageReference` writes them. */
  instanceUids: string[];
}

export interface RoiHeader {
  number: number;
  name: string;
  /** RTROIInterpretedType: PTV, ORGAN, EXTERNAL, ... or ''. */
  interpretedType: string;
  /** ReferencedFrameOfReferenceUID or ''. */
  frameOfReferenceUid: string;
  /** Which of the set's `contourImages` its contours name. */
  imageIndices: number[];
  /** The box of its contour points, of a ROI that is a target by its type. */
  extent?: RoiExtent;
}

/** Least and greatest patient coordinates, mm. */
export interface RoiExtent {
  lowMm: number[];
  highMm: number[];
}

/** An RTSTRUCT without its contours: what decides to which images and course it belongs. */
export interface StructureSetHeader {
  sopInstanceUid: string;
  label: string;
  name: string;
  description: string;
  /** YYYY-MM-DD or ''. */
  date: string;
  approvalStatus: string;
  /** Frames of ReferencedFrameOfReferenceSequence and of the ROIs, then (0020,0052). */
  frameOfReferenceUids: string[];
  seriesReferences: SeriesReference[];
  /** Images that contours name, as `imageReference` writes them. */
  contourImages: string[];
  rois: RoiHeader[];
}

/** Read what an RTSTRUCT refers to and which ROIs it names: PS3.3 C.8.8.5. */
export function readStructureSetHeader(dataSet: DataSet): StructureSetHeader {
  const frames = dataSet.items('ReferencedFrameOfReferenceSequence');
  const rois = dataSet.items('StructureSetROISequence');
  const imagesOfRois = readContourImages(dataSet, rois);
  const indices = new Map(distinct(imagesOfRois.flat()).map((image, index) => [image, index]));
  const types = new Map(
    dataSet
      .items('RTROIObservationsSequence')
      .map((item) => [item.number('ReferencedROINumber'), item.text('RTROIInterpretedType').toUpperCase()]),
  );
  const contours = Map.groupBy(dataSet.items('ROIContourSequence'), (item) => item.number('ReferencedROINumber') ?? 0);
  return {
    sopInstanceUid: dataSet.text('SOPInstanceUID'),
    label: dataSet.text('StructureSetLabel'),
    name: dataSet.text('StructureSetName'),
    description: dataSet.text('SeriesDescription'),
    date: isoDate(dataSet.text('StructureSetDate')),
    approvalStatus: dataSet.text('ApprovalStatus').toUpperCase(),
    frameOfReferenceUids: distinct([
      ...frames.map((item) => item.text('FrameOfReferenceUID')),
      ...rois.map((item) => item.text('ReferencedFrameOfReferenceUID')),
      dataSet.text('FrameOfReferenceUID'),
    ]),
    seriesReferences: frames.flatMap((item) =>
      item.items('RTReferencedStudySequence').flatMap((study) => readStudyReference(study, item)),
    ),
    contourImages: [...indices.keys()],
    rois: rois.map((item, n) => {
      const number = item.number('ROINumber') ?? 0;
      const interpretedType = types.get(number) ?? '';
      const extent = TARGET_TYPES.includes(interpretedType) ? extentOf(contours.get(number)) : undefined;
      return {
        number,
        name: item.text('ROIName'),
        interpretedType,
        ...(extent && { extent }),
        frameOfReferenceUid: item.text('ReferencedFrameOfReferenceUID'),
        imageIndices: imagesOfRois[n].map((image) => indices.get(image)!),
      };
    }),
  };
}

/** Images that the contours of each ROI name. ROIs that share a number are matched in the order of the file. */
function readContourImages(dataSet: DataSet, rois: DataSet[]): string[][] {
  const numberOf = (item: DataSet) => item.number('ROINumber');
  const items = Map.groupBy(dataSet.items('ROIContourSequence'), (item) => item.number('ReferencedROINumber'));
  return rois.map((roi, n) => {
    const own = items.get(numberOf(roi)) ?? [];
    const sharers = rois.filter((other) => numberOf(other) === numberOf(roi));
    const taken = sharers.length > 1 ? own.slice(sharers.indexOf(rois[n]), sharers.indexOf(rois[n]) + 1) : own;
    const contours = taken.flatMap((item) => item.items('ContourSequence'));
    return distinct(contours.flatMap((contour) => contour.items('ContourImageSequence').flatMap(imageReferences)));
  });
}

const TARGET_TYPES = ['PTV', 'CTV', 'GTV'];

/** Undefined without points. */
function extentOf(items: DataSet[] = []): RoiExtent | undefined {
  const lowMm = [Infinity, Infinity, Infinity];
  const highMm = [-Infinity, -Infinity, -Infinity];
  for (const contour of items.flatMap((item) => item.items('ContourSequence'))) {
    contour.numbers('ContourData').forEach((value, n) => {
      lowMm[n % 3] = Math.min(lowMm[n % 3], value);
      highMm[n % 3] = Math.max(highMm[n % 3], value);
    });
  }
  return [...lowMm, ...highMm].every(Number.isFinite) ? { lowMm, highMm } : undefined;
}

function readStudyReference(study: DataSet, frame: DataSet): SeriesReference[] {
  return study.items('RTReferencedSeriesSequence').map((series) => ({
    seriesInstanceUid: series.text('SeriesInstanceUID'),
    studyInstanceUid: study.text('ReferencedSOPInstanceUID'),
    frameOfReferenceUid: frame.text('FrameOfReferenceUID'),
    instanceUids: series.items('ContourImageSequence').flatMap(imageReferences).filter(Boolean),
  }));
}

/** An image as references to it are compared: its SOP Instance UID, with `#3` for its third frame. */
export function imageReference(sopInstanceUid: string, frameNumber?: number): string {
  return frameNumber === undefined ? sopInstanceUid : `${sopInstanceUid}#${frameNumber}`;
}

function imageReferences(item: DataSet): string[] {
  const uid = item.text('ReferencedSOPInstanceUID');
  const frames = item.numbers('ReferencedFrameNumber').filter(Number.isFinite);
  return frames.length === 0 ? [uid] : frames.map((frame) => imageReference(uid, frame));
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts.filter(Boolean))];
}

/** The SOP Instance UID of what `imageReference` made. */
export function instanceOfReference(reference: string): string {
  return reference.split('#')[0];
}
