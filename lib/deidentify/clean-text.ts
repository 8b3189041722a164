import { ownKeys } from '../own-keys.ts';
import { wordsOf } from '../structures/names/words.ts';
import { CODED_TERMS } from './coded-terms.ts';
import { VOCABULARY } from './vocabulary.ts';

/** Words of a person or number in the same object, in lower case: they stay nowhere, whatever the vocabulary says. */
export type IdentityWords = ReadonlySet<string>;

/** Latin letters, digits, signs: of other scripts the vocabulary knows no word. */
const LATIN = /^[\p{Script=Latin}\p{M}\p{P}\p{S}\p{Z}0-9\t\r\n\f]*$/u;
/** Three numbers apart by the same sign: 12.03.2019, 2019-03-12. */
const DATE = /(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}(?!\d)/;

/** A target with TG-263's classifier: primary, node, tumour, metastasis, venous thrombosis, nodes, bed. */
const TARGET = /^(igtv|ictv|gtv|ctv|itv|ptv)(p|n|t|m|v|ln|tb|sb|par)$/;

/** True when every word is in the vocabulary or a short number, and no word identifies the person. */
export function isHarmless(text: string, identity: IdentityWords): boolean {
  if (!LATIN.test(text) || DATE.test(text)) return false;
  return wordsOf(text).all.every((word) => isHarmlessWord(word, identity));
}

/** Doses in cGy have four digits; so have years, of which the round ones pass. */
function isHarmlessWord(word: string, identity: IdentityWords): boolean {
  if (identity.has(word)) return false;
  if (!/^\d+$/.test(word)) return VOCABULARY.has(word) || TARGET.test(word);
  return word.length <= 4 && !(/^(19|20)\d\d$/.test(word) && Number(word) % 50 !== 0);
}

/** The text without the pieces that are not harmless. */
export function cleanText(text: string, identity: IdentityWords): string {
  if (isHarmless(text, identity)) return text;
  const pieces = text.split(/[\s_,;|^]+/).filter((piece) => isHarmless(piece, identity) && /[A-Za-z]/.test(piece));
  return pieces.filter(isAscii).join(' ');
}

/** Whether a text contains a word that identifies the person. Numbers in UIDs identify nobody. */
export function tellsOfPerson(text: string, identity: IdentityWords): boolean {
  if (identity.size === 0) return false;
  const said = text.replace(UID, ' ');
  return splitWords(said).some((word) => identity.has(word)) || holdsUnspaced(said, identity);
}

/** The form of values without text, by VR (PS3.5 section 6.2). Their digits identify nobody. */
const OWN_FORM: Record<string, RegExp> = ownKeys({
  AS: /^\d{3}[DWMY]$/,
  DA: /^[\d.]*$/,
  DS: /^[\d+\-.eE ]*$/,
  DT: /^[\d.+-]*$/,
  IS: /^[\d+\- ]*$/,
  TM: /^[\d.:]*$/,
  UI: /^[\d.]*$/,
});
/** Bytes of numbers are hardly ever all letters. */
const PRINTABLE = /^[\x20-\x7e\t\r\n\f]+\0*$/;

/** Whether a value whose VR is not for free text contains an identifying word that someone typed there. */
export function tellsAsValue(value: string, vr: string, identity: IdentityWords): boolean {
  if (!PRINTABLE.test(value) || OWN_FORM[vr]?.test(value.trim())) return false;
  if (vr !== 'CS') return tellsOfPerson(value, identity);
  const known = CODED_TERMS.has(value.trim()) || splitWords(value).every((word) => VOCABULARY.has(word));
  return !known && tellsOfPerson(value, identity);
}

/** What stands where a word was taken out. */
export const HIDDEN = '***';

/** The text with `***` in place of each run of letters and digits that identifies the person. */
export function withoutWords(text: string, identity: IdentityWords): string {
  const runs = new RegExp(`${UID.source}|${WRITTEN_DATE.source}|[\\p{L}\\p{M}\\p{N}]+`, 'gu');
  return text.replace(runs, (run) => (tellsOfPerson(run, identity) ? HIDDEN : run));
}

/** The words of a value that identifies, for `IdentityWords`: too short ones mean nothing. */
export function identityWordsOf(text: string): string[] {
  return splitWords(text)
    .flatMap((word) => [word, germanSpelling(word)])
    .filter((word) => word.length >= (UNSPACED.test(word) ? 2 : 3));
}

const UID = /(?<![\d.])\d+(?:\.\d+){4,}(?![\d.])/g;
const WRITTEN_DATE = /(?<!\d)(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})(?!\d)/g;
/** Scripts without spaces between words, in which two signs are a name. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

function holdsUnspaced(text: string, identity: IdentityWords): boolean {
  if (!UNSPACED.test(text)) return false;
  const lower = text.toLowerCase();
  return [...identity].some((word) => UNSPACED.test(word) && lower.includes(word));
}

/** Spelling of umlauts in plain letters. */
function germanSpelling(word: string): string {
  return word.replace(/[äöüß]/g, (letter) => GERMAN[letter]);
}

const GERMAN: Record<string, string> = ownKeys({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' });

/** Both spellings of a word with digits: as it stands, and its parts as `wordsOf` takes them apart; dates as DICOM writes them. */
function splitWords(text: string): string[] {
  const whole = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const dates = (text.match(WRITTEN_DATE) ?? []).flatMap(datesOf);
  return [...whole, ...wordsOf(text).all, ...dates];
}

/** A date in each order that it may be meant in. */
function datesOf(written: string): string[] {
  const [a, b, c] = written.split(/[./-]/);
  const date = (...parts: string[]) => parts.map((part) => part.padStart(2, '0')).join('');
  return [date(a, b, c), date(c, b, a), date(c, a, b)];
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
