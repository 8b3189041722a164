/** Sets that a wrong declaration is found out for, by their labels of the Encoding Standard. */
export type RepairedSet = 'utf-8' | 'windows-1252' | 'windows-1251';

/**
 * The set that a text is written in where the declared one is plainly wrong; undefined when the declaration stands.
 * UTF-8 under a single-byte set: the bytes are valid UTF-8, which accented text of a single-byte set hardly ever is.
 * A single-byte set under UTF-8: the bytes are not valid UTF-8. Cyrillic without a declaration: words of Windows-1251
 * letters, cased as words are, three or more in a row, which Western languages do not write.
 * @param declared label of the Encoding Standard; '' when nothing, or ASCII, is declared
 */
export function repairedSet(declared: string, bytes: Uint8Array): RepairedSet | undefined {
  if (bytes.every((byte) => byte < 0x80)) return undefined;
  if (declared === 'utf-8') return isUtf8(bytes) ? undefined : singleByteSet(bytes);
  if (declared === '') return isUtf8(bytes) || !isCyrillic(bytes) ? undefined : 'windows-1251';
  return SINGLE_BYTE.test(declared) && isUtf8(bytes) ? 'utf-8' : undefined;
}

const SINGLE_BYTE = /^(iso-8859-\d+|windows-874)$/;

function singleByteSet(bytes: Uint8Array): RepairedSet {
  return isCyrillic(bytes) ? 'windows-1251' : 'windows-1252';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const CYRILLIC_WORD = /^(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)$/;
const FEWEST_LETTERS = 3;

function isCyrillic(bytes: Uint8Array): boolean {
  const words = new TextDecoder('windows-1251').decode(bytes).match(/\P{ASCII}+/gu) ?? [];
  return words.every((word) => CYRILLIC_WORD.test(word)) && words.some((word) => word.length >= FEWEST_LETTERS);
}
