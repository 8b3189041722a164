import type { DataSet } from '../dicom/data-set.ts';
import { isoDate } from './date-time.ts';

/** A series that a structure set was drawn on. */
export interface SeriesReference {
  seriesInstanceUid: string;
  studyInstanceUid: string;
  instanceUids: string[];
}

export interface RoiHeader {
  number: number;
  name: string;
  /** RTROIInterpretedType: PTV, ORGAN, EXTERNAL, ... or ''. */
  interpretedType: string;
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
  rois: RoiHeader[];
}

/** Read what an RTSTRUCT refers to and which ROIs it names: PS3.3 C.8.8.5. */
export function readStructureSetHeader(dataSet: DataSet): StructureSetHeader {
  const frames = dataSet.items('ReferencedFrameOfReferenceSequence');
  const rois = dataSet.items('StructureSetROISequence');
  const types = new Map(
    dataSet
      .items('RTROIObservationsSequence')
      .map((item) => [item.number('ReferencedROINumber'), item.text('RTROIInterpretedType').toUpperCase()]),
  );
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
    seriesReferences: frames.flatMap((item) => item.items('RTReferencedStudySequence').flatMap(readStudyReference)),
    rois: rois.map((item) => {
      const number = item.number('ROINumber') ?? 0;
      return { number, name: item.text('ROIName'), interpretedType: types.get(number) ?? '' };
    }),
  };
}

function readStudyReference(study: DataSet): SeriesReference[] {
  return study.items('RTReferencedSeriesSequence').map((series) => ({
    seriesInstanceUid: series.text('SeriesInstanceUID'),
    studyInstanceUid: study.text('ReferencedSOPInstanceUID'),
    instanceUids: series
      .items('ContourImageSequence')
      .map((image) => image.text('ReferencedSOPInstanceUID'))
      .filter(Boolean),
  }));
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts.filter(Boolean))];
}
