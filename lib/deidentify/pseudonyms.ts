import { uidFromDigest } from '../dicom/uid.ts';
import { patientPseudonym } from '../pseudonym.ts';

/** Keyed SHA-256 or another digest of at least 16 bytes, under a secret that stays with the owner of the data. */
export type Digest = (text: string) => Uint8Array;

/** Replacements that follow from the secret alone: the same secret gives the same ones in every run. */
export interface Pseudonyms {
  /** A UID in place of another; well-known ones (PS3.6 annex A) stay. */
  uid(original: string): string;
  /** `P-` and 32 digits, for PatientID and PatientName. */
  patient(original: string): string;
  /** Days that all dates of a patient move by: 1 to 10 years back, whole weeks, so that weekdays stay. */
  shiftDays(patient: string): number;
}

const WEEKS = { least: 52, span: 470 };

export function pseudonyms(digest: Digest): Pseudonyms {
  return {
    uid: (original) =>
      /^1\.2\.840\.10008(\.|$)/.test(original) ? original : uidFromDigest(digest(`uid\n${original}`)),
    patient: (original) => patientPseudonym(original, (text) => hex(digest(text))),
    shiftDays(patient) {
      const [a, b] = digest(`dates\n${patient}`);
      return -7 * (WEEKS.least + ((256 * a + b) % WEEKS.span));
    },
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
