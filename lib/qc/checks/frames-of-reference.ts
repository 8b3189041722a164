import { finding } from '../../findings.ts';
import type { Check } from '../check.ts';

/**
 * Structure sets share the frame of their images; selected plans and doses that of the planning image, or one that a
 * registration joins to it (PS3.3 C.7.4.1).
 */
export const framesOfReference: Check = {
  name: 'frames_of_reference',
  meaning:
    'structure sets have the frame of reference of their images; plans and doses have that of the planning image',
  applies: (facts) => facts.images.some((image) => image.isPlanningImage),
  run(facts) {
    const planning = facts.images
      .filter((image) => image.isPlanningImage)
      .map(({ frameOfReferenceUid }) => frameOfReferenceUid);
    const joined = planning.some(Boolean) ? [...planning, ...facts.joinedFrameUids] : [];
    const others = [
      ...facts.structureSets.map((set) => ({
        what: 'the structure set has another frame of reference than its images',
        uid: set.sopInstanceUid,
        frames: set.frameOfReferenceUids,
        expected: set.imageFrameUids,
      })),
      ...facts.plans
        .filter((plan) => plan.selected)
        .map((plan) => ({
          what: 'the plan has another frame of reference than the planning image',
          uid: plan.sopInstanceUid,
          frames: [plan.frameOfReferenceUid],
          expected: joined,
        })),
      ...facts.doses
        .filter((dose) => dose.selected)
        .map((dose) => ({
          what: 'the dose has another frame of reference than the planning image',
          uid: dose.sopInstanceUid,
          frames: [dose.frameOfReferenceUid],
          expected: joined,
        })),
    ];
    return others
      .filter(({ frames, expected }) => frames.some(Boolean) && expected.some(Boolean))
      .filter(({ frames, expected }) => !frames.some((frame) => frame !== '' && expected.includes(frame)))
      .map(({ what, uid }) => finding('FRAME_OF_REFERENCE_DIFFERS', uid, what));
  },
};
