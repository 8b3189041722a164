import { editDistance } from './edit-distance.ts';
import { SYNONYMS } from './synonyms.ts';
import { standardTarget } from './target.ts';
import { TG263_NAMES } from './tg263.ts';
import { standardNameOfLabel } from './totalsegmentator.ts';
import { keysOf, type NameWords, type Side, wordsOf } from './words.ts';

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

export interface Harmonised {
  /** The TG-263 name; null when none is certain. */
  standardName: string | null;
  rule: NameRule;
  /** A near name, for a person to judge; never applied. */
  suggestion: string | null;
}

/**
 * The TG-263 name of a structure, by the first rule that fits: the configuration's own table (whatever the case), TG-263
 * itself, TotalSegmentator's labels, targets, planning risk volumes, spellings and synonyms in seven languages.
 */
export function harmonise(name: string, overrides: Readonly<Record<string, string>> = {}): Harmonised {
  const override = Object.keys(overrides).find((own) => own.toLowerCase() === name.trim().toLowerCase());
  if (override !== undefined) return certain(overrides[override], 'override');
  if (TG263_NAMES.includes(name.trim())) return certain(name.trim(), 'exact');
  const label = standardNameOfLabel(withoutModel(name));
  if (label !== undefined) return { standardName: label, rule: 'totalsegmentator', suggestion: null };
  const target = standardTarget(name);
  if (target) return { ...target, rule: 'target' };
  if (PLANNING_AID.test(name.trim())) return { standardName: null, rule: 'planning_aid', suggestion: null };
  const prv = PRV.exec(name.trim());
  return prv ? riskVolume(prv, overrides) : bySpelling(wordsOf(withoutModel(name)));
}

const PLANNING_AID =
  /^([~_]|z+[\s_A-Z]|([Rr]ing|RING|([Ii]so)?[Dd]ose|DOSE|[Hh]otspot|[Cc]oldspot|[Oo]pti?)([\s_\d-]|$))/;
const PRV = /^(.*?)[\s_-]*PRV[\s_-]*(\d{1,2})?\s*(?:mm)?$/i;

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

/** TG-263: the name, _PRV and the margin in mm with two digits. */
function riskVolume([, organ, margin]: string[], overrides: Readonly<Record<string, string>>): Harmonised {
  const { standardName, suggestion } = harmonise(organ, overrides);
  const suffix = `_PRV${(margin ?? '').padStart(margin ? 2 : 0, '0')}`;
  return {
    standardName: standardName && `${standardName}${suffix}`,
    rule: 'prv',
    suggestion: suggestion && `${suggestion}${suffix}`,
  };
}

/** The names of one thing. */
interface Entry {
  plain?: string;
  L?: string;
  R?: string;
  both?: string;
}

function bySpelling({ all, withoutSide, side }: NameWords): Harmonised {
  const whole = lookUp(all)?.plain;
  if (whole !== undefined) return certain(whole, 'synonym');
  const entry = lookUp(withoutSide);
  if (!entry) return { standardName: null, rule: 'none', suggestion: suggest(keysOf(withoutSide)[0], side) };
  const found = nameFor(entry, side);
  if (found !== undefined) return certain(found, 'synonym');
  if (side === undefined) return { standardName: null, rule: 'side_missing', suggestion: null };
  return { standardName: null, rule: 'none', suggestion: entry.plain ?? null };
}

function lookUp(words: string[]): Entry | undefined {
  const [spelling, anyOrder] = keysOf(words);
  return index.spellings.get(spelling) ?? index.orders.get(anyOrder);
}

function nameFor(entry: Entry, side: Side | undefined): string | undefined {
  return side === undefined ? entry.plain : entry[side];
}

/** Short words are too alike to guess: one slip from four letters on, two from eight. */
function suggest(spelling: string, side: Side | undefined): string | null {
  const most = spelling.length < 4 ? 0 : spelling.length < 8 ? 1 : 2;
  let best: { name: string; distance: number } | undefined;
  if (most === 0) return null;
  for (const [key, entry] of index.spellings) {
    const name = nameFor(entry, side);
    if (name === undefined) continue;
    const distance = editDistance(spelling, key, most);
    if (distance <= most && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

const index = buildIndex();

/** All spellings of TG-263's own names, then the synonyms; what comes first stays. */
function buildIndex(): { spellings: Map<string, Entry>; orders: Map<string, Entry> } {
  const spellings = new Map<string, Entry>();
  const orders = new Map<string, Entry>();
  const entries = new Map<string, Entry>();
  for (const name of TG263_NAMES) {
    const [, base, side] = /^(.*?)(?:_([LR]))?$/.exec(name) as unknown as [string, string, 'L' | 'R' | undefined];
    const entry = entries.get(base) ?? {};
    entries.set(base, entry);
    entry[side ?? 'plain'] = name;
    add(spellings, orders, base, entry);
  }
  for (const [base, entry] of entries) entry.both ??= entries.get(`${base}s`)?.plain;
  for (const [base, text] of Object.entries(SYNONYMS)) {
    const entry = entries.get(base);
    if (!entry) throw new RangeError(`the synonyms name ${base}, which TG-263 does not`);
    for (const synonym of text.split(',')) add(spellings, orders, synonym, entry);
  }
  return { spellings, orders };
}

function add(spellings: Map<string, Entry>, orders: Map<string, Entry>, name: string, entry: Entry): void {
  const [spelling, anyOrder] = keysOf(wordsOf(name).all);
  if (!spellings.has(spelling)) spellings.set(spelling, entry);
  if (!orders.has(anyOrder)) orders.set(anyOrder, entry);
}
