import dicomParser, { type Element } from 'dicom-parser';
import { BadInput } from '../errors.ts';
import { ownKeys } from '../own-keys.ts';
import { characterSet, type Decode, decodeLatin } from './character-set.ts';
import type { DataSet } from './data-set.ts';
import { ElementStream } from './element-stream.ts';
import { unpadded, withoutPadding } from './padding.ts';
import { tagInBlock } from './private-tags.ts';
import { type Keyword, TAGS } from './tags.ts';

export type Elements = Record<string, Element>;

/** What the elements of one file have in common. */
export interface Source {
  bytes: Uint8Array;
  bigEndian: boolean;
  transferSyntaxUid: string;
}

/** VRs whose text follows SpecificCharacterSet (PS3.5 section 6.1.2.3). */
const CHARACTER_SET_VRS = new Set(['SH', 'LO', 'ST', 'LT', 'PN', 'UC', 'UT']);
/** Text VRs in which a backslash is a character like any other. */
const SINGLE_VALUE_VRS = new Set(['ST', 'LT', 'UT', 'UR']);
const BYTES_PER_NUMBER: Record<string, number> = ownKeys({
  ...{ US: 2, SS: 2, OW: 2, AT: 4, UL: 4, SL: 4, FL: 4, OF: 4, OL: 4 },
  ...{ FD: 8, OD: 8, SV: 8, UV: 8, OV: 8, OB: 1 },
});

/** `DataSet` over the elements that dicom-parser found; values are decoded when asked for. */
export class ParsedDataSet implements DataSet {
  readonly #source: Source;
  readonly #elements: Elements;
  readonly #meta: ParsedDataSet | undefined;
  readonly #parent: ParsedDataSet | undefined;
  #decode: Decode | undefined;

  constructor(source: Source, elements: Elements, related: { meta?: ParsedDataSet; parent?: ParsedDataSet } = {}) {
    this.#source = source;
    this.#elements = elements;
    this.#meta = related.meta;
    this.#parent = related.parent;
  }

  get transferSyntaxUid(): string {
    return this.#source.transferSyntaxUid;
  }

  has(keyword: Keyword): boolean {
    if (this.#meta && isMeta(keyword)) return this.#meta.has(keyword);
    const element = this.#element(keyword);
    return element !== undefined && element.length !== 0 && element.items?.length !== 0;
  }

  text(keyword: Keyword): string {
    return this.texts(keyword)[0] ?? '';
  }

  texts(keyword: Keyword): string[] {
    const bytes = this.bytes(keyword);
    if (!bytes) return [];
    const vr = this.vr(keyword);
    if (Object.hasOwn(BYTES_PER_NUMBER, vr)) return this.numbers(keyword).map(String);
    const text = CHARACTER_SET_VRS.has(vr) ? this.#decoder()(bytes, vr === 'PN' ? '^=' : '') : decodeLatin(bytes);
    if (SINGLE_VALUE_VRS.has(vr)) return [withoutPadding(text)];
    return text.split('\\').map(unpadded);
  }

  number(keyword: Keyword): number | undefined {
    const value = this.numbers(keyword)[0];
    return Number.isNaN(value) ? undefined : value;
  }

  numbers(keyword: Keyword): number[] {
    if (this.#meta && isMeta(keyword)) return this.#meta.numbers(keyword);
    const bytes = this.bytes(keyword);
    if (!bytes) return [];
    const vr = this.vr(keyword);
    const width = BYTES_PER_NUMBER[vr];
    if (width === undefined) return withoutEmptyEnd(withoutPadding(decodeLatin(bytes)).split('\\')).map(toNumber);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = !this.#source.bigEndian;
    return Array.from({ length: Math.floor(bytes.length / width) }, (_, i) => readNumber(view, i * width, vr, little));
  }

  items(keyword: Keyword): DataSet[] {
    const element = this.#element(keyword);
    if (!element || element.length === 0) return [];
    const isUnknown = element.vr === 'UN';
    if (!element.items && !isUnknown) throw new BadInput(`${keyword} is a sequence, but the file holds a value there`);
    if (!element.items) readUnknownSequence(this.#source.bytes, element);
    const source = isUnknown ? { ...this.#source, bigEndian: false } : this.#source;
    return (element.items ?? []).map(
      (item) => new ParsedDataSet(source, item.dataSet?.elements ?? {}, { parent: this }),
    );
  }

  bytes(keyword: Keyword): Uint8Array | undefined {
    if (this.#meta && isMeta(keyword)) return this.#meta.bytes(keyword);
    const element = this.#element(keyword);
    if (!element || element.length === 0) return undefined;
    return this.#source.bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  }

  vr(keyword: Keyword): string {
    const [, vr] = TAGS[keyword];
    const written = this.#element(keyword)?.vr;
    if (written !== undefined && /^[A-Z]{2}$/.test(written) && written !== 'UN') return written;
    if (vr === 'xs') return this.#isSigned() ? 'SS' : 'US';
    return vr === 'ox' || vr === 'lt' ? 'OW' : vr;
  }

  #element(keyword: Keyword): Element | undefined {
    const tag = tagInBlock(keyword, TAGS[keyword][0], (creator) => this.#latin(creator));
    return tag === undefined ? undefined : this.#elements[tag];
  }

  #latin(tag: string): string {
    const element = this.#elements[tag];
    if (!element) return '';
    return decodeLatin(this.#source.bytes.subarray(element.dataOffset, element.dataOffset + element.length)).trim();
  }

  #isSigned(): boolean {
    if (this.has('PixelRepresentation')) return this.number('PixelRepresentation') === 1;
    return this.#parent ? this.#parent.#isSigned() : false;
  }

  #decoder(): Decode {
    this.#decode ??=
      this.#parent && !this.has('SpecificCharacterSet')
        ? this.#parent.#decoder()
        : characterSet(this.#latin(TAGS.SpecificCharacterSet[0]).split('\\').map(unpadded));
    return this.#decode;
  }
}

/**
 * Finds the items of a sequence that a device without the dictionary passed on as UN: inside it is implicit VR little
 * endian (PS3.5 section 6.2.2).
 * @throws BadInput when it is broken
 */
export function readUnknownSequence(whole: Uint8Array, element: Element): void {
  const bytes = whole.subarray(0, element.dataOffset + element.length);
  const stream = new ElementStream(dicomParser.littleEndianByteArrayParser, bytes, element.dataOffset);
  try {
    dicomParser.readSequenceItemsImplicit(stream, element, vrOfValue);
  } catch (cause) {
    throw new BadInput(`a sequence of unknown VR is broken: ${element.tag}`, { cause });
  }
}

const VR_BY_TAG = new Map<string, string>(Object.values(TAGS).map(([tag, vr]) => [tag, vr]));

/**
 * The dictionary's VR of a tag such as x00100010 in implicit VR. Undefined when it is unknown here, and for a sequence:
 * then the first bytes say whether it holds items. Old objects hold values where the standard of today has sequences.
 */
export function vrOfValue(tag: string): string {
  const vr = VR_BY_TAG.get(tag);
  return (vr === 'SQ' ? undefined : vr) as string;
}

function isMeta(keyword: Keyword): boolean {
  return TAGS[keyword][0].startsWith('x0002');
}

/** A backslash after the last value is a slip of the writer, and no further value. */
function withoutEmptyEnd(values: string[]): string[] {
  return values.length > 1 && values[values.length - 1].trim() === '' ? values.slice(0, -1) : values;
}

/** Decimal and integer strings with their padding; the comma as decimal point occurs in the field. */
function toNumber(text: string): number {
  const value = Number(text);
  if (value === 0 && text.trim() === '') return Number.NaN;
  if (Number.isNaN(value) && text.includes(',')) return toNumber(text.replace(',', '.'));
  return Number.isFinite(value) ? value : Number.NaN;
}

function readNumber(view: DataView, at: number, vr: string, little: boolean): number {
  switch (vr) {
    case 'OB':
      return view.getUint8(at);
    case 'US':
    case 'OW':
      return view.getUint16(at, little);
    case 'SS':
      return view.getInt16(at, little);
    case 'UL':
    case 'OL':
      return view.getUint32(at, little);
    case 'SL':
      return view.getInt32(at, little);
    case 'FL':
    case 'OF':
      return view.getFloat32(at, little);
    case 'FD':
    case 'OD':
      return view.getFloat64(at, little);
    case 'SV':
      return Number(view.getBigInt64(at, little));
    case 'UV':
    case 'OV':
      return Number(view.getBigUint64(at, little));
    default:
      return view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little);
  }
}
