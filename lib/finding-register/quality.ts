import type { FindingKind } from './kind.ts';

export const QUALITY = {
  HU_AIR_OFF: {
    severity: 'warning',
    meaning: 'The air around the patient is not near -1000 HU, or a CT shows no air: its values may not be HU.',
    remedy: 'Check rescale slope and intercept of the CT and its calibration. Features and densities depend on them.',
  },
  HU_TISSUE_OFF: {
    severity: 'warning',
    meaning: 'The most frequent soft tissue of a CT lies far from 0 HU.',
    remedy: 'Check rescale slope and intercept of the CT and its calibration.',
  },
  METAL_IN_IMAGE: {
    severity: 'info',
    meaning: 'A CT shows metal: an implant, a filling or a marker.',
    remedy: 'Look for streaks in the structures near it. Their features and dose may be affected.',
  },
  BODY_TRUNCATED: {
    severity: 'warning',
    meaning: 'The edge of the image or of the reconstructed field of view cuts the body outline.',
    remedy: 'Reconstruct the image with a larger field of view. At that side dose and volumes are incomplete.',
  },
  CONTRAST_DIFFERS: {
    severity: 'warning',
    meaning: 'The brightness of the great vessels does not fit the contrast information of the image.',
    remedy: 'Find out whether contrast was given before you compare intensities between patients.',
  },
  BODY_PART_DIFFERS: {
    severity: 'warning',
    meaning: 'The header of an image states a body part that lies far from the organs in the image.',
    remedy:
      'Check that the image is of this patient and treatment. A scanner may state the body part of another protocol.',
  },
  STRUCTURE_ISLANDS: {
    severity: 'warning',
    meaning: 'A structure has small pieces apart from its main part.',
    remedy: 'Look at the pieces. Stray contours change minimum and maximum dose and shape features.',
  },
  ORGAN_IN_PIECES: {
    severity: 'warning',
    meaning: 'An organ that is one piece in the body is drawn as several large pieces.',
    remedy: 'Look for missing contours or a second organ under the same name.',
  },
  LEFT_RIGHT_SWAPPED: {
    severity: 'error',
    meaning: 'A structure named left lies to the right of its partner named right.',
    remedy: 'Correct the names. Do not use the rows of the two structures before.',
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
    remedy: 'Check the outlines. A margin may have been cut on purpose.',
  },
  VOLUME_UNUSUAL: {
    severity: 'warning',
    meaning: 'The volume of an organ lies outside the range of adults.',
    remedy: 'Look at the outline and the name. If your patients differ, set qc.volumes_cc.',
  },
  OUTSIDE_BODY: {
    severity: 'warning',
    meaning: 'A part of a structure lies outside the body outline.',
    remedy: 'Correct the structure or the body outline.',
  },
  BODY_HOLDS_AIR: {
    severity: 'warning',
    meaning: 'The body outline includes air around the patient, or the couch.',
    remedy: 'Correct the body outline: the dose was calculated inside it.',
  },
  NAME_CONTENT_DIFFERS: {
    severity: 'warning',
    meaning:
      'The content of a structure does not fit its name: the HU differ, or the segmentation shows another organ.',
    remedy: 'Check the name of the structure.',
  },
  DOSE_GRID_COARSE: {
    severity: 'warning',
    meaning: 'The voxels of the dose are large: steep gradients and small structures are blurred.',
    remedy: 'Export the dose on a finer grid. Metrics of small structures are uncertain.',
  },
  TARGET_DOSE_DIFFERS: {
    severity: 'warning',
    meaning: 'The median dose (D50%) of a target does not fit its prescription.',
    remedy: 'Check prescription, plan and dose. A boost or phase may be missing, or target or plan may be another.',
  },
  DOSE_SCALE_UNLIKELY: {
    severity: 'error',
    meaning:
      'The dose of the targets differs from their prescription by a factor of 100 or by the number of fractions.',
    remedy: 'Check the unit of the dose (cGy), and whether it is the dose of one fraction.',
  },
  PRESCRIPTION_CONTRADICTED: {
    severity: 'warning',
    meaning: 'The number of fractions times the beam doses does not give the prescription of the plan.',
    remedy: 'Check the number of fractions, the beam doses and the prescription in the plan.',
  },
  MU_MISSING: {
    severity: 'warning',
    meaning: 'A treatment beam has no monitor units.',
    remedy: 'Export the final plan. A plan without monitor units was not treated.',
  },
  MU_UNUSUAL: {
    severity: 'warning',
    meaning: 'The plan has unusually few or many monitor units for its dose.',
    remedy: 'Check beam doses, fractions and monitor units of the plan.',
  },
  METERSET_DIFFERS: {
    severity: 'warning',
    meaning: 'The monitor units of delivered fractions differ from those of the plan.',
    remedy: 'Check whether fractions were interrupted, or another plan was delivered.',
  },
  APPROVAL_REJECTED: {
    severity: 'error',
    meaning: 'The plan of the chosen dose, or its structure set, is rejected.',
    remedy: 'Find the plan and structure set that were treated.',
  },
  STRUCTURE_SET_NOT_APPROVED: {
    severity: 'info',
    meaning: 'The structure set of the plan does not state that it is approved.',
    remedy: 'Check that it is the treated one and not a draft.',
  },
  DATES_OUT_OF_ORDER: {
    severity: 'warning',
    meaning: 'The dates of image, structure set, plan and first fraction are not in this order.',
    remedy: 'Check that they belong to one course. De-identification may have shifted them differently.',
  },
  PLANNING_INTERVAL_LONG: {
    severity: 'info',
    meaning: 'The time between the planning image and the plan is long.',
    remedy: 'Check that image and plan belong to one course.',
  },
  COHORT_OUTLIER: {
    severity: 'warning',
    meaning: 'A structure differs strongly in volume, HU or dose from the structures with the same name in the cohort.',
    remedy: 'Look at the structure. It may have a wrong name, be incomplete, or be truly unusual.',
  },
} as const satisfies Record<string, FindingKind>;
