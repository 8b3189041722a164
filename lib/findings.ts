import { FINDINGS, type FindingCode, type Severity } from './finding-register.ts';

export type { FindingCode, Severity } from './finding-register.ts';

/** The objects of a course that a finding is about, as far as they are known. */
export interface FindingSubject {
  structureSetUid?: string;
  roiNumber?: number;
  roiName?: string;
  /** `manual`, `seg`, `totalsegmentator`, `custom:<model>`, `derived`. */
  source?: string;
  doseUid?: string;
  imageSeriesUid?: string;
  /** Which part of the work on it, where several can meet the same: a filtered image. */
  part?: string;
}

/** Something odd in the data, as data: it travels beside the result instead of stopping it. */
export interface Finding extends FindingSubject {
  code: FindingCode;
  severity: Severity;
  /** The subject: a SOP Instance UID, an ROI number, a key. Never a patient's name or number. */
  where: string;
  /** One sentence for a person. */
  message: string;
  /**
   * Where it is seen, in patient coordinates (DICOM LPS), mm: of several places the first along the patient, or the largest. In
   * the frame of reference of the image that the object lies on. Absent where the fact has no place.
   */
  positionMm?: readonly [x: number, y: number, z: number];
}

/** The register says how severe it is. @param positionMm where it is seen, see `Finding` */
export function finding(
  code: FindingCode,
  where: string,
  message: string,
  positionMm?: Finding['positionMm'],
): Finding {
  return { code, severity: FINDINGS[code].severity, where, message, ...(positionMm && { positionMm }) };
}

/** The findings with what their finder did not know of their subject; what he knew stays. */
export function findingsOn<Found extends Finding>(subject: FindingSubject, findings: readonly Found[]): Found[] {
  return findings.map((found) => ({ ...subject, ...found }));
}

/**
 * Each fact once, and none that is known from `earlier`. Two findings of one code on one structure are one fact, whatever
 * they call it; so are two on one object, but for different messages of one finder.
 */
export function distinctFindings<Found extends Finding>(
  findings: readonly Found[],
  earlier: readonly Finding[] = [],
): Found[] {
  const known = new Set(earlier.map(factOf));
  const said = (found: Found) => (found.roiNumber === undefined ? `${factOf(found)}\n${found.message}` : factOf(found));
  const unknown = findings.filter((found) => !known.has(factOf(found)));
  return [...new Map(unknown.toReversed().map((found) => [said(found), found])).values()].toReversed();
}

function factOf(found: Finding): string {
  const { code, where, structureSetUid, roiNumber, roiName, source, doseUid, imageSeriesUid, part } = found;
  if (roiNumber === undefined) return [code, where].join('\n');
  return [code, structureSetUid, source, roiNumber, roiName, doseUid, imageSeriesUid, part].join('\n');
}
