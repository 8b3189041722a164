import { ownKeys } from '../own-keys.ts';

/** Values that a dummy has, by VR (PS3.5 section 6.2); numbers and bytes become zero. */
const DUMMY_TEXTS: Record<string, string> = ownKeys({
  ...{ AE: 'ANONYMOUS', CS: 'ANONYMOUS', LO: 'ANONYMOUS', LT: 'ANONYMOUS', PN: 'ANONYMOUS', SH: 'ANONYMOUS' },
  ...{ ST: 'ANONYMOUS', UC: 'ANONYMOUS', UT: 'ANONYMOUS', UR: 'urn:anonymous' },
  ...{ AS: '000D', DA: '19000101', DT: '19000101000000', TM: '000000', DS: '0', IS: '0' },
});
/** Text VRs are padded with a space, UI with a zero byte. */
const SPACE = 0x20;

/** A value for a VR that tells nothing; for numbers and bytes as long as the original. */
export function dummyValue(vr: string, length: number): Uint8Array {
  const text = DUMMY_TEXTS[vr];
  return text === undefined ? new Uint8Array(length) : asciiValue(text, vr);
}

/** ASCII text as a value field of even length. */
export function asciiValue(text: string, vr: string): Uint8Array {
  const bytes = new Uint8Array(text.length + (text.length % 2)).fill(vr === 'UI' ? 0 : SPACE);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
