import { dictionaryVr } from '../dicom/dictionary.ts';
import { CONFIDENTIAL_ATTRIBUTES } from './attributes.ts';

/** What becomes of an element. `clean`: keep what is surely harmless. `empty`: present without a value. */
export type Action = 'keep' | 'clean' | 'uid' | 'remove' | 'empty' | 'dummy';

/** Options of the profile (PS3.15 section E.3) with their letter in the table and their code in CID 7050 (PS3.16). */
export const PROFILE_OPTIONS = {
  'safe-private': { letter: 's', code: '113111', meaning: 'Retain Safe Private Option' },
  uids: { letter: 'u', code: '113110', meaning: 'Retain UIDs Option' },
  device: { letter: 'd', code: '113109', meaning: 'Retain Device Identity Option' },
  institution: { letter: 'i', code: '113112', meaning: 'Retain Institution Identity Option' },
  'patient-characteristics': { letter: 'p', code: '113108', meaning: 'Retain Patient Characteristics Option' },
  'full-dates': {
    letter: 'f',
    code: '113106',
    meaning: 'Retain Longitudinal Temporal Information Full Dates Option',
  },
  'modified-dates': {
    letter: 'm',
    code: '113107',
    meaning: 'Retain Longitudinal Temporal Information Modified Dates Option',
  },
  descriptors: { letter: 't', code: '113105', meaning: 'Clean Descriptors Option' },
} as const;

export type ProfileOption = keyof typeof PROFILE_OPTIONS;

/** What keeps a cohort of radiotherapy useful: intervals between dates, names of structures, sex, age and weight, SUV. */
export const DEFAULT_OPTIONS: readonly ProfileOption[] = [
  'modified-dates',
  'descriptors',
  'patient-characteristics',
  'safe-private',
];

export const BASIC_PROFILE = { code: '113100', meaning: 'Basic Application Confidentiality Profile' };

interface Rule {
  vr: string;
  basic: string;
  /** Letter of an option -> K or C. */
  options: ReadonlyMap<string, string>;
}

/**
 * What people type in planning systems and table E.1-1 leaves alone, as lines of the table: labels and descriptions of
 * segments, names of beams and blocks, labels of tolerance tables and set-up devices.
 */
const TYPED_TEXTS = `
00620005 LO D tC SegmentLabel
00620006 ST X tC SegmentDescription
300a0043 SH X tC ToleranceTableLabel
300a00c2 LO X tC BeamName
300a00fe LO X tC BlockName
300a01b4 SH Z tC SetupDeviceLabel
`;

const RULES: ReadonlyMap<string, Rule> = new Map(
  (CONFIDENTIAL_ATTRIBUTES + TYPED_TEXTS)
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [tag, vr, basic, options] = line.split(' ');
      const pairs = [...options.matchAll(/([a-z])([KC])/g)].map(([, letter, action]) => [letter, action] as const);
      return [`x${tag}`, { vr, basic, options: new Map(pairs) }];
    }),
);

const TEMPORAL_VRS = new Set(['DA', 'DT', 'TM']);

/**
 * What the profile with these options does to a standard element (`x00100010`). Elements that the table does not name
 * stay, except what identifies by its kind: UIDs of instances are mapped, dates follow the options, names of persons and
 * addresses of servers go; so do elements that PS3.6 does not know. Private elements go (`isSafePrivate` tells which
 * may stay).
 */
export function actionOf(tag: string, options: ReadonlySet<ProfileOption>): Action {
  if (isPrivate(tag) || tag.endsWith('0000') || isCurveOrOverlay(tag)) return 'remove';
  const rule = RULES.get(tag);
  if (!rule) return unlistedAction(tag, options);
  const chosen = [...options].map((option) => rule.options.get(PROFILE_OPTIONS[option].letter));
  if (chosen.includes('K')) return 'keep';
  if (chosen.includes('C')) return 'clean';
  return basicAction(rule.basic, rule.vr);
}

export function isPrivate(tag: string): boolean {
  return Number.parseInt(tag.slice(1, 5), 16) % 2 === 1;
}

/** Dates, times: what is shifted or kept under the options for temporal information. */
export function isTemporal(vr: string): boolean {
  return TEMPORAL_VRS.has(vr);
}

/** PS3.6, the table first: it is the newer edition. */
export function standardVr(tag: string): string | undefined {
  return RULES.get(tag)?.vr ?? dictionaryVr(tag);
}

/** Groups 50xx and 60xx: without their data the rest of an overlay plane means nothing. */
function isCurveOrOverlay(tag: string): boolean {
  return /^x[56]0/.test(tag);
}

/**
 * Of the actions that the standard's table leaves open, the one that suits the type of the attribute. Attributes that
 * may be absent get no made-up date, which would look true, and no empty sequence, which is not allowed.
 */
function basicAction(basic: string, vr: string): Action {
  if (basic === 'U') return 'uid';
  if (basic === 'X/Z/U*') return 'keep';
  if (basic === 'X' || (basic === 'X/Z' && vr === 'SQ')) return 'remove';
  const mayBeLeftOut = isTemporal(vr) && basic.startsWith('X');
  const isDummy = basic.includes('D') && !mayBeLeftOut;
  return isDummy ? 'dummy' : 'empty';
}

/** Classes, transfer syntaxes, coding schemes: they tell what a thing is, not which. */
const CLASS_UIDS = new Set(
  `00080016 0008001a 0008001b 00080062 0008010c 0008010d 00080117 00080118 0008040e 00081150 0008115a 00083002
00340003 3010001f 30100052 30100053 04000010 04000510`
    .split(/\s/)
    .map((tag) => `x${tag}`),
);
/** CodingSchemeURL, URNCodeValue. */
const HARMLESS_URLS = new Set(['x0008010e', 'x00080120']);

function unlistedAction(tag: string, options: ReadonlySet<ProfileOption>): Action {
  const vr = dictionaryVr(tag);
  if (vr === undefined || vr === 'PN') return 'remove';
  if (vr === 'UI') return CLASS_UIDS.has(tag) || options.has('uids') ? 'keep' : 'uid';
  if (vr === 'UR') return HARMLESS_URLS.has(tag) ? 'keep' : 'remove';
  if (!isTemporal(vr) || options.has('full-dates')) return 'keep';
  return options.has('modified-dates') ? 'clean' : 'remove';
}
