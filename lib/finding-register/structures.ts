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
    meaning: 'The images that a structure set refers to are not in the upload, and no other series can stand in.',
    remedy: 'Add the image series to the upload.',
  },
  PLANNING_IMAGE_BY_SIZE: {
    severity: 'warning',
    meaning: 'No structure set names the image of the course and several series may be it: the largest is taken.',
    remedy: 'Check that it is the planning image; add the structure set to the upload.',
  },
  STRUCTURE_SET_SEVERAL_IMAGES: {
    severity: 'warning',
    meaning: 'A structure set lists several image series and its contours name none: the largest is taken.',
    remedy: 'Check that it is the wanted one; export structures whose contours name their images.',
  },
  ROI_ACROSS_PASSES: {
    severity: 'warning',
    meaning: 'The image consists of passes that meet, and a ROI lies across their seam: its features are of both.',
    remedy: 'Look at the seam: where intensities differ, leave the ROI out of radiomics.',
  },
  ROI_ON_SEVERAL_IMAGES: {
    severity: 'error',
    meaning: 'The contours of one ROI name images of several volumes: it has no mask and no features.',
    remedy: 'Draw the ROI on one volume, or export the volumes as one series that has one image at each place.',
  },
  STRUCTURE_SET_IMAGES_BY_FRAME: {
    severity: 'warning',
    meaning: 'The series that a structure set refers to is missing; the only one of its frame of reference stands in.',
    remedy: 'Add the image series to the upload.',
  },
  STRUCTURE_SET_IMAGES_INCOMPLETE: {
    severity: 'warning',
    meaning: 'Some images that a structure set refers to are not in the series.',
    remedy: 'Export the missing slices.',
  },
  STRUCTURE_SET_WITHOUT_REFERENCES: {
    severity: 'warning',
    meaning: 'A structure set names no images: they were found by frame of reference or by size.',
    remedy: 'Check that the image is the one that the structures were drawn on.',
  },
  STRUCTURE_SET_UNREADABLE: {
    severity: 'error',
    meaning: 'A structure set could not be read.',
    remedy: 'Read the reason in the message; export the structure set again.',
  },
  ROI_CONTOURS_SPLIT: {
    severity: 'info',
    meaning: 'Several items of ROIContourSequence hold the contours of one ROI: they are taken together.',
    remedy: 'Nothing to do.',
  },
  CHARACTER_SET_REPAIRED: {
    severity: 'warning',
    meaning: 'The name of a ROI does not fit the declared character set: it is read by the set that it fits.',
    remedy: 'Check the name. Mend SpecificCharacterSet where the structure set is exported.',
  },
  ROI_WITHOUT_NUMBER: {
    severity: 'error',
    meaning: 'A ROI has no ROINumber: contours cannot be assigned to it.',
    remedy: 'Export the structure set again from the system that made it.',
  },
  ROI_WITHOUT_NAME: {
    severity: 'warning',
    meaning: 'A ROI has no name.',
    remedy: 'Name it in the system that made it.',
  },
  ROI_WITHOUT_OBSERVATION: {
    severity: 'info',
    meaning: 'A ROI has no item in RTROIObservationsSequence: its type is unknown.',
    remedy: 'Nothing to do; the name decides what the ROI is.',
  },
  TARGET_TYPE_CONFLICT: {
    severity: 'info',
    meaning: 'The name of a ROI says that it is a target of one kind, its type (3006,00A4) says otherwise.',
    remedy: 'Check which is right; docs/structures.md says which of them decides.',
  },
  CONTOURS_WITHOUT_ROI: {
    severity: 'error',
    meaning: 'Contours refer to a ROI that the structure set does not list: they become a ROI without a name.',
    remedy: 'Export the structure set again.',
  },
  DUPLICATE_ROI_NUMBER: {
    severity: 'error',
    meaning: 'Several ROIs of a structure set have the same number.',
    remedy: 'Export the structure set again; nothing says which contours belong to which ROI.',
  },
  DUPLICATE_ROI_NAME: {
    severity: 'warning',
    meaning: 'Several ROIs of a structure set have the same name, apart from upper and lower case.',
    remedy: 'Tell their rows apart by roi_number.',
  },
  ROI_EMPTY: {
    severity: 'warning',
    meaning: 'A ROI has no contour that can be used, or no closed one that encloses anything.',
    remedy: 'Draw the ROI, or remove it.',
  },
  ROI_TOO_SMALL: {
    severity: 'warning',
    meaning: 'No voxel centre lies inside the contours of a ROI: it has no mask.',
    remedy: 'Use the DVH volume, which needs no mask; nothing else can be computed on this image.',
  },
  ROI_OUTSIDE_IMAGE: {
    severity: 'error',
    meaning: 'All contours of a ROI lie outside its image.',
    remedy: 'Check that structure set and image belong together.',
  },
  SEGMENTATION_UNREADABLE: {
    severity: 'error',
    meaning: 'A DICOM segmentation could not be read: its segments are no structures.',
    remedy: 'Read the reason in the message; export the segmentation again.',
  },
  SEGMENT_RESAMPLED: {
    severity: 'warning',
    meaning: 'The pixels of a DICOM segmentation are not the voxels of the image: a voxel takes the nearest pixel.',
    remedy: 'Check that the segmentation belongs to the image; segment the image itself for exact voxels.',
  },
  STRUCTURE_FAILED: {
    severity: 'error',
    meaning: 'No mask of a structure could be made.',
    remedy: 'Read the reason in the structures table.',
  },
  STRUCTURE_WITHOUT_MASK: {
    severity: 'warning',
    meaning: 'A structure has no voxel on its image: it is empty, too small, or lies outside.',
    remedy: 'Read its status and reason in the structures table.',
  },
  LABEL_NOT_FOUND: {
    severity: 'info',
    meaning: 'A model, or a segmentation of the upload, has no voxel of one of its labels.',
    remedy: 'Nothing to do when the image does not show the organ.',
  },
  CUT_BY_IMAGE_BORDER: {
    severity: 'warning',
    meaning:
      'A structure is drawn beyond the border of its image, or its mask touches a side of it, so that a part is probably missing.',
    remedy: 'Check that no slices are missing; its volume and features are of the part inside.',
  },
  AT_IMAGE_BORDER: {
    severity: 'info',
    meaning:
      'A structure touches the border of the image where that is usual: the first or last slice, or body and couch.',
    remedy: 'Nothing to do when the organ continues beyond the scan.',
  },
  CONTOUR_POINT_COUNT: {
    severity: 'warning',
    meaning: 'Contours hold another number of coordinates than they state, or than makes whole points.',
    remedy: 'Look at the ROI in a viewer; export the structure set again.',
  },
  CONTOUR_NOT_NUMERIC: {
    severity: 'error',
    meaning: 'Contours hold coordinates that are no numbers and are left out.',
    remedy: 'Export the structure set again.',
  },
  CONTOUR_WITHOUT_POINTS: {
    severity: 'warning',
    meaning: 'Contours hold no point and are left out.',
    remedy: 'Look at the ROI in a viewer.',
  },
  CONTOUR_TYPE_UNKNOWN: {
    severity: 'warning',
    meaning: 'Contours state no known geometric type and are taken as closed.',
    remedy: 'Look at the ROI in a viewer.',
  },
  CONTOUR_OPEN: {
    severity: 'warning',
    meaning: 'Open contours enclose nothing and are left out of the volume.',
    remedy: 'Close the contours if they bound a region; lines and wires need nothing.',
  },
  CONTOUR_IS_POINT: {
    severity: 'info',
    meaning: 'Point contours enclose nothing and are left out of the volume.',
    remedy: 'Nothing to do.',
  },
  CONTOUR_TOO_FEW_POINTS: {
    severity: 'warning',
    meaning: 'Closed contours with fewer than three different points enclose nothing and are left out.',
    remedy: 'Remove the stray contours in the system that made them.',
  },
  CONTOUR_WITHOUT_AREA: {
    severity: 'warning',
    meaning: 'Contours enclose no area and are left out.',
    remedy: 'Look at the ROI in a viewer.',
  },
  CONTOUR_NOT_PLANAR: {
    severity: 'warning',
    meaning: 'Contours leave their plane by more than 1 mm and are left out.',
    remedy: 'Look at the ROI in a viewer; export the structure set again.',
  },
  CONTOUR_FAR_AWAY: {
    severity: 'error',
    meaning: 'Contours lie more than 10 m from the origin and are left out.',
    remedy: 'Export the structure set again; the coordinates are damaged.',
  },
  CONTOUR_REPEATED: {
    severity: 'warning',
    meaning: 'The same contour is stored more than once: it counts once.',
    remedy: 'Nothing to do when the ROI looks right.',
  },
  CONTOURS_CROSS: {
    severity: 'warning',
    meaning: 'Contours of one plane cross each other: the even-odd rule decides what is inside.',
    remedy: 'Look at the ROI in a viewer and clean it.',
  },
  CONTOURS_IN_SEVERAL_ORIENTATIONS: {
    severity: 'warning',
    meaning: 'Contours in planes across those that enclose the most area are left out.',
    remedy: 'Look at the ROI in a viewer; draw it in planes of one orientation.',
  },
  CONTOURS_NOT_PARALLEL_TO_SLICES: {
    severity: 'info',
    meaning: 'The planes of the contours are not parallel to the slices of the image.',
    remedy: 'Nothing to do; the mask follows the planes of the contours.',
  },
  CONTOURS_OFF_SLICES: {
    severity: 'warning',
    meaning: 'Contour planes of a ROI lie between the slices of its image.',
    remedy: 'Check that the structure set belongs to this image, and no other reconstruction of it.',
  },
  CONTOURS_ON_ONE_PLANE: {
    severity: 'info',
    meaning: 'All contours of a ROI lie on one plane, which stands for one slice.',
    remedy: 'Check that no contours are missing.',
  },
  CONTOURS_SKIP_SLICES: {
    severity: 'info',
    meaning: 'A ROI is drawn on every second slice or more rarely; what lies between its contours is filled.',
    remedy: 'Nothing to do when the ROI is meant to be drawn so.',
  },
  CONTOURS_IN_PIECES: {
    severity: 'info',
    meaning: 'The contour planes of a ROI lie in groups too far apart, or not over each other, to be one piece.',
    remedy: 'Draw the missing contours if the ROI has one part, or set structures.max_contour_gap_mm.',
  },
  CONTOUR_GAP_FILLED: {
    severity: 'warning',
    meaning: 'Gaps between contour planes wider than usual are filled as if contours were missing.',
    remedy: 'Draw the missing contours; the message says how much volume hangs on them.',
  },
  CONTOUR_GAP_KEPT: {
    severity: 'warning',
    meaning: 'Gaps of several missing contours part a ROI whose shapes lie over each other.',
    remedy: 'Draw the missing contours if the ROI has one part; the message says how much volume hangs on them.',
  },
  END_CAPS_LARGE: {
    severity: 'info',
    meaning: 'A notable part of the volume lies in the end caps beyond the first and last contour.',
    remedy: 'Compare volumes of such small ROIs only between systems with the same end caps (dvh.end_cap).',
  },
  DERIVED_NAME_TAKEN: {
    severity: 'warning',
    meaning: 'A derived structure has the name of another ROI; where the name is a source, the ROI is meant.',
    remedy: 'Rename the derived structure.',
  },
  DERIVED_SOURCE_MISSING: {
    severity: 'warning',
    meaning: 'A derived structure is not made because sources are missing or empty.',
    remedy: 'Check the names in custom_structures; allow it to be partial where that makes sense.',
  },
  DERIVED_PARTIAL: {
    severity: 'warning',
    meaning: 'A derived structure is made without some of its sources.',
    remedy: 'Do not compare it with courses where all sources are there.',
  },
  DERIVED_EMPTY: {
    severity: 'warning',
    meaning: 'The operations of a derived structure leave no voxel.',
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
    meaning: 'A boundary of the cropping has no landmark: the end of the image stands in.',
    remedy: 'Switch segmentation on, or add the landmark to the structure set.',
  },
  CROP_LANDMARK_CUT: {
    severity: 'warning',
    meaning: 'A landmark of the cropping is cut by the image, so that its edge is not its true edge.',
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
    remedy: 'Read the reason in the message; the masks and tables are not concerned.',
  },
} as const satisfies Record<string, FindingKind>;
