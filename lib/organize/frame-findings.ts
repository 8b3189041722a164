import { type Finding, finding } from '../findings.ts';
import type { CourseDose, CourseStructureSet } from '../rt/course.ts';
import { joinFrames } from '../rt/join-frames.ts';
import type { Registration } from '../rt/registration.ts';
import { registrationFindings } from './registrations.ts';

/** The parts of a course that lie in frames of reference. */
export interface InFrames {
  structureSets: CourseStructureSet[];
  doses: CourseDose[];
  registrations: Registration[];
}

/**
 * What is odd about the registrations of a course, and which structure sets they bring to the frame of reference of the
 * primary structure set. Of several registrations it is said which one counts, or that none does.
 */
export function frameFindings({ structureSets, doses, registrations }: InFrames): Finding[] {
  const home = structureSets.find((set) => set.role === 'primary')?.header.frameOfReferenceUids[0];
  const own = registrations.flatMap(registrationFindings);
  if (home === undefined) return own;
  const guests = structureSets.filter(({ header }) => !header.frameOfReferenceUids.includes(home));
  const frames = [
    ...guests.flatMap(({ header }) => header.frameOfReferenceUids),
    ...doses.map(({ header }) => header.frameOfReferenceUid),
  ];
  const joins = [...new Set(frames)].filter(Boolean).map((frame) => joinFrames(registrations, frame, home));
  const registered = guests.flatMap(({ sopInstanceUid, header }) => {
    const joined = header.frameOfReferenceUids.map((frame) => joinFrames(registrations, frame, home));
    const join = joined.find(({ matrix }) => matrix !== undefined);
    if (!join?.matrix) return [];
    const message = `joined to the course by registration ${join.registrationUids.join(', ')}`;
    return [finding('STRUCTURE_SET_REGISTERED', sopInstanceUid, message)];
  });
  return distinct([...own, ...joins.flatMap((join) => join.findings), ...registered]);
}

function distinct(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((found) => [`${found.code} ${found.where} ${found.message}`, found])).values()];
}
