import type { FindingKind } from './kind.ts';

export const REGISTRATIONS = {
  STRUCTURE_SET_REGISTERED: {
    severity: 'info',
    meaning: 'A structure set has another frame of reference; a rigid registration links it to the course.',
    remedy: 'Check the quality of the registration.',
  },
  REGISTRATION_REFUSED: {
    severity: 'warning',
    meaning:
      'A registration is not used: it is deformable, its matrix is not a rigid motion, or it contradicts itself.',
    remedy: 'Export the rigid registration again. Until then the objects of the two frames of reference stay separate.',
  },
  REGISTRATION_REPEATED: {
    severity: 'warning',
    meaning: 'Several items of a registration belong to one frame of reference. If they differ, none is used.',
    remedy: 'Export the registration again with one item for each frame of reference.',
  },
  REGISTRATION_WITHIN_FRAME: {
    severity: 'warning',
    meaning: 'A registration moves images within one frame of reference: it is not applied.',
    remedy: 'Check that images, contours and dose of the frame fit each other without the registration.',
  },
  REGISTRATION_ORDER: {
    severity: 'info',
    meaning: 'A registration has several matrices, and their order matters: the first one is applied first.',
    remedy: 'Check a structure that this registration moved.',
  },
  REGISTRATION_FRAME_BY_IMAGES: {
    severity: 'info',
    meaning: 'A registration names images but no frame of reference: the frame of the images is used.',
    remedy: 'Nothing to do.',
  },
  REGISTRATION_SUPERSEDED: {
    severity: 'warning',
    meaning: 'Several registrations of the same two frames of reference differ: the newest is used.',
    remedy: 'Remove the registrations that do not count from the upload.',
  },
  REGISTRATIONS_CONTRADICT: {
    severity: 'error',
    meaning:
      'Several registrations of the same two frames of reference differ, and their dates do not decide: none is used.',
    remedy: 'Remove the registrations that do not count from the upload.',
  },
} as const satisfies Record<string, FindingKind>;
