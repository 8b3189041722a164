import { isUtf8 } from 'node:buffer';

/**
 * Names in a file system are bytes, keys are text. A name that is valid UTF-8 is its own key. Each byte of another name that
 * is no part of a character is spelled `\x` and two hexadecimal digits: `M\xfcller`. So that the way back is sure, the
 * backslash of a name that looks like such a spelling is spelled `\x5c`.
 */
const SPELLED = /\\x(?:5c|[89a-f][0-9a-f])/g;

/** The key of a name, or of a path below a folder. */
export function spelled(name: Buffer): string {
  return isUtf8(name) ? escaped(name.toString()) : spelledBytes(name);
}

/** The name or path that a key spells: text where text is enough, which is all that Windows knows. */
export function nameOf(key: string): string | Buffer {
  if (!key.includes('\\x') || key.search(SPELLED) < 0) return key;
  const parts: Buffer[] = [];
  let end = 0;
  for (const match of key.matchAll(SPELLED)) {
    parts.push(Buffer.from(key.slice(end, match.index)), Buffer.from(match[0].slice(2), 'hex'));
    end = match.index + match[0].length;
  }
  return Buffer.concat([...parts, Buffer.from(key.slice(end))]);
}

function escaped(text: string): string {
  return text.includes('\\x') ? text.replace(SPELLED, (like) => `\\x5c${like.slice(1)}`) : text;
}

/** Runs of characters as they are, the bytes between them spelled. */
function spelledBytes(name: Buffer): string {
  let key = '';
  let run = 0;
  for (let at = 0; at < name.length; ) {
    const length = characterLength(name, at);
    if (length === 0) {
      key += `${escaped(name.toString('utf8', run, at))}\\x${name[at].toString(16)}`;
      run = at + 1;
    }
    at += Math.max(1, length);
  }
  return key + escaped(name.toString('utf8', run));
}

/** Bytes of the character that begins here; 0 when none does. */
function characterLength(name: Buffer, at: number): number {
  const first = name[at];
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const bytes = name.subarray(at, at + length);
  return bytes.length === length && isUtf8(bytes) ? length : 0;
}
