import { editDistance } from './edit-distance.ts';
import { numberedBone } from './numbered.ts';
import { sideByLetter } from './side-letters.ts';
import { type Entry, lookUp, NAMES, OPEN_SPELLINGS, SPELLINGS } from './spellings.ts';
import { standardTarget } from './target.ts';
import { standardNameOfLabel } from './totalsegmentator.ts';
import { keysOf, type Side, wordsOf } from './words.ts';

/** How a standard name was found, or why there is none. */
export type NameRule =
  | 'override'
  | 'exact'
  | 'totalsegmentator'
  | 'target'
  | 'prv'
  | 'synonym'
  /** An aid of planning that TG-263 has no name for: z..., ~..., rings, isodoses. */
  | 'planning_aid'
  /** The organ is clear and its side is not. */
  | 'side_missing'
  | 'none';

/** How near a name is to TG-263: it follows the report, a rule maps it surely, only a suggestion is left, or nothing. */
export const NAME_STATUSES = ['valid', 'mapped', 'suggested', 'none'] as const;
export type NameStatus = (typeof NAME_STATUSES)[number];

export interface Harmonised {
  /** The TG-263 name; null when none is certain. */
  standardName: string | null;
  rule: NameRule;
  /** A near name, for a person to judge; never applied. */
  suggestion: string | null;
}

/** DICOM allows 64 characters (LO). The rules below take the square of the length, and longer texts are no names. */
const LONGEST_NAME = 256;

/**
 * The TG-263 name of a structure, by the first rule that fits: the configuration's own table (whatever the case), TG-263
 * itself, TotalSegmentator's labels, targets, planning risk volumes, spellings and synonyms in eight languages.
 */
export function harmonise(name: string, overrides: Readonly<Record<string, string>> = {}): Harmonised {
  const override = Object.keys(overrides).find((own) => own.toLowerCase() === name.trim().toLowerCase());
  if (override !== undefined) return certain(overrides[override], 'override');
  if (NAMES.has(name.trim())) return certain(name.trim(), 'exact');
  if (name.length > LONGEST_NAME) return { standardName: null, rule: 'none', suggestion: null };
  const label = standardNameOfLabel(withoutModel(name));
  if (label !== undefined) return { standardName: label, rule: 'totalsegmentator', suggestion: null };
  const target = standardTarget(name, (text) => bySpelling(text).standardName ?? undefined);
  if (target) return { ...target, rule: 'target' };
  if (PLANNING_AID.test(name.trim())) return { standardName: null, rule: 'planning_aid', suggestion: null };
  return byRiskVolume(name.trim(), overrides) ?? bySpelling(withoutModel(name));
}

/** Whether the name itself follows TG-263 (`valid`), or how far its standard name is from it. */
export function nameStatus(name: string, { standardName, suggestion }: Harmonised): NameStatus {
  if (standardName === null) return suggestion === null ? 'none' : 'suggested';
  return standardName === name.trim() ? 'valid' : 'mapped';
}

const PLANNING_AID =
  /^([~_]|z+[\s_A-Z]|([Rr]ing|RING|([Ii]so)?[Dd]ose|DOSE|[Hh]otspot|[Cc]oldspot|[Oo]pti?(?![\s_-]*([Nn]|[Cc]h)))([\s_\d-]|$))/;
const PRV = /^(.*?)[\s_-]*PRV[\s_-]*(\d{1,2})?\s*(?:mm)?(?:_([LR]))?$/i;
const PRV_FIRST = /^PRV[\s_-]*(?:(\d{1,2})\s*(?:mm)?[\s_-]+)?([a-z].*?)(?:[\s_-]+(\d{1,2})\s*(?:mm)?)?$/i;
/** `Cord+5`: perhaps a risk volume of 5 mm. */
const EXPANDED = /^(.*?)[\s_]*\+[\s_]*(\d{1,2})\s*(?:mm)?$/i;

function certain(standardName: string, rule: NameRule): Harmonised {
  return { standardName, rule, suggestion: null };
}

/** `total--heart` and `heart__partial` -> `heart` */
function withoutModel(name: string): string {
  return (
    name
      .trim()
      .replace(/__partial$/i, '')
      .split('--')
      .at(-1) as string
  ).trim();
}

/** TG-263: the name, _PRV, the margin in mm with two digits, the side (Retina_PRV05_L). */
function byRiskVolume(name: string, overrides: Readonly<Record<string, string>>): Harmonised | undefined {
  const behind = PRV.exec(name);
  if (behind) return riskVolume(`${behind[1]}${behind[3] ? `_${behind[3]}` : ''}`, behind[2], overrides);
  const first = PRV_FIRST.exec(name);
  if (first) return riskVolume(first[2], first[1] ?? first[3], overrides);
  const expanded = EXPANDED.exec(name);
  if (!expanded) return undefined;
  const { standardName } = riskVolume(expanded[1], expanded[2], overrides);
  return { standardName: null, rule: 'none', suggestion: standardName };
}

function riskVolume(
  organ: string,
  margin: string | undefined,
  overrides: Readonly<Record<string, string>>,
): Harmonised {
  const { standardName, suggestion } = harmonise(organ, overrides);
  const formed = (name: string) => {
    const [, base, side = ''] = /^(.*?)(_[LR])?$/.exec(name) as RegExpExecArray;
    return `${base}_PRV${margin?.padStart(2, '0') ?? ''}${side}`;
  };
  return {
    standardName: standardName && formed(standardName),
    rule: 'prv',
    suggestion: suggestion && formed(suggestion),
  };
}

function bySpelling(name: string): Harmonised {
  const words = wordsOf(name);
  const whole = lookUp(words.all)?.plain;
  if (whole !== undefined) return certain(whole, 'synonym');
  const bone = numberedBone(words);
  if (bone !== undefined) return certain(bone, 'synonym');
  const { withoutSide, side } = lookUp(words.all) ? words : { ...words, ...sideByLetter(words.all) };
  const entry = lookUp(withoutSide);
  if (!entry) return { standardName: null, rule: 'none', suggestion: suggest(withoutSide, side) };
  const found = nameFor(entry, side);
  if (found !== undefined) return certain(found, 'synonym');
  if (side === undefined) return { standardName: null, rule: 'side_missing', suggestion: null };
  return { standardName: null, rule: 'none', suggestion: entry.plain ?? null };
}

function nameFor(entry: Entry, side: Side | undefined): string | undefined {
  return side === undefined ? entry.plain : entry[side];
}

/**
 * What an open synonym may mean, else the nearest spelling. Short words are too alike to guess: one slip from four letters
 * on, two from eight; a slip changes no digit, and a lone letter is none.
 */
function suggest(words: string[], side: Side | undefined): string | null {
  const [spelling] = keysOf(words);
  const open = OPEN_SPELLINGS.get(spelling);
  if (open) return nameFor(open, side) ?? null;
  if (words.some((word) => /^[a-z]$/.test(word))) return null;
  const most = spelling.length < 4 ? 0 : spelling.length < 8 ? 1 : 2;
  let best: { name: string; distance: number } | undefined;
  if (most === 0) return null;
  for (const [key, entry] of SPELLINGS) {
    const name = nameFor(entry, side);
    if (name === undefined || digitsOf(key) !== digitsOf(spelling)) continue;
    const distance = editDistance(spelling, key, most);
    if (distance <= most && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
