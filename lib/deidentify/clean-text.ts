import { wordsOf } from '../structures/names/words.ts';
import { VOCABULARY } from './vocabulary.ts';

/** Words of a person or number in the same object, in lower case: they stay nowhere, whatever the vocabulary says. */
export type IdentityWords = ReadonlySet<string>;

/** Latin letters, digits, signs: of other scripts the vocabulary knows no word. */
const LATIN = /^[\p{Script=Latin}\p{M}\p{P}\p{S}\p{Z}0-9\t\r\n\f]*$/u;
/** Three numbers apart by the same sign: 12.03.2019, 2019-03-12. */
const DATE = /(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}(?!\d)/;

/** A target with TG-263's classifier: primary, node, tumour, metastasis, venous thrombosis, nodes, bed. */
const TARGET = /^(igtv|ictv|gtv|ctv|itv|ptv)(p|n|t|m|v|ln|tb|sb|par)$/;

/** True when every word is of the vocabulary or a short number, and none tells of the person. */
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

/** Whether a text holds a word that tells of the person. */
export function tellsOfPerson(text: string, identity: IdentityWords): boolean {
  return identity.size > 0 && splitWords(text).some((word) => identity.has(word));
}

/** The words of a value that identifies, for `IdentityWords`: too short ones mean nothing. */
export function identityWordsOf(text: string): string[] {
  return splitWords(text).filter((word) => word.length >= 3);
}

/** Both spellings of a word with digits: as it stands, and its parts as `wordsOf` takes them apart. */
function splitWords(text: string): string[] {
  const whole = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...whole, ...wordsOf(text).all];
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
