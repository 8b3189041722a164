import type { DicomJson } from '../../dicom/write.ts';
import type { Grid } from '../../image/grid.ts';
import { indexToPatient } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { Solid } from '../solid.ts';
import { identityModules, type PhantomSeries, reference } from './identity.ts';
import type { PhantomImage } from './image.ts';

/** A region of interest: a solid cut at the slices of the image, or a point, or nothing at all. */
export interface PhantomRoi {
  number: number;
  name: string;
  /** RTROIInterpretedType, PS3.3 C.8.8.8.1 */
  interpretedType: string;
  colorRgb: [number, number, number];
  solid?: Solid;
  pointMm?: Vec3;
  /** The image that it is drawn on; absent: that of the set. */
  image?: PhantomImage;
}

export interface PhantomStructureSet {
  series: PhantomSeries;
  uid: string;
  label: string;
  image: PhantomImage;
  rois: PhantomRoi[];
  chordMm: number;
  approved: boolean;
}

/** An RT structure set (PS3.3 A.19) whose contours lie in the slices of an axial image. */
export function structureSet(set: PhantomStructureSet): DicomJson {
  const { series, image } = set;
  return {
    ...identityModules(series, 'rtStructureSet', set.uid),
    Modality: 'RTSTRUCT',
    FrameOfReferenceUID: series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    StructureSetLabel: set.label,
    StructureSetDate: series.study.date,
    StructureSetTime: '100000',
    ReferencedFrameOfReferenceSequence: [referencedFrame(image)],
    StructureSetROISequence: set.rois.map((roi) => ({
      ROINumber: roi.number,
      ReferencedFrameOfReferenceUID: image.series.frameOfReferenceUid,
      ROIName: roi.name,
      ROIGenerationAlgorithm: 'MANUAL',
    })),
    ROIContourSequence: set.rois.map((roi) => roiContour(roi, roi.image ?? image, set.chordMm)),
    RTROIObservationsSequence: set.rois.map((roi) => ({
      ObservationNumber: roi.number,
      ReferencedROINumber: roi.number,
      RTROIInterpretedType: roi.interpretedType,
      ROIInterpreter: '',
    })),
    ApprovalStatus: set.approved ? 'APPROVED' : 'UNAPPROVED',
    ...(set.approved && { ReviewDate: series.study.date, ReviewTime: '110000', ReviewerName: 'Reviewer^Demo' }),
  };
}

function referencedFrame(image: PhantomImage): DicomJson {
  const { series } = image;
  return {
    FrameOfReferenceUID: series.frameOfReferenceUid,
    RTReferencedStudySequence: [
      {
        // The detached study management class, retired, which RT objects still name: PS3.3 C.8.8.5.4.
        ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.1',
        ReferencedSOPInstanceUID: series.study.uid,
        RTReferencedSeriesSequence: [
          {
            SeriesInstanceUID: series.uid,
            ContourImageSequence: image.sliceUids.map((uid) => reference(image.kind, uid)),
          },
        ],
      },
    ],
  };
}

function roiContour(roi: PhantomRoi, image: PhantomImage, chordMm: number): DicomJson {
  const contours = roi.pointMm ? [point(roi.pointMm)] : sliceContours(roi.solid, image, chordMm);
  return {
    ROIDisplayColor: roi.colorRgb,
    ReferencedROINumber: roi.number,
    ...(contours.length > 0 && { ContourSequence: contours.map((c, index) => ({ ContourNumber: index + 1, ...c })) }),
  };
}

function point(pointMm: Vec3): DicomJson {
  return { ContourGeometricType: 'POINT', NumberOfContourPoints: 1, ContourData: pointMm };
}

function sliceContours(solid: Solid | undefined, image: PhantomImage, chordMm: number): DicomJson[] {
  if (!solid) return [];
  return slicePlanes(image.grid).flatMap((z, k) =>
    solid.section(z, chordMm).map((loop) => ({
      ContourImageSequence: [reference(image.kind, image.sliceUids[k])],
      ContourGeometricType: 'CLOSED_PLANAR',
      NumberOfContourPoints: loop.length / 2,
      ContourData: contourData(loop, z),
    })),
  );
}

function slicePlanes(grid: Grid): number[] {
  return Array.from({ length: grid.size[2] }, (_, k) => indexToPatient(grid, [0, 0, k])[2]);
}

/** Micrometres are finer than any planning system draws and keep the file small. */
function contourData(loop: Float64Array, z: number): number[] {
  const data: number[] = [];
  for (let i = 0; i < loop.length; i += 2) data.push(toMicrometre(loop[i]), toMicrometre(loop[i + 1]), toMicrometre(z));
  return data;
}

function toMicrometre(mm: number): number {
  return Math.round(mm * 1000) / 1000;
}
