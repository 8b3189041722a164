import { type IdentityWords, tellsOfPerson, withoutWords } from '../deidentify/clean-text.ts';
import { CODED_TERMS } from '../deidentify/coded-terms.ts';
import { finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';

/**
 * Names of fields that the product wrote itself, or that hold UIDs, dates and times. Numbers in them identify nobody.
 */
const NO_TEXT = new Set(
  `key version courseId displayName where code severity role rule confidence status imageStatus planStatus
  structureSetStatus planningStatus source numberSource contourImages patient`.split(/\s+/),
);
const NO_TEXT_ENDS = /(uids?|date|time)$/i;

/**
 * The course without the patient's and the staff's words in the texts that the files wrote: labels, descriptions, names of
 * beams, machines and structures, and sentences that quote them. A structure becomes `ROI_<number>`, as names are keys and half a
 * name may mean another thing; elsewhere `***` stands for the word. How many texts changed is a finding.
 */
export function hideIdentity(course: Course, identity: IdentityWords): Course {
  let changed = 0;
  const hide = (text: string, instead: () => string): string => {
    if (CODED_TERMS.has(text) || !tellsOfPerson(text, identity)) return text;
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
  const message = `${changed} texts contained names or numbers of the patient or the staff: *** or ROI_<number> replaces them`;
  return { ...hidden, findings: [...hidden.findings, finding('IDENTITY_HIDDEN', course.courseId, message)] };
}

/** The number of the structure whose name this is: of an ROI in a structure set, or of the one that a finding is about. */
function structureNumber(name: string, owner: object): unknown {
  if (name === 'roiName' && 'roiNumber' in owner) return owner.roiNumber;
  return name === 'name' && 'number' in owner && 'interpretedType' in owner ? owner.number : undefined;
}
