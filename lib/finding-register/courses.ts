import type { FindingKind } from './kind.ts';

export const COURSES = {
  PATIENT_ID_DIFFERS: {
    severity: 'warning',
    meaning:
      'Two linked objects (one names the SOP Instance UID of the other) have different PatientIDs, or one ID is blank.',
    remedy: 'Check the PatientID of both in the source system. They count as one patient.',
  },
  PATIENT_ID_SHARED: {
    severity: 'warning',
    meaning: 'Objects under one PatientID differ in birth date or sex: two people may share it.',
    remedy: 'Check in the source system whose objects they are. Their courses stay apart only if nothing links them.',
  },
  PATIENT_NOT_ORGANIZED: {
    severity: 'error',
    meaning: 'The headers of a patient could not be sorted into courses: nothing of the patient is computed.',
    remedy:
      'This is a defect of rtpipeline: report it with the message. The results of other patients are not affected.',
  },
  IDENTITY_HIDDEN: {
    severity: 'info',
    meaning:
      'Labels, descriptions or structure names contained names or numbers of the patient or the staff, and were changed.',
    remedy: 'Usually nothing to do. If you need these structure names, rename the structures at the source.',
  },
  FILES_NOT_DICOM: {
    severity: 'info',
    meaning: 'Some files of the upload are not DICOM and are left out.',
    remedy: 'Nothing to do; the table unassigned lists them.',
  },
  FILES_UNREADABLE: {
    severity: 'warning',
    meaning: 'Some files, folders or archives of the upload are broken or unreadable, and are left out.',
    remedy: 'The table unassigned gives the reason. Copy or export them again, or allow read access.',
  },
  INSTANCES_NOT_RECEIVED: {
    severity: 'error',
    meaning: 'The archive announced instances that did not arrive: series, plans or doses may be incomplete.',
    remedy: 'The table unassigned lists them with the reason. Fetch again, or ask the administrator of the archive.',
  },
  INSTANCES_UNASSIGNED: {
    severity: 'warning',
    meaning: 'DICOM instances of the upload belong to no course.',
    remedy: 'The table unassigned gives the reasons. Add the objects that they need.',
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
    remedy: 'Check that the structure set belongs to the plan, and check the name of the target.',
  },
  NO_DOSE: {
    severity: 'warning',
    meaning: 'The course has no dose: the DVH tables hold volumes only.',
    remedy: 'Add the RTDOSE to the upload. For an imaging study there is nothing to do.',
  },
  FRAME_OF_REFERENCE_DIFFERS: {
    severity: 'error',
    meaning: 'A structure set, plan or dose has another frame of reference than the image that it belongs to.',
    remedy: 'Check that the objects belong together. If a registration links them, add the REG object to the upload.',
  },
  PLAN_STRUCTURE_SET_MISSING: {
    severity: 'warning',
    meaning: 'The structure set that a plan refers to is not in the upload.',
    remedy: 'Add the structure set to the upload.',
  },
  PLAN_STRUCTURE_SET_INFERRED: {
    severity: 'warning',
    meaning: 'A plan was linked to a structure set by frame of reference, because it names none.',
    remedy: 'Check that the plan was made on this structure set.',
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
    remedy: 'Check that the plan was treated and is not a draft.',
  },
  NO_PRESCRIPTION: {
    severity: 'warning',
    meaning: 'The plan states no prescribed dose: metrics relative to the prescription may be missing.',
    remedy: 'State the prescription in dvh.prescriptions.',
  },
  PRESCRIPTION_OPEN: {
    severity: 'warning',
    meaning: 'The number in the name of a target may be its dose, but no plan prescribes it: no prescription is used.',
    remedy: 'State the prescription of the target in dvh.prescriptions.',
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
    meaning: 'A treatment summary gives an impossible number of fractions: fewer than 0 or more than 1,000.',
    remedy: 'Check the record in the source system. The fractions that it lists one by one are used.',
  },
  SUMMARY_DIFFERS: {
    severity: 'warning',
    meaning:
      'The treatment summary and the recorded sessions give different numbers of fractions: the sessions are used.',
    remedy: 'Add the missing records, or find out which number is right.',
  },
  FRACTION_REPEATED: {
    severity: 'warning',
    meaning: 'A fraction is recorded in full more than once under one number: each time counts as a fraction.',
    remedy:
      'Find out whether the patient was treated twice, for example in two sessions a day, or the record was written twice.',
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
    remedy: 'Read the evidence of the dose decision. If it is wrong, name the right dose in dose_override.yaml.',
  },
  DOSE_UNDECIDED: {
    severity: 'error',
    meaning: 'The files do not say which dose was given: all candidates are evaluated, each with its own rows.',
    remedy: 'Name the dose in dose_override.yaml.',
  },
} as const satisfies Record<string, FindingKind>;
