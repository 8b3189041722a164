import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { BadInput } from '../errors.ts';
import type { DataSet } from './data-set.ts';
import { ElementStream, RanOut } from './element-stream.ts';
import { type Elements, ParsedDataSet } from './parsed-data-set.ts';
import { readElement, readElements } from './read-elements.ts';
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
  return requireWhole(readPart(bytes, { untilPixelData: options.untilPixelData ?? false, whole: true })).dataSet;
}

/**
 * The same with the layout, for a writer that changes some elements and copies the others.
 * @throws BadInput
 */
export function readLayout(bytes: Uint8Array): { dataSet: DataSet; layout: Layout } {
  const { dataSet, layout } = requireWhole(readPart(bytes, { untilPixelData: false, whole: true }));
  return { dataSet, layout: layout as Layout };
}

function requireWhole(part: PartialFile): PartialFile {
  if (part.cut !== undefined) throw new BadInput(`the data end inside the element that starts at byte ${part.cut}`);
  return part;
}

export interface PartialFile {
  dataSet: DataSet;
  /** True when the elements before the pixel data are all there. */
  metPixelData: boolean;
  /** Where the element starts that the data cut off. */
  cut?: number;
  /** Absent while a deflated file is not whole. */
  layout?: Layout;
}

/** The elements as they lie in the bytes of a file, or in the inflated ones of a deflated file. */
export interface Layout {
  bytes: Uint8Array;
  encoding: Encoding;
  elements: Elements;
}

/**
 * Reads what the first bytes of a file hold (`whole`: they are all of it).
 * @throws BadInput when the bytes are not DICOM or are broken
 */
export function readPart(
  file: Uint8Array,
  { untilPixelData, whole }: { untilPixelData: boolean; whole: boolean },
): PartialFile {
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
  return { dataSet, ...end, layout: { bytes: body.bytes, encoding: body.encoding, elements } };
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
      if (stream.position >= deflatedFrom(bytes, elements)) break;
    }
  } catch (error) {
    if (error instanceof RanOut) throw new BadInput('the data end inside the meta header');
    throw error;
  }
  const source = { bytes, bigEndian: false, transferSyntaxUid: TransferSyntax.explicitVrLittleEndian };
  return { dataSet: new ParsedDataSet(source, elements), end: stream.position };
}

/** Behind the meta header deflated data may look like one more of its elements: there its length counts, if it is there. */
function deflatedFrom(bytes: Uint8Array, { x00020000: length, x00020010: syntax }: Elements): number {
  if (!syntax || length?.length !== 4) return Number.POSITIVE_INFINITY;
  const uid = dicomParser.readFixedString(bytes, syntax.dataOffset, syntax.length).trim();
  if (uid !== TransferSyntax.deflatedExplicitVrLittleEndian) return Number.POSITIVE_INFINITY;
  return length.dataOffset + 4 + dicomParser.littleEndianByteArrayParser.readUint32(bytes, length.dataOffset);
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

/** More than any DICOM object that is sent deflated: stops deflate bombs. */
const MOST_INFLATED_BYTES = 2 ** 30;

function inflate(deflated: Uint8Array): Uint8Array {
  try {
    const { buffer, byteOffset, length } = inflateRawSync(deflated, { maxOutputLength: MOST_INFLATED_BYTES });
    return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    throw new BadInput('the deflated data set is broken, or larger than 1 GiB', { cause });
  }
}

function streamOf(bytes: Uint8Array, position: number, bigEndian: boolean): ElementStream {
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  if (position >= bytes.length) throw new BadInput('the data end before the first data element');
  return new ElementStream(parser, bytes, position);
}
