/**
 * The one rule by which a PatientID becomes a pseudonym, in the tables of a run and in de-identified copies: `P-` and 128
 * bits of a keyed digest. Among a million patients two share one with a chance of 1.5e-27.
 * @param digest of a text under a secret, as at least 32 hexadecimal digits
 */
export function patientPseudonym(patientId: string, digest: (text: string) => string): string {
  return `P-${digest(`patient\n${patientId.trim()}`).slice(0, 32)}`;
}
