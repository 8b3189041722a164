import type { Mask, Volume } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';

export type Plane = 'axial' | 'coronal' | 'sagittal';

/** The pictures of a course as they lie in its folder: what a page needs to draw them, and no voxels. */
export interface CoursePictures {
  images: ImagePictures[];
}

/** The pictures on one image of the course. */
export interface ImagePictures {
  seriesUid: string;
  modality: string;
  /** What grey 0 and 255 stand for; HU are spread as `GREY_OF_HU` says. */
  grey: { unit: 'HU' } | { unit: ''; low: number; high: number };
  pictures: Picture[];
  /** What could not be drawn on this image, in words. */
  notes: string[];
}

/** A plane through the patient. Paths and pictures are in pixels from the corner at the top left. */
export interface Picture {
  plane: Plane;
  /** Why it is shown: `centre of PTV`, `hottest point, 74.2 Gy`. */
  reasons: string[];
  /** Along the patient axis that the plane stands on (DICOM LPS): x of a sagittal, y of a coronal, z of an axial plane. */
  positionMm: number;
  width: number;
  height: number;
  /** Of a pixel, the same both ways. */
  pixelMm: number;
  /** PNG in base64, grey. */
  image: string;
  doses: DoseOverlay[];
  outlines: Outline[];
}

export interface DoseOverlay {
  doseUid: string;
  /** 100 % of the isodoses and of the colours. */
  referenceGy: number;
  /** PNG in base64, coloured and transparent, over the whole picture. */
  wash: string;
  isodoses: { doseGy: number; path: string }[];
}

/** Where a structure meets the plane: an SVG path of closed lines. */
export interface Outline extends PicturedRoi {
  path: string;
}

/** What tells a structure of a course from all others. */
export interface PicturedRoi {
  structureSetUid: string;
  roiNumber: number;
  roiName: string;
  source: string;
}

/** What pictures are drawn from, all in one frame of reference. */
export interface Scene {
  seriesUid: string;
  modality: string;
  volume: Volume;
  structures: { roi: PicturedRoi; mask: Mask }[];
  doses: SceneDose[];
}

export interface SceneDose {
  doseUid: string;
  volume: Volume<Float64Array>;
  /** The prescribed dose, else the maximum: isodoses are parts of it. */
  referenceGy: number;
}

/** A plane that somebody wants to see, and why. */
export interface Wanted {
  plane: Plane;
  pointMm: Vec3;
  reason: string;
}
