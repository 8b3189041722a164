import type { DicomJson } from '../dicom/write.ts';
import { ownKeys } from '../own-keys.ts';

/** A coded concept: PS3.3 section 8. */
export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}

/** A code of PS3.16 annex D. */
export function dcm(value: string, meaning: string): Code {
  return { value, scheme: 'DCM', meaning };
}

const SHORT = 16;
const LONGEST_MEANING = 64;

/** A code of more than 16 characters has its own element: PS3.3 section 8.1. */
export function codeItem({ value, scheme, meaning }: Code): DicomJson {
  return {
    ...(value.length > SHORT ? { LongCodeValue: value } : { CodeValue: value }),
    CodingSchemeDesignator: scheme,
    CodeMeaning: meaning.slice(0, LONGEST_MEANING),
  };
}

/** Units of the tables in UCUM, as PS3.16 CID 82 asks. */
const UNITS: Record<string, Code> = ownKeys({
  '': { value: '1', scheme: 'UCUM', meaning: 'no units' },
  Gy: { value: 'Gy', scheme: 'UCUM', meaning: 'Gray' },
  '%': { value: '%', scheme: 'UCUM', meaning: 'Percent' },
  cc: { value: 'cm3', scheme: 'UCUM', meaning: 'Cubic centimeter' },
  mm: { value: 'mm', scheme: 'UCUM', meaning: 'Millimeter' },
  mm2: { value: 'mm2', scheme: 'UCUM', meaning: 'Square millimeter' },
  mm3: { value: 'mm3', scheme: 'UCUM', meaning: 'Cubic millimeter' },
  HU: { value: "[hnsf'U]", scheme: 'UCUM', meaning: 'Hounsfield unit' },
});

/** The unit of a column; undefined when UCUM has no word for it here. */
export function unitCode(unit: string): Code | undefined {
  return UNITS[unit];
}
