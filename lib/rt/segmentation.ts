import type { ImagePlane } from './volumes/image-plane.ts';

/** A DICOM segmentation (PS3.3 A.51): segments, and the frames that paint them. */
export interface Segmentation {
  sopInstanceUid: string;
  frameOfReferenceUid: string;
  /** Series of the image that was segmented; '' when the object names none. */
  imageSeriesUid: string;
  segments: Segment[];
}

export interface Segment {
  /** SegmentNumber, from 1. */
  number: number;
  /** SegmentLabel. */
  name: string;
  /** Meaning of the coded property type: `Neoplasm`. */
  propertyType: string;
  /** MANUAL, SEMIAUTOMATIC, AUTOMATIC or ''. */
  algorithmType: string;
  /** None for a segment without voxels. */
  frames: SegmentFrame[];
}

/** The pixels of a segment in one plane. */
export interface SegmentFrame {
  plane: ImagePlane;
  rows: number;
  columns: number;
  /** 1 inside, row after row. */
  data: Uint8Array;
}
