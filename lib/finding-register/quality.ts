import type { FindingKind } from './kind.ts';

export const QUALITY = {
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
