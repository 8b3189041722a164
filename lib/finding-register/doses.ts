import type { FindingKind } from './kind.ts';

export const DOSES = {
  DOSE_UNUSABLE: {
    severity: 'error',
    meaning: 'The chosen dose could not be read or summed: there are no dose metrics.',
    remedy: 'The message gives the reason. Export the dose again.',
  },
  DOSE_NOT_IN_GY: {
    severity: 'error',
    meaning: 'The dose is relative or has an unknown unit, and the files do not say how many Gy the value 1 is.',
    remedy: 'Export the dose in Gy.',
  },
  DOSE_IN_CGY: {
    severity: 'info',
    meaning: 'DoseUnits is CGY, which DICOM does not define: the values are read as centigray.',
    remedy: 'Nothing to do when the maximum dose is plausible.',
  },
  DOSE_NORMALISED: {
    severity: 'info',
    meaning: 'A relative dose was scaled with the given dose of the value 1.',
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
    remedy: 'Check that the object is a dose and not a difference of doses.',
  },
  DOSE_IMPLAUSIBLE: {
    severity: 'warning',
    meaning: 'The dose exceeds 150 Gy, more than external beams give in a course.',
    remedy: 'Check whether the values are centigray. Close to brachytherapy sources such doses are normal.',
  },
  DOSE_WITHOUT_SUMMATION_TYPE: {
    severity: 'info',
    meaning: 'The dose states no DoseSummationType: PLAN is assumed.',
    remedy: 'Check that the dose belongs to the whole plan.',
  },
  DOSE_FRAMES_UNORDERED: {
    severity: 'warning',
    meaning: 'The frames of the dose are neither ascending nor descending: rtpipeline sorts them.',
    remedy: 'Compare the dose with the planning system.',
  },
  DOSE_FRAME_COUNT: {
    severity: 'warning',
    meaning: 'The number of frames of the dose differs from the number of frame offsets.',
    remedy: 'Compare the dose with the planning system, then export it again.',
  },
  DOSE_FRAME_OFFSETS_UNUSUAL: {
    severity: 'warning',
    meaning: 'The frame offsets of the dose follow neither form of the standard.',
    remedy: 'Compare the dose with the planning system.',
  },
  DOSE_WITHOUT_FRAME_OFFSETS: {
    severity: 'warning',
    meaning: 'The dose states no frame offsets: its slice thickness is used as the distance of the frames.',
    remedy: 'Compare the dose with the planning system.',
  },
  DOSE_SUM_CROPPED: {
    severity: 'warning',
    meaning: 'A dose of the sum reaches beyond the grid of the sum and is cut there.',
    remedy: 'For structures outside, use the doses of the single plans.',
  },
  DOSE_SUM_COVERAGE: {
    severity: 'info',
    meaning: 'A dose of the sum does not cover the whole grid of the sum: outside its own grid it counts as 0.',
    remedy: 'Nothing to do if the uncovered part is far from the beams.',
  },
  TARGET_OUTSIDE_DOSE_GRID: {
    severity: 'error',
    meaning: 'The dose grid covers only a part of a target: its dose metrics describe that part.',
    remedy: 'Calculate the dose on a larger grid.',
  },
  OUTSIDE_DOSE_GRID: {
    severity: 'warning',
    meaning: 'The dose grid covers only a part of a structure: its dose metrics describe that part.',
    remedy: 'Check dose_coverage beside the metrics. Where it matters, calculate the dose on a larger grid.',
  },
  ROI_LACKS_SLICES: {
    severity: 'error',
    meaning:
      'Slices of the image are missing inside an ROI: volume and features describe the rest. Its rows give the number of missing slices.',
    remedy: 'Add the missing slices to the upload, or leave the ROI out of the analysis.',
  },
  DOSE_REGISTERED: {
    severity: 'info',
    meaning: 'A rigid registration moved a dose into the frame of reference of the course.',
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
      'The doses of the course have different frames of reference: without a registration they cannot be summed.',
    remedy:
      'Add the registrations (REG) to the upload. Until then each dose is evaluated with the structures of its own frame.',
  },
  DOSE_REVISED: {
    severity: 'warning',
    meaning: 'One plan has several doses on the same grid: the newest is used, the others are earlier versions.',
    remedy: 'Remove the earlier versions from the upload, or name the dose in dose_override.yaml.',
  },
  DOSE_ASSEMBLED: {
    severity: 'info',
    meaning: 'Several RTDOSE of one plan lie side by side: they are joined into one dose.',
    remedy: 'Nothing to do.',
  },
  DOSE_PLANES_MISSING: {
    severity: 'warning',
    meaning: 'Planes are missing between the parts of a joined dose: the dose is interpolated across the gap.',
    remedy: 'Add the missing RTDOSE files to the upload.',
  },
  DOSE_BY_PLACE: {
    severity: 'warning',
    meaning: 'Several RTDOSE of one plan lie at different places: each ROI is evaluated on the one that covers it.',
    remedy:
      'Check dose_uid and dose_coverage of each row. If one dose holds everything, name it in dose_override.yaml.',
  },
  DOSE_TYPE_CHOSEN: {
    severity: 'warning',
    meaning:
      'A plan has a physical and an RBE-weighted (effective) dose: the one that matches its prescription is used.',
    remedy: 'Check dose_type of each row. To get rows of both, set dvh.all_dose_types.',
  },
  DOSE_BITS_BEYOND_STORED: {
    severity: 'error',
    meaning: 'The values of a dose need more bits than its BitsStored says: all allocated bits are read.',
    remedy: 'Compare the maximum with the planning system. Export the dose with BitsStored equal to BitsAllocated.',
  },
  ROI_IN_OTHER_FRAME: {
    severity: 'error',
    meaning:
      'An ROI lies in another frame of reference than the dose or its image, and no rigid registration links them.',
    remedy: 'Add the registration (REG) to the upload.',
  },
  ROI_REGISTERED: {
    severity: 'info',
    meaning: 'A rigid registration moved an ROI to the dose or to its image.',
    remedy: 'Check the quality of the registration.',
  },
  PICTURES_FAILED: {
    severity: 'warning',
    meaning: 'The pictures of the course for the report could not be drawn. The numbers are not affected.',
    remedy: 'Open the images of the course in a viewer. Report the message as a fault of rtpipeline.',
  },
} as const satisfies Record<string, FindingKind>;
