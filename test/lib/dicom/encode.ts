import { type Keyword, TAGS } from '#lib/dicom/tags.ts';

/** How to lay elements out; the bytes are written here by PS3.5 section 7 and not by the product. */
export interface Layout {
  explicitVr: boolean;
  bigEndian: boolean;
}

export const IMPLICIT: Layout = { explicitVr: false, bigEndian: false };
export const EXPLICIT: Layout = { explicitVr: true, bigEndian: false };
export const BIG_ENDIAN: Layout = { explicitVr: true, bigEndian: true };

const WIDE = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const UNDEFINED_LENGTH = 0xffffffff;

export function u16(value: number, { bigEndian }: Layout = EXPLICIT): Buffer {
  const bytes = Buffer.alloc(2);
  if (bigEndian) bytes.writeUInt16BE(value);
  else bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number, { bigEndian }: Layout = EXPLICIT): Buffer {
  const bytes = Buffer.alloc(4);
  if (bigEndian) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

export function tag(text: string, layout: Layout = EXPLICIT): Buffer {
  const number = Number.parseInt(text, 16);
  return Buffer.concat([u16(number >>> 16, layout), u16(number & 0xffff, layout)]);
}

/** An element; `length` says something else than the truth where given. */
export function element(
  number: string,
  vr: string,
  value: Uint8Array,
  layout: Layout = EXPLICIT,
  length = value.length,
): Buffer {
  const head = [tag(number, layout)];
  if (!layout.explicitVr) head.push(u32(length, layout));
  else if (WIDE.has(vr)) head.push(Buffer.from(vr), Buffer.alloc(2), u32(length, layout));
  else head.push(Buffer.from(vr), u16(length, layout));
  return Buffer.concat([...head, value]);
}

/** An element by keyword with the VR of the dictionary; text is padded to even length. */
export function named(keyword: Keyword, value: string | Uint8Array, layout: Layout = EXPLICIT): Buffer {
  const [number, vr] = TAGS[keyword];
  const bytes =
    typeof value === 'string' ? Buffer.from(value.length % 2 ? `${value}${vr === 'UI' ? '\0' : ' '}` : value) : value;
  return element(number.slice(1), vr, bytes, layout);
}

export function sequence(
  keyword: Keyword,
  items: Uint8Array[],
  layout: Layout = EXPLICIT,
  undefinedLength = false,
): Buffer {
  const body = items.flatMap((item) => [
    tag('fffee000', layout),
    u32(undefinedLength ? UNDEFINED_LENGTH : item.length, layout),
    item,
    ...(undefinedLength ? [tag('fffee00d', layout), u32(0, layout)] : []),
  ]);
  if (undefinedLength) body.push(tag('fffee0dd', layout), u32(0, layout));
  const value = Buffer.concat(body);
  return element(TAGS[keyword][0].slice(1), 'SQ', value, layout, undefinedLength ? UNDEFINED_LENGTH : value.length);
}

/** Preamble, prefix and meta header (always explicit VR little endian) before a data set. */
export function part10(transferSyntaxUid: string, body: Uint8Array): Buffer {
  const meta = Buffer.concat([
    element('00020001', 'OB', Uint8Array.of(0, 1)),
    named('MediaStorageSOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
    named('TransferSyntaxUID', transferSyntaxUid),
  ]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element('00020000', 'UL', u32(meta.length)),
    meta,
    body,
  ]);
}
