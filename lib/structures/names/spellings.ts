import { BY_RULE, OPEN_SYNONYMS, SYNONYMS } from './synonyms.ts';
import { TG263_NAMES } from './tg263.ts';
import { keysOf, wordsOf } from './words.ts';

/** The names of one thing. */
export interface Entry {
  plain?: string;
  L?: string;
  R?: string;
  both?: string;
}

/** TG-263's list, and the plurals that its rule for both sides together forms. */
export const NAMES: ReadonlySet<string> = new Set([...TG263_NAMES, ...BY_RULE]);

const entries = entriesOf(NAMES);
const { spellings, orders, open } = indexSpellings();

/** Letters and digits of a name without its side -> what it names. */
export const SPELLINGS: ReadonlyMap<string, Entry> = spellings;
/** Spellings that may mean it, for a suggestion only. */
export const OPEN_SPELLINGS: ReadonlyMap<string, Entry> = open;

/** What the words name, in any order. */
export function lookUp(words: string[]): Entry | undefined {
  const [spelling, anyOrder] = keysOf(words);
  return spellings.get(spelling) ?? orders.get(anyOrder);
}

function entriesOf(names: Iterable<string>): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const name of names) {
    const [, base, side] = /^(.*?)(?:_([LR]))?$/.exec(name) as unknown as [string, string, 'L' | 'R' | undefined];
    const entry = found.get(base) ?? {};
    found.set(base, entry);
    entry[side ?? 'plain'] = name;
  }
  for (const [base, entry] of found) {
    const plural = found.get(`${base}s`);
    entry.both ??= plural?.plain;
    if (plural) plural.both ??= plural.plain;
  }
  // A ventricle without a side is the heart's in TG-263's own spelling only: most others mean the brain's.
  found.set('Ventricle', { ...found.get('Ventricle'), plain: undefined });
  return found;
}

/** All spellings of TG-263 names, then the synonyms; the first meaning of a spelling stays. */
function indexSpellings(): { spellings: Map<string, Entry>; orders: Map<string, Entry>; open: Map<string, Entry> } {
  const index = { spellings: new Map(), orders: new Map(), open: new Map() };
  for (const [base, entry] of entries) add(index, base, entry);
  for (const [base, text] of Object.entries(SYNONYMS))
    for (const synonym of text.split(',')) {
      add(index, synonym, entryOf(base));
      add(index, withUmlauts(synonym), entryOf(base));
    }
  for (const [base, text] of Object.entries(OPEN_SYNONYMS))
    for (const synonym of text.split(',')) index.open.set(keysOf(wordsOf(synonym).all)[0], entryOf(base));
  return index;
}

function add(index: { spellings: Map<string, Entry>; orders: Map<string, Entry> }, name: string, entry: Entry): void {
  const [spelling, anyOrder] = keysOf(wordsOf(name).all);
  if (!index.spellings.has(spelling)) index.spellings.set(spelling, entry);
  if (!index.orders.has(anyOrder)) index.orders.set(anyOrder, entry);
}

/** Schilddruese as Schilddrüse is read, whose accents count for nothing. */
function withUmlauts(text: string): string {
  return text.replace(/([aou])e/g, '$1');
}

function entryOf(base: string): Entry {
  const entry = entries.get(base);
  if (!entry) throw new RangeError(`the synonyms name ${base}, which TG-263 does not`);
  return entry;
}
