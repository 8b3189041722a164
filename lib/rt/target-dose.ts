import { CGY_PER_GY } from '../units.ts';

/** A target is cropped from the skin by mm (TG-263, target rule 8); more is another number behind a hyphen. */
export const MOST_CROP_MM = 20;
/** Bare numbers in cGy that are doses. */
const LEAST_DOSE_CGY = 500;
const MOST_DOSE_CGY = 12_000;
/** Doses that are written with their unit. */
const LEAST_GY = 2;
const MOST_GY = 120;
/** Numbers up to this count targets; larger ones without a unit may be doses. */
export const MOST_TARGETS = 19;
/** A bare number of more may be a part of a dose. */
const MOST_BARE_GY = 99.99;

/** A dose that a name states. */
export interface NamedDose {
  doseGy: number;
  /** The number may mean something else, such as a year or a count of targets: a plan has to confirm it. */
  isOpen: boolean;
}

const NUMBER = '\\d{1,3}(?:[.,p]\\d{1,2})?';
/** `20Gyx3`, `2000x3`, `3 x 20 Gy`: the dose of one fraction and their number. */
const PER_FRACTION = new RegExp(
  `(?<!\\d)(?:(${NUMBER})\\s*Gy\\s*x\\s*(\\d{1,2})|(\\d{3,5})(?:\\s*cGy)?\\s*x\\s*(\\d{1,2}))(?!\\d)`,
  'i',
);
const FRACTIONS_FIRST = new RegExp(`(?<!\\d)(\\d{1,2})\\s*x\\s*(${NUMBER})\\s*Gy`, 'i');
const WITH_UNIT = /(?<!\d)(?<!\d[.,p])(\d+(?:[.,p]\d+)?)\s*(c?Gy)/i;
/** Not lengths, parts or numbers of fractions; 50p4 without its unit is no certain dose. */
const BARE = /(?<!\d)(?<!\d[.,])\d+(?:[.,]\d+)?(?!\d|[.,p]\d|\s*(?:mm|cm|%|fx|#))/gi;

/**
 * The dose in the name of a target (TG-263, rules for targets): PTV_7000 and PTVp_5040 in cGy, PTV_50p4Gy, CTV5000cGy,
 * PTV_Liver_20Gyx3 (60 Gy), and perhaps PTV70. Numbers that count targets (PTV_1, PTV12), crop them (PTV-20) or follow ^
 * are none.
 */
export function doseInName(name: string): NamedDose | undefined {
  const text = withoutCrop(name.split('^')[0].trim());
  const total = perFraction(text);
  if (total !== undefined) return stated(total);
  const withUnit = WITH_UNIT.exec(text);
  if (withUnit) return stated(gray(withUnit[1]) / (/^c/i.test(withUnit[2]) ? CGY_PER_GY : 1));
  for (const [token] of text.matchAll(BARE)) {
    const bare = bareDose(token);
    if (bare) return bare;
  }
  return undefined;
}

/**
 * What a number without a unit says in the name of a target: four or five digits are cGy, as TG-263 writes a dose, and open
 * if they may be a year. Three digits from 500 may be cGy, and numbers from 20 to below 100 may be Gy.
 */
export function bareDose(digits: string): NamedDose | undefined {
  const value = gray(digits);
  if (/^\d{3,5}$/.test(digits))
    return isPlausibleDose(value)
      ? { doseGy: value / CGY_PER_GY, isOpen: digits.length === 3 || isOpenDose(digits) }
      : undefined;
  return value > MOST_TARGETS && value <= MOST_BARE_GY ? { doseGy: value, isOpen: true } : undefined;
}

function perFraction(text: string): number | undefined {
  const dose = PER_FRACTION.exec(text);
  if (dose)
    return dose[1] === undefined ? (Number(dose[3]) * Number(dose[4])) / CGY_PER_GY : gray(dose[1]) * Number(dose[2]);
  const first = FRACTIONS_FIRST.exec(text);
  return first ? Number(first[1]) * gray(first[2]) : undefined;
}

function withoutCrop(text: string): string {
  const crop = /-(\d{2})$/.exec(text);
  return crop && Number(crop[1]) <= MOST_CROP_MM ? text.slice(0, crop.index) : text;
}

/** TG-263 writes a decimal point as `p`. */
function gray(text: string): number {
  return Number(text.replace(/[,p]/i, '.'));
}

function stated(doseGy: number): NamedDose | undefined {
  return doseGy >= LEAST_GY && doseGy <= MOST_GY ? { doseGy, isOpen: false } : undefined;
}

/** Digits without a unit that may be no dose in cGy: too little or too much for one, a year, targets in a row (1234). */
export function isOpenDose(digits: string): boolean {
  const value = Number(digits);
  const isYear = value >= 1990 && value <= 2039 && value !== 2000;
  return isYear || !isPlausibleDose(value);
}

/** Whether a course may prescribe so much to a target: 100 and 105 are parts of a dose, 1234 counts targets. */
export function isPlausibleDose(centigray: number): boolean {
  return centigray >= LEAST_DOSE_CGY && centigray <= MOST_DOSE_CGY && centigray !== 1234;
}
