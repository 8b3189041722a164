import { inflateRawSync } from 'node:zlib';
import dicomParser, { type Element } from 'dicom-parser';
import { BadInput } from '../errors.ts';
import type { DataSet } from './data-set.ts';
import { ElementStream, RanOut } from './element-stream.ts';
import { type Elements, ParsedDataSet, vrOfTag } from './parsed-data-set.ts';
import { type Encoding, encodingAt, firstElementAt } from './recognise.ts';
import { TransferSyntax } from './uid.ts';

export interface ReadOptions {
  /** Stop before the pixel data, which then need not be there. */
  untilPixelData?: boolean;
}

/**
 * Reads a DICOM file or bare data set: with or without preamble and meta header, implicit or explicit VR, little or
 * big endian, deflated. Pixel data are not decoded.
 * @throws BadInput when the bytes are not DICOM, are cut off or are broken
 */
export function readDataSet(bytes: Uint8Array, options: ReadOptions = {}): DataSet {
  const { dataSet, cut } = readPart(bytes, { untilPixelData: options.untilPixelData ?? false, whole: true });
  if (cut !== undefined) throw new BadInput(`the data end inside the element that starts at byte ${cut}`);
  return dataSet;
}

export interface Part {
  dataSet: DataSet;
  /** True when the elements before the pixel data are all there. */
  metPixelData: boolean;
  /** Where the element starts that the data cut off. */
  cut?: number;
}

/**
 * Reads what the first bytes of a file hold (`whole`: they are all of it).
 * @throws BadInput when the bytes are not DICOM or are broken
 */
export function readPart(
  file: Uint8Array,
  { untilPixelData, whole }: { untilPixelData: boolean; whole: boolean },
): Part {
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength); // a Buffer's slice() would not copy
  const start = firstElementAt(bytes);
  if (start === undefined) throw new BadInput('not DICOM: neither the DICM prefix nor a data element at the start');
  const meta = readMetaHeader(bytes, start);
  const declared = meta.dataSet.text('TransferSyntaxUID');
  if (!whole && declared === TransferSyntax.deflatedExplicitVrLittleEndian)
    return { dataSet: meta.dataSet, metPixelData: false, cut: meta.end };
  const body = openBody(bytes, meta.end, declared);
  const stream = streamOf(body.bytes, body.position, body.encoding.bigEndian);
  const { elements, ...end } = readElements(stream, body.encoding.explicitVr, untilPixelData);
  const source = { bytes: body.bytes, bigEndian: body.encoding.bigEndian, transferSyntaxUid: body.transferSyntaxUid };
  const dataSet = new ParsedDataSet(source, elements, { meta: meta.dataSet });
  if (end.cut === undefined) requireObject(dataSet, elements, start);
  return { dataSet, ...end };
}

/** So that text which happens to begin like an element does not come back as a poor data set. */
function requireObject(dataSet: DataSet, elements: Elements, start: number): void {
  if (Object.keys(elements).length === 0) throw new BadInput('not DICOM: no data element after the prefix');
  if (start === 0 && !dataSet.has('SOPClassUID') && !dataSet.has('MediaStorageSOPClassUID'))
    throw new BadInput('not DICOM: no prefix and no SOP class');
}

/** Group 0002: explicit VR little endian whatever follows (PS3.10 section 7.1), though some writers forget the VR. */
function readMetaHeader(bytes: Uint8Array, start: number): { dataSet: ParsedDataSet; end: number } {
  const elements: Elements = {};
  const explicitVr = encodingAt(bytes, start)?.explicitVr ?? true;
  const stream = streamOf(bytes, start, false);
  try {
    while (bytes[stream.position] === 2 && bytes[stream.position + 1] === 0) {
      const element = readElement(stream, explicitVr);
      elements[element.tag] = element;
      const length = elements.x00020000;
      if (length?.length === 4 && stream.position >= length.dataOffset + 4 + groupLength(bytes, length)) break;
    }
  } catch (error) {
    if (error instanceof RanOut) throw new BadInput('the data end inside the meta header');
    throw error;
  }
  const source = { bytes, bigEndian: false, transferSyntaxUid: TransferSyntax.explicitVrLittleEndian };
  return { dataSet: new ParsedDataSet(source, elements), end: stream.position };
}

interface Body {
  bytes: Uint8Array;
  position: number;
  encoding: Encoding;
  transferSyntaxUid: string;
}

/** The bytes decide over explicit VR and byte order where they contradict the meta header. */
function openBody(bytes: Uint8Array, position: number, declared: string): Body {
  if (declared === TransferSyntax.deflatedExplicitVrLittleEndian) {
    const encoding = { explicitVr: true, bigEndian: false };
    return { bytes: inflate(bytes.subarray(position)), position: 0, encoding, transferSyntaxUid: declared };
  }
  const encoding = encodingAt(bytes, position) ?? {
    explicitVr: declared !== TransferSyntax.implicitVrLittleEndian,
    bigEndian: declared === TransferSyntax.explicitVrBigEndian,
  };
  const transferSyntaxUid = NATIVE.has(declared) ? nativeSyntax(encoding) : declared;
  return { bytes, position, encoding, transferSyntaxUid };
}

const NATIVE = new Set<string>([
  '',
  TransferSyntax.implicitVrLittleEndian,
  TransferSyntax.explicitVrLittleEndian,
  TransferSyntax.explicitVrBigEndian,
]);

function nativeSyntax({ explicitVr, bigEndian }: Encoding): string {
  if (!explicitVr) return TransferSyntax.implicitVrLittleEndian;
  return bigEndian ? TransferSyntax.explicitVrBigEndian : TransferSyntax.explicitVrLittleEndian;
}

/** A header and one frame never need more: stops deflate bombs. */
const MOST_INFLATED_BYTES = 2 ** 31 - 1;

function inflate(deflated: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(inflateRawSync(deflated, { maxOutputLength: MOST_INFLATED_BYTES }));
  } catch (cause) {
    throw new BadInput('the deflated data set cannot be inflated', { cause });
  }
}

function streamOf(bytes: Uint8Array, position: number, bigEndian: boolean): ElementStream {
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  if (position >= bytes.length) throw new BadInput('the data end before the first data element');
  return new ElementStream(parser, bytes, position);
}

function readElements(
  stream: ElementStream,
  explicitVr: boolean,
  untilPixelData: boolean,
): { elements: Elements; metPixelData: boolean; cut?: number } {
  const elements: Elements = {};
  while (stream.position < stream.byteArray.length) {
    const start = stream.position;
    try {
      const group = stream.readUint16();
      const number = stream.readUint16();
      stream.position = start;
      if (group === 0 && number === 0) break;
      if (untilPixelData && isPixelData(group, number)) return { elements, metPixelData: true };
      const element = readElement(stream, explicitVr);
      elements[element.tag] = element;
    } catch (error) {
      if (!(error instanceof RanOut)) throw error;
      return { elements, metPixelData: false, cut: start };
    }
  }
  return { elements, metPixelData: false };
}

/** Float, double float and integer pixel data, PS3.3 C.7.6.3 and C.7.6.24. */
function isPixelData(group: number, element: number): boolean {
  return group === 0x7fe0 && (element === 0x0008 || element === 0x0009 || element === 0x0010);
}

function readElement(stream: ElementStream, explicitVr: boolean): Element {
  const start = stream.position;
  const warnings: string[] = [];
  stream.warnings = warnings;
  try {
    const element = explicitVr ? dicomParser.readDicomElementExplicit(stream, warnings) : readImplicit(stream);
    if (element.fragments) element.length = Math.min(element.length, stream.byteArray.length - element.dataOffset);
    if (warnings.some((warning) => warning.startsWith('eof encountered'))) throw new RanOut();
    requireSound(element, stream.byteArray, stream.position);
    return element;
  } catch (cause) {
    if (cause instanceof RanOut || /invalid value for parameter/.test(String(cause))) throw new RanOut();
    throw new BadInput(`the element that starts at byte ${start} is broken`, { cause });
  }
}

/** Compressed pixel data are explicit VR by the standard; some writers compress within implicit VR. */
function readImplicit(stream: ElementStream): Element {
  const element = dicomParser.readDicomElementImplicit(stream, PIXEL_DATA, vrOfTag);
  if (element.tag !== PIXEL_DATA) return element;
  if (element.hadUndefinedLength) dicomParser.findEndOfEncapsulatedElement(stream, element, stream.warnings);
  else stream.seek(element.length);
  return element;
}

const PIXEL_DATA = 'x7fe00010';

/** What dicom-parser reads on over in silence, and would lose or mix up data by. `end`: where the element must end. */
function requireSound(element: Element, bytes: Uint8Array, end: number): void {
  if (element.tag === ITEM_DELIMITER) return;
  if (element.tag.startsWith('xfffe')) throw new BadInput('an item stands outside of a sequence');
  const elementEnd = element.dataOffset + element.length;
  if (elementEnd > end) throw new BadInput('an element is longer than the item that holds it');
  if (element.hadUndefinedLength && !element.items && !element.fragments && !isPrivateSequence(element, bytes))
    throw new BadInput('undefined length, but neither a sequence nor encapsulated pixel data');
  for (const item of element.items ?? []) {
    const itemEnd = item.dataOffset + item.length;
    if (itemEnd > elementEnd) throw new BadInput('an item is longer than the sequence that holds it');
    for (const inner of Object.values(item.dataSet?.elements ?? {})) requireSound(inner, bytes, itemEnd);
  }
}

const ITEM_DELIMITER = 'xfffee00d';

/** In implicit VR, dicom-parser skips a private sequence right, but keeps no items of it. */
function isPrivateSequence(element: Element, bytes: Uint8Array): boolean {
  return element.vr === undefined && bytes[element.dataOffset] === 0xfe && bytes[element.dataOffset + 1] === 0xff;
}

function groupLength(bytes: Uint8Array, element: Element): number {
  return dicomParser.littleEndianByteArrayParser.readUint32(bytes, element.dataOffset);
}
