/**
 * `error`: a result is missing, or must not be used before someone has looked; `warning`: a result may differ;
 * `info`: worth knowing.
 */
export type Severity = 'info' | 'warning' | 'error';

/** What a code stands for, wherever it is found. */
export interface FindingKind {
  severity: Severity;
  /** One sentence: the fact. */
  meaning: string;
  /** What the reader can do about it. */
  remedy: string;
}

const COURSES = {
  PATIENT_ID_DIFFERS: {
    severity: 'warning',
    meaning:
      'An object names another one by its SOP Instance UID that bears another PatientID, or one of the IDs is blank.',
    remedy: 'Check the PatientID of both in the source system. They are taken for one patient.',
  },
  PATIENT_ID_SHARED: {
    severity: 'warning',
    meaning: 'Objects under one PatientID differ in birth date or sex: two people may share it.',
    remedy: 'Check whose they are in the source system. Their courses stay apart only where nothing links them.',
  },
  PATIENT_NOT_ORGANIZED: {
    severity: 'error',
    meaning: 'The headers of a patient could not be sorted into courses: nothing of the patient is computed.',
    remedy: 'This is a defect of the product: report it with the message. The other patients stand.',
  },
  IDENTITY_HIDDEN: {
    severity: 'info',
    meaning: 'Labels, descriptions or names of structures held words of the patient or the staff, and were changed.',
    remedy: 'Nothing to do with pseudonyms. To analyse structures by these names, rename them at the source.',
  },
  FILES_NOT_DICOM: {
    severity: 'info',
    meaning: 'Files of the upload are no DICOM and are left out.',
    remedy: 'Nothing to do; the table unassigned lists them.',
  },
  FILES_UNREADABLE: {
    severity: 'warning',
    meaning: 'Files, folders or archives of the upload are broken, or cannot be read, and are left out.',
    remedy: 'Read why in the table unassigned; copy or export them again, or give the right to read them.',
  },
  INSTANCES_NOT_RECEIVED: {
    severity: 'error',
    meaning: 'An archive announced instances that were not received: series, plans or doses may be incomplete.',
    remedy: 'Read which and why in the table unassigned; fetch again, or ask the keeper of the archive.',
  },
  INSTANCES_UNASSIGNED: {
    severity: 'warning',
    meaning: 'DICOM instances of the upload belong to no course.',
    remedy: 'Read the reasons in the table unassigned; add the objects that they need.',
  },
  CONFLICTING_DUPLICATE: {
    severity: 'warning',
    meaning: 'Several files with different content share one SOP Instance UID.',
    remedy: 'Find out which export is right and remove the other files from the upload.',
  },
  NO_IMAGE: {
    severity: 'error',
    meaning: 'The course has no image series: there are no masks, no radiomics and no segmentation.',
    remedy: 'Add the planning image to the upload, or exclude the course.',
  },
  NO_STRUCTURES: {
    severity: 'warning',
    meaning: 'The course has no structures.',
    remedy: 'Add the structure set to the upload, or switch segmentation on.',
  },
  NO_PLAN: {
    severity: 'warning',
    meaning: 'The course has no plan: prescriptions and fractions are unknown.',
    remedy: 'Add the RTPLAN to the upload.',
  },
  NO_TARGET: {
    severity: 'warning',
    meaning: 'The course has a plan and drawn structures, but none of them is a target: no GTV, CTV, ITV or PTV.',
    remedy: 'Check that the structure set is that of the plan, and what its target is called.',
  },
  NO_DOSE: {
    severity: 'warning',
    meaning: 'The course has no dose: the DVH tables hold volumes only.',
    remedy: 'Add the RTDOSE to the upload; for an imaging study nothing needs to be done.',
  },
  FRAME_OF_REFERENCE_DIFFERS: {
    severity: 'error',
    meaning: 'A structure set, plan or dose has another frame of reference than the image that it belongs to.',
    remedy:
      'Check that the objects belong together; where a registration links them, add the REG object to the upload.',
  },
  PLAN_STRUCTURE_SET_MISSING: {
    severity: 'warning',
    meaning: 'The structure set that a plan refers to is not in the upload.',
    remedy: 'Add the structure set to the upload.',
  },
  PLAN_STRUCTURE_SET_INFERRED: {
    severity: 'warning',
    meaning: 'A plan was linked to a structure set by frame of reference, because it names none.',
    remedy: 'Check that the structure set is the one that the plan was made on.',
  },
  PLAN_WITHOUT_STRUCTURE_SET: {
    severity: 'warning',
    meaning: 'A plan refers to no structure set.',
    remedy: 'Check that the structures of the course belong to the plan.',
  },
  PLAN_WITHOUT_DOSE: {
    severity: 'warning',
    meaning: 'No dose in the upload refers to the plan.',
    remedy: 'Export the RTDOSE of the plan.',
  },
  PLAN_NOT_OF_DOSE: {
    severity: 'warning',
    meaning: 'The dose was calculated for another plan than the one that gives prescriptions and fractions.',
    remedy: 'Add the plan of the dose to the upload.',
  },
  PLAN_NOT_APPROVED: {
    severity: 'info',
    meaning: 'The plan of the chosen dose does not state that it is approved.',
    remedy: 'Check that the plan was treated, and is no draft.',
  },
  NO_PRESCRIPTION: {
    severity: 'warning',
    meaning: 'The plan states no prescribed dose: metrics relative to the prescription may be missing.',
    remedy: 'State the prescription in dvh.prescriptions.',
  },
  PRESCRIPTION_UNLIKELY: {
    severity: 'warning',
    meaning: 'The prescription that was found for a target does not fit its dose.',
    remedy: 'State the prescription of the target in dvh.prescriptions.',
  },
  FRACTIONS_DIFFER: {
    severity: 'warning',
    meaning: 'The treatment records count another number of fractions than the plan.',
    remedy: 'Check whether records are missing, or whether the treatment ended early.',
  },
  RECORD_WITHOUT_DATE: {
    severity: 'warning',
    meaning: 'A treatment record states no date: its fraction is not counted.',
    remedy: 'Export the record again from the record-and-verify system.',
  },
  FRACTIONS_FROM_SUMMARY: {
    severity: 'info',
    meaning:
      'No session of the plan is recorded: the number of fractions and their dates come from a treatment summary.',
    remedy: 'Add the treatment records of the sessions for dates, doses and metersets of each fraction.',
  },
  FRACTION_COUNT_IMPOSSIBLE: {
    severity: 'warning',
    meaning: 'A treatment summary counts fractions that no course has: fewer than 0 or more than 1,000.',
    remedy: 'Look at the record in the source system; the fractions that it names are taken.',
  },
  SUMMARY_DIFFERS: {
    severity: 'warning',
    meaning: 'The treatment summary counts other fractions than the recorded sessions: the sessions are used.',
    remedy: 'Add the records that are missing, or find out which is right.',
  },
  FRACTION_REPEATED: {
    severity: 'warning',
    meaning: 'A fraction is recorded in full more than once under one number: each time counts as a fraction.',
    remedy:
      'Find out whether the patient was treated again, as with two sessions a day, or the record was written twice.',
  },
  DOSE_PLAN_MISSING: {
    severity: 'warning',
    meaning: 'A plan that the dose refers to is not in the upload.',
    remedy: 'Add the plan to the upload.',
  },
  DOSE_PLAN_INFERRED: {
    severity: 'warning',
    meaning: 'A dose was linked to a plan by frame of reference, because it names none.',
    remedy: 'Check that the dose was calculated for that plan.',
  },
  DOSE_WITHOUT_PLAN: {
    severity: 'warning',
    meaning: 'No plan belongs to the dose: prescriptions come from the configuration or from names alone.',
    remedy: 'Add the plan to the upload, or state the prescriptions in dvh.prescriptions.',
  },
  DOSE_DECISION: {
    severity: 'warning',
    meaning: 'The rule that chose the dose of the course met something unusual.',
    remedy: 'Read the evidence of the dose decision; name the dose in dose_override.yaml where it is wrong.',
  },
  DOSE_UNDECIDED: {
    severity: 'error',
    meaning: 'Nothing in the files says which dose was given: the candidates stand side by side.',
    remedy: 'Name the dose in dose_override.yaml.',
  },
} as const satisfies Record<string, FindingKind>;

const IMAGES = {
  IMAGE_UNREADABLE: {
    severity: 'error',
    meaning: 'An image series could not be read: nothing is computed on it.',
    remedy: 'Read the reason in the message; export the series again.',
  },
  SLICE_UNREADABLE: {
    severity: 'error',
    meaning: 'The file of a slice is broken: the slice is left out.',
    remedy: 'Export the slice again.',
  },
  SLICE_WITHOUT_POSITION: {
    severity: 'warning',
    meaning: 'Slices without position, orientation or pixel spacing are left out.',
    remedy: 'Export the series again from the system that made it.',
  },
  LOCALIZER_LEFT_OUT: {
    severity: 'info',
    meaning: 'Localizer (scout) images of the series are not part of the volume.',
    remedy: 'Nothing to do.',
  },
  MIXED_PLANES: {
    severity: 'warning',
    meaning: 'Slices that differ in orientation, size or frame of reference from most of the series are left out.',
    remedy: 'Check that the largest group is the wanted image; export the groups as series of their own.',
  },
  SEVERAL_VOLUMES: {
    severity: 'warning',
    meaning:
      'The series holds several volumes (phases, acquisitions, echoes, passes, frames of time) and nothing names one: the largest is taken, then the first.',
    remedy: 'Check that it is the wanted one; export one volume per series, or structures that name their images.',
  },
  VOLUME_NAMED: {
    severity: 'info',
    meaning: 'The series holds several volumes; the one that the structure set names is taken.',
    remedy: 'Nothing to do.',
  },
  DUPLICATE_POSITIONS: {
    severity: 'warning',
    meaning: 'Some slices lie where another one does, no attribute tells them apart, and they are left out.',
    remedy: 'Check that the remaining slices are the wanted ones.',
  },
  SINGLE_SLICE: {
    severity: 'warning',
    meaning: 'The series has one slice: its thickness, or 1 mm, stands for the spacing.',
    remedy: 'Check that the rest of the series was exported.',
  },
  MISSING_SLICES: {
    severity: 'warning',
    meaning:
      'Slices are lacking: a gap is a multiple of the usual one, or fewer slices are here than the series states.',
    remedy: 'Export the missing slices.',
  },
  UNEVEN_SLICES: {
    severity: 'warning',
    meaning: 'The distances of the slices differ, and no slice is lacking; masks and doses use the true positions.',
    remedy:
      'Set a resampled spacing in the radiomics settings: without one, regions on uneven slices have no features.',
  },
  SHEARED_SLICES: {
    severity: 'warning',
    meaning: 'The slices are shifted within their planes (gantry tilt): they are resampled.',
    remedy: 'Expect interpolated values; use an image without tilt for radiomics where there is one.',
  },
  NIFTI_SLICES_UNEVEN: {
    severity: 'info',
    meaning: 'The NIfTI file states even slices although the true ones are not.',
    remedy: 'Take the exact positions from images.json.',
  },
  NIFTI_FORMS_DIFFER: {
    severity: 'warning',
    meaning: 'The sform and the qform of a NIfTI file place the image differently: the sform is taken.',
    remedy: 'Check that image and mask were written by the same program; ITK takes the qform in some of these files.',
  },
  NIFTI_VOXEL_SIZES_DIFFER: {
    severity: 'warning',
    meaning: 'The sform and pixdim of a NIfTI file state different voxel sizes: those of the sform are taken.',
    remedy: 'Convert the image again from its source; ITK takes the sizes of pixdim.',
  },
  RESCALE_MISSING: {
    severity: 'warning',
    meaning: 'Slices state no rescale slope or intercept: 1 and 0 are assumed.',
    remedy: 'Check that the values of the image are plausible.',
  },
  RESCALE_TYPE: {
    severity: 'warning',
    meaning: 'The values of a CT are stated not to be HU.',
    remedy: 'Do not compare its intensities with those of other scans.',
  },
  BITS_BEYOND_STORED: {
    severity: 'warning',
    meaning: 'Bits outside of BitsStored were set (old overlays) and are dropped.',
    remedy: 'Nothing to do when the image looks right.',
  },
  MONOCHROME1: {
    severity: 'info',
    meaning: 'A display inverts the values of the image; the volume keeps them as stored.',
    remedy: 'Nothing to do.',
  },
  SUV_NOT_COMPUTED: {
    severity: 'warning',
    meaning: 'No SUV could be computed: the PET stays in its stored unit.',
    remedy: 'Read the reason in the message; export the PET with patient weight, injected dose and times.',
  },
  SUV_SCAN_START_DERIVED: {
    severity: 'info',
    meaning: 'The series time is not the start of the PET scan: the start is derived from the earliest acquisition.',
    remedy: 'Nothing to do.',
  },
  SUV_TIME_ZONE_ASSUMED: {
    severity: 'warning',
    meaning: 'The injection of a PET states a time zone and the images state none: one clock is assumed for both.',
    remedy: 'Check the uptake time. Export the PET with TimezoneOffsetFromUTC.',
  },
  SUV_INJECTION_DAY_BEFORE: {
    severity: 'info',
    meaning: 'The injection time is later than the PET scan: it is taken as of the day before.',
    remedy: 'Check the injection date in the scanner protocol.',
  },
} as const satisfies Record<string, FindingKind>;

const STRUCTURES = {
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
  STRUCTURES_NOT_WRITTEN: {
    severity: 'error',
    meaning: 'The RTSTRUCT or SEG of the structures on an image could not be written.',
    remedy: 'Read the reason in the message; the masks and tables are not concerned.',
  },
} as const satisfies Record<string, FindingKind>;

const DOSES = {
  DOSE_UNUSABLE: {
    severity: 'error',
    meaning: 'The chosen dose could not be read or summed: there are no dose metrics.',
    remedy: 'Read the reason in the message; export the dose again.',
  },
  DOSE_NOT_IN_GY: {
    severity: 'error',
    meaning: 'The dose is relative or in an unknown unit, and nothing says how many Gy 1 is.',
    remedy: 'Export the dose in Gy.',
  },
  DOSE_IN_CGY: {
    severity: 'info',
    meaning: 'DoseUnits is CGY, which DICOM does not know: the values are read as centigray.',
    remedy: 'Nothing to do when the maximum dose is plausible.',
  },
  DOSE_NORMALISED: {
    severity: 'info',
    meaning: 'A relative dose was scaled by what was given for its value 1.',
    remedy: 'Check that the reference dose is right.',
  },
  DOSE_NOT_PHYSICAL: {
    severity: 'warning',
    meaning: 'The dose is not a physical dose (an effective dose, or a difference).',
    remedy: 'Do not compare it with physical doses.',
  },
  DOSE_ALL_ZERO: {
    severity: 'error',
    meaning: 'The dose is 0 everywhere.',
    remedy: 'Export the dose again after the calculation.',
  },
  DOSE_NEGATIVE: {
    severity: 'warning',
    meaning: 'The dose has values below 0.',
    remedy: 'Check that the object is a dose and no difference of doses.',
  },
  DOSE_IMPLAUSIBLE: {
    severity: 'warning',
    meaning: 'The dose reaches more than 150 Gy, which external beams do not give in a course.',
    remedy: 'Check whether centigray are called gray; close to brachytherapy sources such doses are usual.',
  },
  DOSE_WITHOUT_SUMMATION_TYPE: {
    severity: 'info',
    meaning: 'The dose states no DoseSummationType: PLAN is assumed.',
    remedy: 'Check that the dose is that of the whole plan.',
  },
  DOSE_FRAMES_UNORDERED: {
    severity: 'warning',
    meaning: 'The frames of the dose are neither ascending nor descending: they are sorted.',
    remedy: 'Compare the dose with the planning system.',
  },
  DOSE_FRAME_COUNT: {
    severity: 'warning',
    meaning: 'The dose has another number of frames than of frame offsets.',
    remedy: 'Compare the dose with the planning system; export it again.',
  },
  DOSE_FRAME_OFFSETS_UNUSUAL: {
    severity: 'warning',
    meaning: 'The frame offsets of the dose follow neither form of the standard.',
    remedy: 'Compare the dose with the planning system.',
  },
  DOSE_WITHOUT_FRAME_OFFSETS: {
    severity: 'warning',
    meaning: 'The dose states no frame offsets: its slice thickness stands for the distance of the frames.',
    remedy: 'Compare the dose with the planning system.',
  },
  DOSE_SUM_CROPPED: {
    severity: 'warning',
    meaning: 'A dose of the sum reaches beyond the grid of the sum and is cut there.',
    remedy: 'Use the doses of the plans for what lies outside.',
  },
  DOSE_SUM_COVERAGE: {
    severity: 'info',
    meaning: 'A dose of the sum does not cover the whole grid of the sum: it counts as 0 outside.',
    remedy: 'Nothing to do when the uncovered part is far from the beams.',
  },
  TARGET_OUTSIDE_DOSE_GRID: {
    severity: 'error',
    meaning: 'The dose grid does not cover a target wholly: its dose metrics are of the rest.',
    remedy: 'Calculate the dose on a larger grid.',
  },
  OUTSIDE_DOSE_GRID: {
    severity: 'warning',
    meaning: 'The dose grid does not cover a structure wholly: its dose metrics are of the rest.',
    remedy: 'Read dose_coverage beside the metrics; calculate the dose on a larger grid where it matters.',
  },
  ROI_LACKS_SLICES: {
    severity: 'error',
    meaning: 'The image lacks slices inside a ROI: volume and features are of the rest, and its rows say how many.',
    remedy: 'Add the missing slices to the upload, or leave the ROI out of the analysis.',
  },
  DOSE_REGISTERED: {
    severity: 'info',
    meaning: 'A dose is brought to the frame of reference of the course by a rigid registration.',
    remedy: 'Check the quality of the registration.',
  },
  DOSE_IN_OTHER_FRAME: {
    severity: 'error',
    meaning: 'A dose lies in another frame of reference than the structures, and no rigid registration links them.',
    remedy: 'Add the registration (REG) to the upload.',
  },
  NO_SUM_WITHOUT_REGISTRATION: {
    severity: 'error',
    meaning:
      'The doses of the course lie in frames of reference of their own: no sum is possible without a registration.',
    remedy:
      'Add the registrations (REG) to the upload; until then each dose is evaluated with the structures of its own frame.',
  },
  DOSE_REVISED: {
    severity: 'warning',
    meaning: 'Of several doses of one plan on the same grid the newest is used: the others are earlier versions of it.',
    remedy: 'Remove the earlier versions from the upload, or name the dose in dose_override.yaml.',
  },
  DOSE_ASSEMBLED: {
    severity: 'info',
    meaning: 'Several RTDOSE of one plan lie side by side and are put together to one dose.',
    remedy: 'Nothing to do.',
  },
  DOSE_PLANES_MISSING: {
    severity: 'warning',
    meaning: 'Between the parts of an assembled dose planes are missing: the dose is interpolated across the gap.',
    remedy: 'Add the missing RTDOSE files to the upload.',
  },
  DOSE_BY_PLACE: {
    severity: 'warning',
    meaning: 'Several RTDOSE of one plan lie at different places: each ROI is evaluated on the one that covers it.',
    remedy: 'Look at dose_uid and dose_coverage of each row; name the dose in dose_override.yaml where one holds all.',
  },
  DOSE_TYPE_CHOSEN: {
    severity: 'warning',
    meaning: 'A plan has a physical and an RBE-weighted (effective) dose: the one that its prescription means is used.',
    remedy: 'Set dvh.all_dose_types to have the rows of both; look at dose_type of each row.',
  },
  DOSE_BITS_BEYOND_STORED: {
    severity: 'error',
    meaning: 'The values of a dose need more bits than its BitsStored says: all allocated bits are read.',
    remedy: 'Compare the maximum with the planning system; export the dose with BitsStored equal to BitsAllocated.',
  },
  ROI_IN_OTHER_FRAME: {
    severity: 'error',
    meaning:
      'A ROI lies in another frame of reference than the dose or its image, and no rigid registration links them.',
    remedy: 'Add the registration (REG) to the upload.',
  },
  ROI_REGISTERED: {
    severity: 'info',
    meaning: 'A ROI was moved to the dose, or to its image, by a rigid registration.',
    remedy: 'Check the quality of the registration.',
  },
  PICTURES_FAILED: {
    severity: 'warning',
    meaning: 'The pictures of the course for the report could not be drawn. Its numbers do not follow from them.',
    remedy: 'Open the images of the course in a viewer. Report the message as a fault of rtpipeline.',
  },
} as const satisfies Record<string, FindingKind>;

const REGISTRATIONS = {
  STRUCTURE_SET_REGISTERED: {
    severity: 'info',
    meaning: 'A structure set in another frame of reference belongs to the course by a rigid registration.',
    remedy: 'Check the quality of the registration.',
  },
  REGISTRATION_REFUSED: {
    severity: 'warning',
    meaning: 'A registration is not used: it is deformable, its matrix is no rigid motion, or it contradicts itself.',
    remedy: 'Export the rigid registration again; what lies in the frame of reference that it moves stays apart.',
  },
  REGISTRATION_REPEATED: {
    severity: 'warning',
    meaning:
      'Several items of a registration are about one frame of reference; where they differ none of them is used.',
    remedy: 'Export the registration again with one item for each frame of reference.',
  },
  REGISTRATION_WITHIN_FRAME: {
    severity: 'warning',
    meaning: 'A registration moves images within one frame of reference: they are taken as they lie in that frame.',
    remedy: 'Check that images, contours and dose of the frame fit each other without the registration.',
  },
  REGISTRATION_ORDER: {
    severity: 'info',
    meaning: 'A registration has several matrices whose order makes a difference: the first one is applied first.',
    remedy: 'Check a structure that was moved by it.',
  },
  REGISTRATION_FRAME_BY_IMAGES: {
    severity: 'info',
    meaning: 'A registration names images but no frame of reference: it is that of the images.',
    remedy: 'Nothing to do.',
  },
  REGISTRATION_SUPERSEDED: {
    severity: 'warning',
    meaning: 'Of several registrations of the same two frames of reference that differ, the newest is used.',
    remedy: 'Remove the registrations that do not count from the upload.',
  },
  REGISTRATIONS_CONTRADICT: {
    severity: 'error',
    meaning:
      'Registrations of the same two frames of reference differ, and no date tells which one counts: none is used.',
    remedy: 'Remove the registrations that do not count from the upload.',
  },
} as const satisfies Record<string, FindingKind>;

const SEGMENTATION = {
  STAGE_LEFT_OUT: {
    severity: 'warning',
    meaning: 'A stage was left out on AWS, as the account may run none of the hosts that it needs.',
    remedy: 'Ask for the quota that the message names, then send the marker of the upload again.',
  },
  NO_SEGMENTATION_TOOL: {
    severity: 'info',
    meaning: 'No program for segmentation is on this machine.',
    remedy: 'Install TotalSegmentator, or switch segmentation off.',
  },
  NOT_SEGMENTED: {
    severity: 'warning',
    meaning: 'An image was not segmented: it could not be read or has too few slices.',
    remedy: 'Read the reason in the message.',
  },
  SEGMENTATION_REGION_ABSENT: {
    severity: 'info',
    meaning: 'A model was not run because the image does not show the region that it needs.',
    remedy: 'Nothing to do.',
  },
  SEGMENTATION_NO_PROGRAM: {
    severity: 'error',
    meaning: 'The program of a model is not on this machine.',
    remedy: 'Install it, or set its path in the configuration.',
  },
  SEGMENTATION_LICENSE: {
    severity: 'error',
    meaning: 'A segmentation task needs a licence.',
    remedy: 'Set segmentation.license to a valid number.',
  },
  SEGMENTATION_NO_WEIGHTS: {
    severity: 'error',
    meaning: 'The weights of a model are not on this machine and could not be fetched.',
    remedy: 'Set the folder that holds them, or allow the download.',
  },
  SEGMENTATION_DISK_FULL: {
    severity: 'error',
    meaning: 'The disk was full while a model ran.',
    remedy: 'Free space and run again; what is done is kept.',
  },
  SEGMENTATION_TIMED_OUT: {
    severity: 'error',
    meaning: 'A model took longer than its limit.',
    remedy: 'Raise segmentation.timeout, or use a GPU.',
  },
  SEGMENTATION_GPU_MEMORY: {
    severity: 'error',
    meaning: 'A model needed more GPU memory than there is.',
    remedy: 'Use a larger GPU, or the fast (3 mm) model.',
  },
  SEGMENTATION_MEMORY: {
    severity: 'error',
    meaning: 'A model needed more memory than there is.',
    remedy: 'Use a machine with more memory, or the fast (3 mm) model.',
  },
  SEGMENTATION_UNUSABLE: {
    severity: 'error',
    meaning: 'The result of a model does not fit the image.',
    remedy: 'Read the reason in the message; check the version of the model.',
  },
  SEGMENTATION_CLASS_UNKNOWN: {
    severity: 'warning',
    meaning: 'A class in segmentation.roi_subset is none of the task: nothing is drawn for it.',
    remedy: 'Correct segmentation.roi_subset; the message names the nearest class.',
  },
  SEGMENTED_NOTHING: {
    severity: 'warning',
    meaning: 'A model found none of its structures in an image.',
    remedy: 'Look at the image; check that the model is made for its modality and region.',
  },
  SEGMENTED_SIDES_SWAPPED: {
    severity: 'warning',
    meaning: 'A model drew a left structure to the right of its right counterpart.',
    remedy: 'Look at the structures; check the patient position of the image and the order of the labels.',
  },
  SEGMENTED_VOLUME_IMPLAUSIBLE: {
    severity: 'warning',
    meaning: 'A model drew an organ larger than four times an adult one, or, whole, smaller than a fortieth of it.',
    remedy: 'Look at the structure before you use it; check the order of the labels.',
  },
  SEGMENTATION_FAILED: {
    severity: 'error',
    meaning: 'A model failed.',
    remedy: 'Read the reason in the message and the log of the job.',
  },
  SEGMENTED_AT_3_MM: {
    severity: 'warning',
    meaning: 'The fast model (3 mm) stood in for the full one.',
    remedy: 'Do not mix its structures with those of the full model.',
  },
  SEGMENTED_UNDER_LICENCE: {
    severity: 'info',
    meaning: 'The model is free for non-commercial use only.',
    remedy: 'Check that your use is allowed.',
  },
  SEGMENTED_WITHOUT_GPU: {
    severity: 'info',
    meaning: 'The model ran without a GPU.',
    remedy: 'Nothing to do; the result is the same.',
  },
  SEGMENTED_ON_EVEN_SLICES: {
    severity: 'info',
    meaning: 'The model saw the image resampled to even slices.',
    remedy: 'Nothing to do.',
  },
  SEGMENTED_ACROSS_HOLE: {
    severity: 'warning',
    meaning: 'The model saw interpolated slices across a hole in the image.',
    remedy: 'Do not use its structures near the hole; export the missing slices.',
  },
  SEGMENTED_NOT_AXIAL: {
    severity: 'warning',
    meaning: 'The model was trained on axial images and saw another orientation.',
    remedy: 'Look at its structures before you use them.',
  },
  NO_CUSTOM_MODELS: {
    severity: 'warning',
    meaning: 'The folder of the custom models does not exist.',
    remedy: 'Set custom_models.root to the folder that holds them.',
  },
  CUSTOM_MODEL_UNKNOWN: {
    severity: 'warning',
    meaning: 'The configuration names a custom model that does not exist or is disabled.',
    remedy: 'Correct custom_models.models.',
  },
  CUSTOM_MODEL_REFUSED: {
    severity: 'warning',
    meaning: 'The description of a custom model cannot be used.',
    remedy: 'Correct custom_model.yaml as the message says.',
  },
  CUSTOM_MODEL_WITHOUT_WEIGHTS: {
    severity: 'warning',
    meaning: 'The weights of a custom model are missing.',
    remedy: 'Put the files that the message names into the folder of the model.',
  },
  CUSTOM_MODEL_LABELS_RENAMED: {
    severity: 'info',
    meaning: 'A custom model gives labels other names than dataset.json of its network.',
    remedy: 'Check that the names mean the same.',
  },
  CUSTOM_MODEL_LABELS_MISSING: {
    severity: 'warning',
    meaning: 'A custom model gave fewer labels than it declares.',
    remedy: 'Check the label list in custom_model.yaml.',
  },
} as const satisfies Record<string, FindingKind>;

const RADIOMICS = {
  TEXTURE_ON_UNEVEN_SLICES: {
    severity: 'warning',
    meaning: 'A region lies on unevenly spaced slices and nothing resamples them: it has no features.',
    remedy: 'Set a resampled spacing in the radiomics settings.',
  },
  MASK_RESAMPLED: {
    severity: 'warning',
    meaning: 'Mask and image lie on different grids: the mask was resampled.',
    remedy: 'Give a mask on the grid of the image.',
  },
  NO_SHAPE2D: {
    severity: 'warning',
    meaning: 'The 2D shape features were asked for, but the region is not one voxel thick or force2D is off.',
    remedy: 'Set force2D, or do not ask for shape2D.',
  },
  TOO_MANY_GRAY_LEVELS: {
    severity: 'error',
    meaning: 'The bin width gives more grey levels than textures can be computed for: they are missing.',
    remedy: 'Choose a larger bin width.',
  },
  IMAGE_NOT_FINITE: {
    severity: 'error',
    meaning:
      'A filtered image has no finite value in the region, as NaN or infinity in the image spreads: its features are missing.',
    remedy: 'Replace the NaN and infinite voxels of the image, or set preCrop where they lie far from the region.',
  },
  MASK_VALUE_NOT_WHOLE: {
    severity: 'warning',
    meaning: 'All voxels of a mask have one value that is no whole number: they are taken as label 1.',
    remedy: 'Check that the mask is not scaled by mistake; write labels as whole numbers.',
  },
  MASK_ON_PART_OF_IMAGE: {
    severity: 'info',
    meaning: 'The grid of a mask is a part of that of its image, or turned: the same voxels of the image are taken.',
    remedy: 'Nothing to do.',
  },
  LOG_IMAGE_TOO_SMALL: {
    severity: 'error',
    meaning: 'The image is too small for a LoG filter: its features are missing.',
    remedy: 'Choose a smaller sigma.',
  },
  REGION_TOO_LARGE: {
    severity: 'warning',
    meaning: "Moran's I and Geary's C are left out: the region has too many voxels.",
    remedy: 'Choose a larger voxel spacing.',
  },
  NOT_PERTURBED: {
    severity: 'warning',
    meaning: 'The robustness of a structure could not be measured.',
    remedy: 'Read the reason in the message.',
  },
  PERTURBATIONS_FAILED: {
    severity: 'warning',
    meaning: 'Some perturbations of a structure gave no features.',
    remedy: 'Read the example in the message; small structures vanish under large perturbations.',
  },
  NOISE_FOR_HU_ONLY: {
    severity: 'info',
    meaning: 'The noise levels are in HU: an image in another unit got no noise.',
    remedy: 'Nothing to do.',
  },
} as const satisfies Record<string, FindingKind>;

const QUALITY = {
  HU_AIR_OFF: {
    severity: 'warning',
    meaning: 'The air around the patient is not near -1000 HU, or a CT shows no air: its values may be no HU.',
    remedy: 'Check rescale slope and intercept of the CT and its calibration; features and densities follow from them.',
  },
  HU_TISSUE_OFF: {
    severity: 'warning',
    meaning: 'The most frequent soft tissue of a CT lies far from 0 HU.',
    remedy: 'Check rescale slope and intercept of the CT and its calibration.',
  },
  METAL_IN_IMAGE: {
    severity: 'info',
    meaning: 'A CT shows metal: an implant, a filling or a marker.',
    remedy: 'Look for streaks in the structures beside it; their features and dose may be affected.',
  },
  BODY_TRUNCATED: {
    severity: 'warning',
    meaning: 'The body outline is cut by the side of the image or of the reconstructed field of view.',
    remedy: 'Reconstruct the image with a larger field of view; dose and volumes at that side are of a cut patient.',
  },
  CONTRAST_DIFFERS: {
    severity: 'warning',
    meaning: 'The brightness of great vessels does not fit what the image states about a contrast agent.',
    remedy: 'Find out whether contrast was given before you compare intensities between patients.',
  },
  STRUCTURE_ISLANDS: {
    severity: 'warning',
    meaning: 'A structure has small pieces apart from its main part.',
    remedy: 'Look at the pieces; stray contours change extremes of dose and shape features.',
  },
  ORGAN_IN_PIECES: {
    severity: 'warning',
    meaning: 'An organ that is one piece in the body is drawn as several large pieces.',
    remedy: 'Look for missing contours or a second organ under the same name.',
  },
  LEFT_RIGHT_SWAPPED: {
    severity: 'error',
    meaning: 'A structure named left lies to the right of its partner named right.',
    remedy: 'Correct the names; do not use the rows of both before.',
  },
  SIDE_UNLIKELY: {
    severity: 'warning',
    meaning: 'A structure named left or right, without a partner, lies on the other side of the body.',
    remedy: 'Check the name of the structure.',
  },
  ORGANS_OVERLAP: {
    severity: 'warning',
    meaning: 'Two organs that exclude each other share a part of their volume.',
    remedy: 'Correct the outlines, or check their names.',
  },
  TARGETS_NOT_NESTED: {
    severity: 'warning',
    meaning: 'A part of a GTV lies outside its CTV, or of a CTV outside its PTV.',
    remedy: 'Check the outlines; a margin may have been cut on purpose.',
  },
  VOLUME_UNUSUAL: {
    severity: 'warning',
    meaning: 'The volume of an organ lies outside the range of adults.',
    remedy: 'Look at the outline and the name; set qc.volumes_cc where your patients differ.',
  },
  OUTSIDE_BODY: {
    severity: 'warning',
    meaning: 'A part of a structure lies outside the body outline.',
    remedy: 'Correct the structure or the body outline.',
  },
  BODY_HOLDS_AIR: {
    severity: 'warning',
    meaning: 'The body outline leaks: it holds air around the patient, or the couch.',
    remedy: 'Correct the body outline; dose was calculated in it.',
  },
  NAME_CONTENT_DIFFERS: {
    severity: 'warning',
    meaning: 'What lies in a structure does not fit its name: other HU, or another organ by the segmentation.',
    remedy: 'Check the name of the structure.',
  },
  DOSE_GRID_COARSE: {
    severity: 'warning',
    meaning: 'The voxels of the dose are large: steep gradients and small structures are blurred.',
    remedy: 'Export the dose on a finer grid; metrics of small structures are uncertain.',
  },
  TARGET_DOSE_DIFFERS: {
    severity: 'warning',
    meaning: 'The median dose (D50%) of a target does not fit its prescription.',
    remedy: 'Check prescription, plan and dose: boost or phase missing, other target, or another plan.',
  },
  DOSE_SCALE_UNLIKELY: {
    severity: 'error',
    meaning: 'The dose of the targets is off their prescription by 100 or by the number of fractions.',
    remedy: 'Check the unit of the dose (cGy) and whether it is that of one fraction.',
  },
  PRESCRIPTION_CONTRADICTED: {
    severity: 'warning',
    meaning: 'Fractions times the doses of the beams do not make the prescription of the plan.',
    remedy: 'Check number of fractions, beam doses and prescription in the plan.',
  },
  MU_MISSING: {
    severity: 'warning',
    meaning: 'A treatment beam has no monitor units.',
    remedy: 'Export the final plan; one without monitor units was not treated.',
  },
  MU_UNUSUAL: {
    severity: 'warning',
    meaning: 'The monitor units of a plan are few or many for its dose.',
    remedy: 'Check beam doses, fractions and monitor units of the plan.',
  },
  METERSET_DIFFERS: {
    severity: 'warning',
    meaning: 'The monitor units of delivered fractions differ from those of the plan.',
    remedy: 'Check whether fractions were broken off, or another plan was delivered.',
  },
  APPROVAL_REJECTED: {
    severity: 'error',
    meaning: 'The plan of the chosen dose, or its structure set, is rejected.',
    remedy: 'Find the plan and structure set that were treated.',
  },
  STRUCTURE_SET_NOT_APPROVED: {
    severity: 'info',
    meaning: 'The structure set of the plan does not state that it is approved.',
    remedy: 'Check that it is the one that was treated, and no draft.',
  },
  DATES_OUT_OF_ORDER: {
    severity: 'warning',
    meaning: 'The dates of image, structure set, plan and first fraction do not follow each other.',
    remedy: 'Check that they belong to one course; a de-identification may have shifted them apart.',
  },
  PLANNING_INTERVAL_LONG: {
    severity: 'info',
    meaning: 'Much time lies between the planning image and the plan.',
    remedy: 'Check that image and plan belong to one course.',
  },
  COHORT_OUTLIER: {
    severity: 'warning',
    meaning: 'A structure differs much from those of the same name in the cohort, in volume, HU or dose.',
    remedy: 'Look at the structure; it may be misnamed, incomplete or truly unusual.',
  },
} as const satisfies Record<string, FindingKind>;

const TABLES = {
  ROWS_LEFT_OUT: {
    severity: 'error',
    meaning: 'Rows of a result table hold what their columns cannot hold, and are left out; the other rows stand.',
    remedy: 'This is a defect of the product: report it with the message. The rows are missing until it is mended.',
  },
  COURSE_DAMAGED: {
    severity: 'error',
    meaning: 'What is kept of a course is damaged: it is in no table but status.',
    remedy: 'Run again: it is made again. If it comes back, look at the disk.',
  },
  KEY_REPEATED: {
    severity: 'error',
    meaning: 'Rows of a result table share the key that should tell them apart: a join would multiply them.',
    remedy: 'Look for a ROI number and name that a structure set lists twice; mend them in the source system.',
  },
} as const satisfies Record<string, FindingKind>;

const RUN = {
  ROI_NOT_COMPUTED: {
    severity: 'error',
    meaning: 'A structure has no result because its computation ran out of time or memory, or failed.',
    remedy:
      'Read the reason in the message, raise the limit that it names, and run again: the stage is computed again.',
  },
  OUTPUT_DAMAGED: {
    severity: 'warning',
    meaning: 'A file that an earlier run wrote is no longer what it wrote: the stage was computed again.',
    remedy: 'Check the disk, and who writes into the folder of the results.',
  },
} as const satisfies Record<string, FindingKind>;

/** Every code by subject, in the order of the documentation. One fact has one code, whoever finds it. */
export const FINDING_SUBJECTS = {
  'Courses, plans and the choice of the dose': COURSES,
  'Image series': IMAGES,
  'Structures and contours': STRUCTURES,
  'Doses and dose-volume histograms': DOSES,
  Registrations: REGISTRATIONS,
  Segmentation: SEGMENTATION,
  'Radiomics and robustness': RADIOMICS,
  'Quality control': QUALITY,
  'Result tables': TABLES,
  'The run itself': RUN,
} as const;

export const FINDINGS = {
  ...COURSES,
  ...IMAGES,
  ...STRUCTURES,
  ...DOSES,
  ...REGISTRATIONS,
  ...SEGMENTATION,
  ...RADIOMICS,
  ...QUALITY,
  ...TABLES,
  ...RUN,
} as const;

/** Upper snake case, stable: `DOSE_WITHOUT_PLAN`. */
export type FindingCode = keyof typeof FINDINGS;
