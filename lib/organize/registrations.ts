import { type Finding, finding } from '../findings.ts';
import { framesOf as framesOfRegistration, isStill } from '../rt/join-frames.ts';
import type { Registration, RegistrationItem } from '../rt/registration.ts';
import type { IndexRow } from './index-row.ts';

/**
 * Registrations with the frames of items that name images alone (type 1C of PS3.3 C.20.2): the frame of those images.
 * An item whose images are not there, lie in several frames, or in another one than it states, keeps a problem.
 */
export function withFramesOfImages(registrations: IndexRow[], images: IndexRow[]): IndexRow[] {
  const frameOf = new Map(images.map((row) => [row.sopInstanceUid, row.frameOfReferenceUid]));
  return registrations.map((row) => {
    const registration = row.registration!;
    return {
      ...row,
      registration: { ...registration, items: registration.items.map((item) => placed(item, frameOf)) },
    };
  });
}

function placed(item: RegistrationItem, frameOf: ReadonlyMap<string, string>): RegistrationItem {
  const frames = [...new Set(item.imageUids.flatMap((uid) => frameOf.get(uid) ?? []))].filter(Boolean);
  const refused = (problem: string) => ({ ...item, matrix: undefined, problem });
  if (item.frameOfReferenceUid !== '') {
    const isElsewhere = frames.length > 0 && !frames.includes(item.frameOfReferenceUid);
    return isElsewhere ? refused('its images have another frame of reference than it states') : item;
  }
  if (frames.length === 1) return { ...item, frameOfReferenceUid: frames[0], frameByImages: true };
  return refused(
    frames.length === 0
      ? 'an item names no frame of reference, and its images are not in the upload'
      : 'an item names no frame of reference, and its images have several',
  );
}

/** What is odd about a registration, used or not. */
export function registrationFindings(registration: Registration): Finding[] {
  const { sopInstanceUid: where, items } = registration;
  const common = registration.frameOfReferenceUid;
  const refused = [...new Set(items.filter((item) => !item.matrix).map((item) => item.problem))];
  const repeated = framesOfRegistration(registration).filter(
    (frame) => frame !== common && items.filter((item) => item.frameOfReferenceUid === frame && item.matrix).length > 1,
  );
  const within = items.some((item) => item.frameOfReferenceUid === common && item.matrix && !isStill(item.matrix));
  return [
    ...refused.map((problem) => finding('REGISTRATION_REFUSED', where, `the registration is not used: ${problem}`)),
    ...repeated.map((frame) =>
      finding('REGISTRATION_REPEATED', where, `several items of the registration have the frame of reference ${frame}`),
    ),
    ...(within
      ? [
          finding(
            'REGISTRATION_WITHIN_FRAME',
            where,
            'it moves images within its own frame of reference, which is not applied',
          ),
        ]
      : []),
    ...(items.some((item) => item.orderMatters)
      ? [finding('REGISTRATION_ORDER', where, 'the order of its matrices matters: the first is applied first')]
      : []),
    ...(items.some((item) => item.frameByImages)
      ? [finding('REGISTRATION_FRAME_BY_IMAGES', where, 'an item names only images: their frame of reference is used')]
      : []),
  ];
}
