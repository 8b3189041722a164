import type { FindingKind } from './kind.ts';

export const STRUCTURES = {
  STRUCTURE_SET_IMAGES_OF_OTHER_PATIENT: {
    severity: 'error',
    meaning:
      'The image series or frame of reference that a structure set names belongs to another patient of the upload.',
    remedy: 'Check the PatientID of both in the source system.',
  },
  STRUCTURE_SET_IMAGES_MISSING: {
    severity: 'error',
    meaning: 'The images that a structure set refers to are not in the upload, and no other series can replace them.',
    remedy: 'Add the image series to the upload.',
  },
  PLANNING_IMAGE_BY_SIZE: {
    severity: 'warning',
    meaning: 'No structure set names the image of the course, and several series are possible: the largest is used.',
    remedy: 'Check that it is the planning image. Add the structure set to the upload.',
  },
  STRUCTURE_SET_SEVERAL_IMAGES: {
    severity: 'warning',
    meaning: 'A structure set lists several image series, and its contours name none: the largest is used.',
    remedy: 'Check that it is the right one. Export structures whose contours name their images.',
  },
  ROI_ACROSS_PASSES: {
    severity: 'warning',
    meaning: 'The image consists of adjoining passes, and an ROI lies across their seam: its features mix both passes.',
    remedy: 'Look at the seam. If the intensities differ, leave the ROI out of radiomics.',
  },
  ROI_ON_SEVERAL_IMAGES: {
    severity: 'error',
    meaning: 'The contours of one ROI name images of several volumes: it has no mask and no features.',
    remedy: 'Draw the ROI on one volume, or export the volumes as one series with one image at each position.',
  },
  STRUCTURE_SET_IMAGES_BY_FRAME: {
    severity: 'warning',
    meaning:
      'The series that a structure set refers to is missing: the only other series of its frame of reference is used.',
    remedy: 'Add the image series to the upload.',
  },
  STRUCTURE_SET_IMAGES_INCOMPLETE: {
    severity: 'warning',
    meaning: 'Some images that a structure set refers to are not in the series.',
    remedy: 'Export the missing slices.',
  },
  STRUCTURE_SET_WITHOUT_REFERENCES: {
    severity: 'warning',
    meaning: 'A structure set names no images: its image was chosen by frame of reference or by size.',
    remedy: 'Check that the structures were drawn on this image.',
  },
  STRUCTURE_SET_UNREADABLE: {
    severity: 'error',
    meaning: 'A structure set could not be read.',
    remedy: 'The message gives the reason. Export the structure set again.',
  },
  ROI_CONTOURS_SPLIT: {
    severity: 'info',
    meaning: 'Several items of ROIContourSequence hold the contours of one ROI: all of them are used.',
    remedy: 'Nothing to do.',
  },
  CHARACTER_SET_REPAIRED: {
    severity: 'warning',
    meaning:
      'The name of an ROI does not fit the declared character set: it is read with the character set that it fits.',
    remedy: 'Check the name. Correct SpecificCharacterSet in the exporting system.',
  },
  ROI_WITHOUT_NUMBER: {
    severity: 'error',
    meaning: 'An ROI has no ROINumber: contours cannot be assigned to it.',
    remedy: 'Export the structure set again from the system that made it.',
  },
  ROI_WITHOUT_NAME: {
    severity: 'warning',
    meaning: 'An ROI has no name.',
    remedy: 'Name it in the system that created it.',
  },
  ROI_WITHOUT_OBSERVATION: {
    severity: 'info',
    meaning: 'An ROI has no item in RTROIObservationsSequence: its type is unknown.',
    remedy: 'Nothing to do: the name decides what the ROI is.',
  },
  TARGET_TYPE_CONFLICT: {
    severity: 'info',
    meaning: 'The name and the type (3006,00A4) of an ROI state different kinds of target.',
    remedy: 'Check which one is right. docs/structures.md says which of the two decides.',
  },
  CONTOURS_WITHOUT_ROI: {
    severity: 'error',
    meaning: 'Contours refer to an ROI that the structure set does not list: they become an ROI without a name.',
    remedy: 'Export the structure set again.',
  },
  DUPLICATE_ROI_NUMBER: {
    severity: 'error',
    meaning: 'Several ROIs of a structure set have the same number.',
    remedy: 'Export the structure set again: the file does not say which contours belong to which ROI.',
  },
  DUPLICATE_ROI_NAME: {
    severity: 'warning',
    meaning: 'Several ROIs of a structure set have the same name (upper and lower case count as equal).',
    remedy: 'Use roi_number to tell their rows apart.',
  },
  ROI_EMPTY: {
    severity: 'warning',
    meaning: 'An ROI has no usable contour, or no closed contour that encloses an area.',
    remedy: 'Draw the ROI, or remove it.',
  },
  ROI_TOO_SMALL: {
    severity: 'warning',
    meaning: 'No voxel centre lies inside the contours of an ROI: it has no mask.',
    remedy: 'Use the DVH volume, which needs no mask. Nothing else can be computed on this image.',
  },
  ROI_OUTSIDE_IMAGE: {
    severity: 'error',
    meaning: 'All contours of an ROI lie outside its image.',
    remedy: 'Check that structure set and image belong together.',
  },
  SEGMENTATION_UNREADABLE: {
    severity: 'error',
    meaning: 'A DICOM segmentation could not be read: its segments are missing from the structures.',
    remedy: 'The message gives the reason. Export the segmentation again.',
  },
  SEGMENT_RESAMPLED: {
    severity: 'warning',
    meaning: 'A DICOM segmentation has another grid than the image: each voxel gets the value of the nearest pixel.',
    remedy: 'Check that the segmentation belongs to the image. For exact voxels segment this image itself.',
  },
  STRUCTURE_FAILED: {
    severity: 'error',
    meaning: 'The mask of a structure could not be made.',
    remedy: 'The structures table gives the reason.',
  },
  STRUCTURE_WITHOUT_MASK: {
    severity: 'warning',
    meaning: 'A structure has no voxel on its image: it is empty, too small, or lies outside.',
    remedy: 'The structures table gives its status and reason.',
  },
  LABEL_NOT_FOUND: {
    severity: 'info',
    meaning: 'A model, or a segmentation of the upload, has no voxel of one of its labels.',
    remedy: 'Nothing to do if the image does not show the organ.',
  },
  CUT_BY_IMAGE_BORDER: {
    severity: 'warning',
    meaning:
      'A structure reaches beyond its image, or its mask touches a side of the image: a part is probably missing.',
    remedy: 'Check that no slices are missing. Volume and features describe the part inside.',
  },
  AT_IMAGE_BORDER: {
    severity: 'info',
    meaning:
      'A structure touches the border of the image in a usual place: at the first or last slice, or it is body or couch.',
    remedy: 'Nothing to do if the organ continues beyond the scan.',
  },
  CONTOUR_POINT_COUNT: {
    severity: 'warning',
    meaning:
      'Contours have a number of coordinates that differs from the stated one, or that is not a multiple of three.',
    remedy: 'Look at the ROI in a viewer. Export the structure set again.',
  },
  CONTOUR_NOT_NUMERIC: {
    severity: 'error',
    meaning: 'Contours with coordinates that are not numbers are left out.',
    remedy: 'Export the structure set again.',
  },
  CONTOUR_WITHOUT_POINTS: {
    severity: 'warning',
    meaning: 'Contours without points are left out.',
    remedy: 'Look at the ROI in a viewer.',
  },
  CONTOUR_TYPE_UNKNOWN: {
    severity: 'warning',
    meaning: 'Contours without a known geometric type are read as closed.',
    remedy: 'Look at the ROI in a viewer.',
  },
  CONTOUR_OPEN: {
    severity: 'warning',
    meaning: 'Open contours enclose nothing and are left out of the volume.',
    remedy: 'Close the contours if they enclose a region. For lines and wires there is nothing to do.',
  },
  CONTOUR_IS_POINT: {
    severity: 'info',
    meaning: 'Point contours enclose nothing and are left out of the volume.',
    remedy: 'Nothing to do.',
  },
  CONTOUR_TOO_FEW_POINTS: {
    severity: 'warning',
    meaning: 'Closed contours with fewer than three different points enclose nothing and are left out.',
    remedy: 'Remove the stray contours in the system that created them.',
  },
  CONTOUR_WITHOUT_AREA: {
    severity: 'warning',
    meaning: 'Contours enclose no area and are left out.',
    remedy: 'Look at the ROI in a viewer.',
  },
  CONTOUR_NOT_PLANAR: {
    severity: 'warning',
    meaning: 'Contours leave their plane by more than 1 mm and are left out.',
    remedy: 'Look at the ROI in a viewer. Export the structure set again.',
  },
  CONTOUR_FAR_AWAY: {
    severity: 'error',
    meaning: 'Contours lie more than 10 m from the origin and are left out.',
    remedy: 'The coordinates are damaged: export the structure set again.',
  },
  CONTOUR_REPEATED: {
    severity: 'warning',
    meaning: 'The same contour is stored more than once: it counts once.',
    remedy: 'Nothing to do if the ROI looks right.',
  },
  CONTOURS_CROSS: {
    severity: 'warning',
    meaning: 'Contours of one plane cross each other: the even-odd rule decides what is inside.',
    remedy: 'Look at the ROI in a viewer and clean it.',
  },
  CONTOURS_IN_SEVERAL_ORIENTATIONS: {
    severity: 'warning',
    meaning:
      'Contours lie in planes of several orientations: those in the orientation with the most area are used, the others are left out.',
    remedy: 'Look at the ROI in a viewer. Draw it in planes of one orientation.',
  },
  CONTOURS_NOT_PARALLEL_TO_SLICES: {
    severity: 'info',
    meaning: 'The planes of the contours are not parallel to the slices of the image.',
    remedy: 'Nothing to do: the mask follows the planes of the contours.',
  },
  CONTOURS_OFF_SLICES: {
    severity: 'warning',
    meaning: 'Contour planes of an ROI lie between the slices of its image.',
    remedy: 'Check that the structure set belongs to this image and not to another reconstruction.',
  },
  CONTOURS_ON_ONE_PLANE: {
    severity: 'info',
    meaning: 'All contours of an ROI lie on one plane: the ROI is one slice thick.',
    remedy: 'Check that no contours are missing.',
  },
  CONTOURS_SKIP_SLICES: {
    severity: 'info',
    meaning: 'An ROI is drawn on every second slice or fewer: the slices between are filled.',
    remedy: 'Nothing to do if this is intended.',
  },
  CONTOURS_IN_PIECES: {
    severity: 'info',
    meaning:
      'The contour planes of an ROI form groups that are too far apart, or not above each other: they count as separate pieces.',
    remedy: 'If the ROI is one piece, draw the missing contours or set structures.max_contour_gap_mm.',
  },
  CONTOUR_GAP_FILLED: {
    severity: 'warning',
    meaning:
      'Some gaps between contour planes are wider than usual: contours seem to be missing, and the gaps are filled.',
    remedy: 'Draw the missing contours. The message gives the volume that depends on them.',
  },
  CONTOUR_GAP_KEPT: {
    severity: 'warning',
    meaning: 'Several contours in a row seem to be missing: the gaps stay open and divide the ROI into pieces.',
    remedy: 'If the ROI is one piece, draw the missing contours. The message gives the volume that depends on them.',
  },
  END_CAPS_LARGE: {
    severity: 'info',
    meaning: 'A large part of the volume lies in the end caps beyond the first and last contour.',
    remedy: 'Compare volumes of such small ROIs only between systems with the same end caps (dvh.end_cap).',
  },
  DERIVED_NAME_TAKEN: {
    severity: 'warning',
    meaning: 'A derived structure has the name of another ROI. Where this name is a source, the ROI is used.',
    remedy: 'Rename the derived structure.',
  },
  DERIVED_SOURCE_MISSING: {
    severity: 'warning',
    meaning: 'A derived structure could not be made, because sources are missing or empty.',
    remedy: 'Check the names in custom_structures. If it makes sense, allow the structure to be partial.',
  },
  DERIVED_PARTIAL: {
    severity: 'warning',
    meaning: 'A derived structure was made without some of its sources.',
    remedy: 'Do not compare it with courses that have all sources.',
  },
  DERIVED_EMPTY: {
    severity: 'warning',
    meaning: 'The operations of a derived structure give an empty result.',
    remedy: 'Check the definition against the sources.',
  },
  DERIVED_TINY: {
    severity: 'warning',
    meaning: 'A derived structure has very few voxels.',
    remedy: 'Check the definition against the sources.',
  },
  CROP_LANDMARK_MISSING: {
    severity: 'error',
    meaning: 'A boundary of the cropping has no landmark: nothing is cropped.',
    remedy: 'Switch segmentation on, or add the landmark to the structure set.',
  },
  CROP_AT_IMAGE_END: {
    severity: 'warning',
    meaning: 'A boundary of the cropping has no landmark: the end of the image is used instead.',
    remedy: 'Switch segmentation on, or add the landmark to the structure set.',
  },
  CROP_LANDMARK_CUT: {
    severity: 'warning',
    meaning: 'The image cuts a landmark of the cropping: its edge is not its true edge.',
    remedy: 'Check the cropped structures of the course.',
  },
  CROP_BOUNDARIES_REVERSED: {
    severity: 'error',
    meaning: 'The upper boundary of the cropping is not above the lower one: nothing is cropped.',
    remedy: 'Check the landmarks and the margins.',
  },
  LABEL_MAP_NOT_POSSIBLE: {
    severity: 'info',
    meaning: 'Structures of a SEG share voxels, which a label map cannot hold: the SEG is binary.',
    remedy:
      'Nothing to do: the voxels are the same. Programs that read label maps alone need structures that do not overlap.',
  },
  STRUCTURES_NOT_WRITTEN: {
    severity: 'error',
    meaning: 'The RTSTRUCT or SEG of the structures on an image could not be written.',
    remedy: 'The message gives the reason. Masks and tables are not affected.',
  },
} as const satisfies Record<string, FindingKind>;
