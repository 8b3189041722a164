import { ownKeys } from '../own-keys.ts';
import { type RepairedSet, repairedSet } from './character-set-repair.ts';

/** `delimiters`: the characters after which the initial character set holds again, besides \ and control characters. */
export type Decode = (bytes: Uint8Array, delimiters?: string) => string;

/**
 * A decoder for the values of SpecificCharacterSet (0008,0005): single-byte sets, multi-byte sets, and code extensions
 * by ISO 2022 escapes (PS3.3 C.12.1.1.2, PS3.5 section 6.1 and annexes H to K). Spellings such as `ISO_2022-IR 87` pass.
 * Text without a declared set is UTF-8 if it is valid UTF-8 and Latin-1 otherwise, which is what occurs in the field.
 * A text that the declared set plainly does not fit is read by the one that it fits (`repairedSet`).
 */
export function characterSet(terms: readonly string[]): Decode {
  const initial = labelOf(terms[0] ?? '');
  return (bytes, delimiters = '') => {
    const needs = byteKinds(bytes);
    if (needs === ASCII) return decodeLatin(bytes);
    if (needs === ESCAPED && !WITHOUT_EXTENSIONS.has(initial)) return decodeEscaped(bytes, initial, delimiters);
    return decodeAs(repairedSet(initial, bytes) ?? initial, bytes);
  };
}

/** The set that a value is read by instead of the declared one; undefined when the declaration fits. */
export function characterSetRepair(terms: readonly string[], bytes: Uint8Array): RepairedSet | undefined {
  return byteKinds(bytes) === HIGH ? repairedSet(labelOf(terms[0] ?? ''), bytes) : undefined;
}

/** The names of a PN value: `alphabetic=ideographic=phonetic`, PS3.5 section 6.2.1. */
export function personNameGroups(value: string): { alphabetic: string; ideographic: string; phonetic: string } {
  const [alphabetic = '', ideographic = '', phonetic = ''] = value
    .split('=')
    .map((group) => group.replace(/(?<!\^)\^+$/, ''));
  return { alphabetic, ideographic, phonetic };
}

/** One character per byte. */
export function decodeLatin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Nothing declared, or only ASCII. */
const UNDECLARED = '';

/** Number of the registered set (ISO-IR) -> label of the Encoding Standard; each of them is a superset of ASCII. */
const LABELS: Record<string, string> = ownKeys({
  6: UNDECLARED,
  13: 'shift_jis',
  58: 'gbk',
  87: UNDECLARED,
  100: 'iso-8859-1',
  101: 'iso-8859-2',
  109: 'iso-8859-3',
  110: 'iso-8859-4',
  126: 'iso-8859-7',
  127: 'iso-8859-6',
  138: 'iso-8859-8',
  144: 'iso-8859-5',
  148: 'iso-8859-9',
  149: 'euc-kr',
  159: UNDECLARED,
  166: 'windows-874',
  192: 'utf-8',
  203: 'iso-8859-15',
  GB18030: 'gb18030',
  GBK: 'gbk',
  UTF8: 'utf-8',
});
const WITHOUT_EXTENSIONS = new Set(['utf-8', 'gb18030']);

function labelOf(term: string): string {
  const name = /(?<!\d)(\d+|GB18030|GBK|UTF-?8)$/i.exec(term.trimEnd())?.[1].toUpperCase().replace('-', '') ?? '';
  return LABELS[/GB18030/i.test(term) ? 'GB18030' : /UTF-?8/i.test(term) ? 'UTF8' : name] ?? UNDECLARED;
}

function decodeAs(label: string, bytes: Uint8Array): string {
  if (label !== UNDECLARED) return new TextDecoder(label).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeLatin(bytes);
  }
}

const ESCAPE = 0x1b;
const ASCII = 0;
const HIGH = 1;
const ESCAPED = 2;

function byteKinds(bytes: Uint8Array): typeof ASCII | typeof HIGH | typeof ESCAPED {
  let kinds: typeof ASCII | typeof HIGH = ASCII;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === ESCAPE) return ESCAPED;
    if (bytes[i] > 0x7f) kinds = HIGH;
  }
  return kinds;
}

/** Two-byte sets in G0: the lower half of the code table, so that all their bytes look like ASCII. */
type WideG0 = 'jis-x-0208' | 'jis-x-0212' | undefined;

/** Escape sequences of PS3.3 tables C.12-3 and C.12-4 (without the escape byte) and what they put where. */
const ESCAPES: Record<string, { g0?: WideG0; g1?: string }> = ownKeys({
  '(B': { g0: undefined },
  '(J': { g0: undefined },
  $B: { g0: 'jis-x-0208' },
  '$@': { g0: 'jis-x-0208' },
  '$(D': { g0: 'jis-x-0212' },
  ')I': { g1: 'shift_jis' },
  '$)C': { g1: 'euc-kr' },
  '$)A': { g1: 'gbk' },
  '-A': { g1: 'iso-8859-1' },
  '-B': { g1: 'iso-8859-2' },
  '-C': { g1: 'iso-8859-3' },
  '-D': { g1: 'iso-8859-4' },
  '-F': { g1: 'iso-8859-7' },
  '-G': { g1: 'iso-8859-6' },
  '-H': { g1: 'iso-8859-8' },
  '-L': { g1: 'iso-8859-5' },
  '-M': { g1: 'iso-8859-9' },
  '-T': { g1: 'windows-874' },
  '-b': { g1: 'iso-8859-15' },
});

function decodeEscaped(bytes: Uint8Array, initial: string, delimiters: string): string {
  let text = '';
  let g0: WideG0;
  let g1 = initial;
  let start = 0;
  const flush = (end: number) => {
    if (end > start)
      text += g0 ? decodeWide(bytes.subarray(start, end), g0, g1) : decodeAs(g1, bytes.subarray(start, end));
  };
  for (let i = 0; i < bytes.length; i++) {
    const sequence = bytes[i] === ESCAPE ? escapeAt(bytes, i + 1) : undefined;
    if (sequence !== undefined) {
      flush(i);
      const change = ESCAPES[sequence];
      if ('g0' in change) g0 = change.g0;
      if (change.g1 !== undefined) g1 = change.g1;
      start = i + 1 + sequence.length;
      i = start - 1;
    } else if (bytes[i] < 0x20 || (!g0 && (bytes[i] === 0x5c || delimiters.includes(String.fromCharCode(bytes[i]))))) {
      flush(i);
      start = i;
      g0 = undefined;
      g1 = initial;
    }
  }
  flush(bytes.length);
  return text;
}

function escapeAt(bytes: Uint8Array, at: number): string | undefined {
  const next = String.fromCharCode(...bytes.subarray(at, at + 3));
  return [next, next.slice(0, 2)].find((sequence) => Object.hasOwn(ESCAPES, sequence));
}

/** JIS X 0208 and 0212 are EUC-JP with the high bits off; 0212 follows a single shift 3. High bytes are G1's. */
function decodeWide(bytes: Uint8Array, g0: WideG0, g1: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    let end = i;
    const low = bytes[i] < 0x80;
    while (end < bytes.length && bytes[end] < 0x80 === low) end++;
    const run = bytes.subarray(i, end);
    text += low ? new TextDecoder('euc-jp').decode(eucOf(run, g0)) : decodeAs(g1, run);
    i = end;
  }
  return text;
}

const SINGLE_SHIFT_3 = 0x8f;

function eucOf(pairs: Uint8Array, g0: WideG0): Uint8Array {
  const euc: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    if (g0 === 'jis-x-0212') euc.push(SINGLE_SHIFT_3);
    euc.push(...[...pairs.subarray(i, i + 2)].map((byte) => byte | 0x80));
  }
  return Uint8Array.from(euc);
}
