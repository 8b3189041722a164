import { finding } from '../findings.ts';
import type { Check } from './check.ts';

/** Image, structure sets, selected plans and selected doses share one frame of reference (PS3.3 C.7.4.1). */
export const framesOfReference: Check = {
  name: 'frames_of_reference',
  meaning: 'image, structure sets, plans and doses share a frame of reference',
  applies: (facts) => facts.images.some((image) => image.isPlanningImage),
  run(facts) {
    const frame = facts.images.find((image) => image.isPlanningImage)?.frameOfReferenceUid ?? '';
    const others = [
      ...facts.structureSets.map((set) => ({
        kind: 'structure set',
        uid: set.sopInstanceUid,
        frames: set.frameOfReferenceUids,
      })),
      ...facts.plans
        .filter((plan) => plan.selected)
        .map((plan) => ({ kind: 'plan', uid: plan.sopInstanceUid, frames: [plan.frameOfReferenceUid] })),
      ...facts.doses
        .filter((dose) => dose.selected)
        .map((dose) => ({ kind: 'dose', uid: dose.sopInstanceUid, frames: [dose.frameOfReferenceUid] })),
    ];
    return others
      .map((other) => ({ ...other, frames: other.frames.filter(Boolean) }))
      .filter((other) => other.frames.length > 0 && !other.frames.includes(frame))
      .map(({ kind, uid }) =>
        finding(
          'FRAME_OF_REFERENCE_DIFFERS',
          uid,
          `the ${kind} has another frame of reference than the planning image`,
        ),
      );
  },
};
