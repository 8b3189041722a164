import type { FindingKind } from './kind.ts';

export const DOSES = {
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
