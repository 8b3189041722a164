import type { Encoding } from '../dicom/recognise.ts';

/** VRs with two reserved bytes and a 32-bit length, PS3.5 table 7.1-1. */
const WIDE_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const LONGEST_SHORT_VALUE = 0xffff;
export const UNDEFINED_LENGTH = 0xffffffff;

/** The bytes before a value field. A value too long for its VR goes as UN (PS3.5 section 6.2.2). */
export function elementHeader(tag: string, vr: string, length: number, encoding: Encoding): Uint8Array {
  const { explicitVr, bigEndian } = encoding;
  const written = !WIDE_VRS.has(vr) && length > LONGEST_SHORT_VALUE ? 'UN' : vr;
  const wide = WIDE_VRS.has(written);
  const header = new Uint8Array(explicitVr && wide ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(1, 5), 16), !bigEndian);
  view.setUint16(2, Number.parseInt(tag.slice(5), 16), !bigEndian);
  if (explicitVr) {
    header[4] = written.charCodeAt(0);
    header[5] = written.charCodeAt(1);
  }
  if (!explicitVr) view.setUint32(4, length, !bigEndian);
  else if (wide) view.setUint32(8, length, !bigEndian);
  else view.setUint16(6, length, !bigEndian);
  return header;
}

/** An item of a sequence: its tag and length, without VR in any encoding. */
export function itemHeader(length: number, { bigEndian }: Encoding): Uint8Array {
  return elementHeader('xfffee000', '', length, { explicitVr: false, bigEndian });
}

export function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
