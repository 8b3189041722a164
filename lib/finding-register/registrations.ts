import type { FindingKind } from './kind.ts';

export const REGISTRATIONS = {
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
