import { createHash } from 'node:crypto';

/** What names an instance among all others: PS3.3 C.12.1, C.7.3.1 and C.7.2.1. */
export interface InstanceUids {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

/** Where a received instance lies: a folder per study and series, a file per instance. A key names no patient. */
export function instanceKey({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceUids): string {
  return `${seriesFolder(studyInstanceUid, seriesInstanceUid)}${name(sopInstanceUid)}.dcm`;
}

/** Where the instances of a study lie. */
export function studyFolder(studyInstanceUid: string): string {
  return `${name(studyInstanceUid)}/`;
}

/** Where the instances of a series lie. */
export function seriesFolder(studyInstanceUid: string, seriesInstanceUid: string): string {
  return `${studyFolder(studyInstanceUid)}${name(seriesInstanceUid)}/`;
}

/** Another content under the UIDs of an instance that is there already: it lies beside it. */
export function otherContentKey(key: string, file: Uint8Array): string {
  return key.replace(/\.dcm$/, `.${digest(file)}.dcm`);
}

/** Digits and dots: archives hold UIDs that the standard refuses, with components that begin with zero. */
export function isPlainUid(text: string): boolean {
  return /^\d[\d.]{0,63}$/.test(text);
}

/** Text that is not a UID may be a path out of the folder or a name of a person, so its digest replaces it. */
function name(uid: string): string {
  return isPlainUid(uid) ? uid : `no-uid-${digest(uid)}`;
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
