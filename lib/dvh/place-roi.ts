import { type Finding, finding } from '../findings.ts';
import type { JoinFrames } from '../rt/join-frames.ts';
import { type CourseRoi, whereOf } from './course-dvh.ts';
import { moveContours, moveMask } from './move-region.ts';

/** A ROI where a dose is, or why it cannot be brought there. */
export interface PlacedRoi {
  region?: CourseRoi['region'];
  /** The registrations that moved it; [] when it stays where it is. */
  registrationUids: string[];
  /** '' when there is a region. */
  reason: string;
  findings: Finding[];
}

/** The region of a ROI in the frame of reference of a dose; an unknown frame is taken to be the same. */
export function placeRoi(roi: CourseRoi, doseFrame: string, join?: JoinFrames): PlacedRoi {
  const { region, frameOfReferenceUid: from } = roi;
  const stays = { region, registrationUids: [], reason: '', findings: [] };
  if (from === '' || doseFrame === '' || from === doseFrame) return stays;
  const joined = join?.(from, doseFrame) ?? {
    reason: 'no registration links the two frames of reference',
    findings: [],
  };
  const where = whereOf(roi);
  if (!joined.matrix) {
    const reason = `its frame of reference differs from that of the dose: ${joined.reason}`;
    return { registrationUids: [], reason, findings: [finding('ROI_IN_OTHER_FRAME', where, reason)] };
  }
  const { matrix, registrationUids } = joined;
  const message = `the ROI was moved to the dose with registration ${registrationUids.join(', ')}`;
  const findings = [finding('ROI_REGISTERED', where, message)];
  const moved: CourseRoi['region'] =
    region.kind === 'mask' ? { kind: 'mask', mask: moveMask(region.mask, matrix) } : moveContours(region, matrix);
  return { region: moved, registrationUids, reason: '', findings };
}
