import { type IdentityWords, tellsOfPerson, withoutWords } from '../deidentify/clean-text.ts';
import { finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';

/** Names of fields whose texts no file wrote, or that hold UIDs, dates and times: a number in them tells of nobody. */
const NO_TEXT = new Set(
  `key version courseId displayName where code severity role rule confidence status imageStatus planStatus
  structureSetStatus planningStatus source numberSource contourImages patient`.split(/\s+/),
);
const NO_TEXT_ENDS = /(uids?|date|time)$/i;

/**
 * What DICOM PS3.3 defines for attributes that the analysis asks for, and words of planning: a patient called Beam must not
 * take the word from a dose of a BEAM.
 */
const TERMS = new Set(
  `PLAN MULTI_PLAN PLAN_OVERVIEW FRACTION BEAM BRACHY FRACTION_SESSION BEAM_SESSION BRACHY_SESSION CONTROL_POINT RECORD
  PHYSICAL EFFECTIVE ERROR GY RELATIVE MU MINUTE NP CURATIVE PALLIATIVE PROPHYLACTIC VERIFICATION MACHINE_QA RESEARCH SERVICE
  PATIENT TREATMENT_DEVICE APPROVED UNAPPROVED REJECTED TARGET ORGAN_AT_RISK POINT VOLUME COORDINATES SITE STATIC DYNAMIC
  PHOTON ELECTRON NEUTRON PROTON ION TREATMENT OPEN_PORTFILM TRMT_PORTFILM CONTINUATION SETUP NON_STANDARD STANDARD
  NORMAL OPERATOR MACHINE UNKNOWN INTRALUMENARY INTRACAVITARY INTERSTITIAL CONTACT INTRAVASCULAR PERMANENT MANUAL HDR MDR
  LDR PDR FLETCHER_SUIT DELCLOS BLOEDORN JOSLIN_FLYNN CHANDIGARH MANCHESTER HENSCHKE NASOPHARYNGEAL OESOPHAGEAL
  ENDOBRONCHIAL SYED_NEBLETT ENDORECTAL PERINEAL EXTERNAL PTV CTV GTV TREATED_VOLUME IRRAD_VOLUME BOLUS AVOIDANCE ORGAN
  MARKER REGISTRATION ISOCENTER CONTRAST_AGENT CAVITY BRACHY_CHANNEL BRACHY_ACCESSORY BRACHY_SRC_APP BRACHY_CHNL_SHLD
  SUPPORT FIXATION DOSE_REGION DOSE_MEASUREMENT CONTROL PRIOR ALTERNATIVE PREDECESSOR VERIFIED_PLAN CONCURRENT CT MR PT
  RTDOSE RTPLAN RTSTRUCT RTRECORD REG SEG NM US CR DX RTIMAGE`.split(/\s+/),
);

/**
 * The course without the patient's and the staff's words in the texts that the files wrote: labels, descriptions, names of
 * beams, machines and structures, and sentences that quote them. A structure becomes `ROI_<number>`, as names are keys and half a
 * name may mean another thing; elsewhere `***` stands for the word. How many texts changed is a finding.
 */
export function hideIdentity(course: Course, identity: IdentityWords): Course {
  let changed = 0;
  const hide = (text: string, instead: () => string): string => {
    if (TERMS.has(text) || !tellsOfPerson(text, identity)) return text;
    changed += 1;
    return instead();
  };
  const inside = (value: unknown): unknown => {
    if (typeof value === 'string') return hide(value, () => withoutWords(value, identity));
    if (Array.isArray(value)) return value.map(inside);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, field(name, inner, value)]));
  };
  const field = (name: string, value: unknown, owner: object): unknown => {
    if (NO_TEXT.has(name) || NO_TEXT_ENDS.test(name)) return value;
    const number = structureNumber(name, owner);
    if (number !== undefined && typeof value === 'string') return hide(value, () => `ROI_${number}`);
    return inside(value);
  };
  const hidden = inside(course) as Course;
  if (changed === 0) return course;
  const message = `${changed} texts of the files held words of the patient or the staff: *** or ROI_<number> stands there`;
  return { ...hidden, findings: [...hidden.findings, finding('IDENTITY_HIDDEN', course.courseId, message)] };
}

/** The number of the structure whose name this is: of an ROI in a structure set, or of the one that a finding is about. */
function structureNumber(name: string, owner: object): unknown {
  if (name === 'roiName' && 'roiNumber' in owner) return owner.roiNumber;
  return name === 'name' && 'number' in owner && 'interpretedType' in owner ? owner.number : undefined;
}
