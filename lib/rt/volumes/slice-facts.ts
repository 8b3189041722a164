import type { ImagePlane } from './image-plane.ts';
import type { SliceMarks } from './slice-marks.ts';

/** What decides to which volume of its series an image, or a frame of one, belongs. */
export interface SliceFacts extends ImagePlane {
  sopInstanceUid: string;
  /** From 0. */
  frame: number;
  rows: number;
  columns: number;
  thicknessMm: number | undefined;
  frameOfReferenceUid: string;
  /** ImageType or FrameType. */
  imageType: string[];
  marks: SliceMarks;
}

/** One volume of a series: images of one size, orientation and frame of reference, one at each place. */
export interface SliceVolume<S extends SliceFacts = SliceFacts> {
  /** Ascending along the normal. */
  slices: S[];
  /** What tells it from the others of its series: `AcquisitionNumber 2`; '' when it is alone. */
  label: string;
  /** Counts the planes of the series: volumes of one plane have the same size, orientation and frame. */
  plane: number;
  isLocalizer: boolean;
  /** Images that lie where another one does although no attribute tells them apart. */
  untold: number;
}

/** Scout views share the series of some scanners (ImageType value 3, PS3.3 C.8.2.1.1.1). */
export function isLocalizer({ imageType }: Pick<SliceFacts, 'imageType'>): boolean {
  return imageType.includes('LOCALIZER') && !imageType.includes('AXIAL');
}
