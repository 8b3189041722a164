import { BadInput } from '../errors.ts';
import { type ByteList, byteList, type DeferredBytes } from './byte-list.ts';
import { formatDecimal } from './decimal-string.ts';
import { addElements, type Elements } from './encode-elements.ts';
import { type Keyword, TAGS } from './tags.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, TransferSyntax } from './uid.ts';

type Binary = ArrayBuffer | ArrayBufferView;
export type DicomValue =
  | string
  | number
  | Binary
  | DeferredBytes
  | readonly (string | number)[]
  | readonly DicomJson[]
  | null;

/** A data set by keyword: text and numbers (lists for several values), lists of data sets for sequences, bytes. */
export type DicomJson = { [K in Keyword]?: DicomValue | readonly Binary[] };

export interface WriteOptions {
  /**
   * Explicit VR little endian unless told. With an encapsulated syntax `PixelData` is a list of frames that are
   * compressed already; typed arrays are written as this machine holds them, which is little endian.
   */
  transferSyntaxUid?: string;
}

/**
 * A DICOM file (PS3.10) with preamble and meta header. The same data set gives the same bytes. Text is written in
 * UTF-8; `SpecificCharacterSet` is added when a text needs it.
 * @throws BadInput when a value does not fit its VR
 */
export function writeDicom(dataset: DicomJson, options: WriteOptions = {}): Uint8Array {
  const transferSyntaxUid = options.transferSyntaxUid ?? TransferSyntax.explicitVrLittleEndian;
  const { SOPClassUID, SOPInstanceUID } = dataset;
  if (!SOPClassUID || !SOPInstanceUID) throw new BadInput('a DICOM file needs SOPClassUID and SOPInstanceUID');
  const file = byteList();
  try {
    file.add(fileHead(String(SOPClassUID), String(SOPInstanceUID), transferSyntaxUid));
    addElements(file, elementsOf(withCharacterSet(dataset)), transferSyntaxUid);
  } catch (cause) {
    throw new BadInput('a value does not fit its DICOM element', { cause });
  }
  return file.joined();
}

/** A data set without preamble and meta header, as it goes through an association. @throws BadInput */
export function writeDataSet(dataset: DicomJson, transferSyntaxUid: string): Uint8Array {
  const list = byteList();
  try {
    addElements(list, elementsOf(withCharacterSet(dataset)), transferSyntaxUid);
  } catch (cause) {
    throw new BadInput('a value does not fit its DICOM element', { cause });
  }
  return list.joined();
}

/** What a DICOM file begins with: preamble, mark and meta header, PS3.10 section 7.1. The data set follows. */
export function fileHead(sopClassUid: string, sopInstanceUid: string, transferSyntaxUid: string): Uint8Array {
  const file = byteList();
  file.add(PREAMBLE);
  addMeta(file, {
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: sopClassUid,
    MediaStorageSOPInstanceUID: sopInstanceUid,
    TransferSyntaxUID: transferSyntaxUid,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: IMPLEMENTATION_VERSION_NAME,
  });
  return file.joined();
}

/** 128 zeros and the mark of a DICOM file. */
const PREAMBLE = Uint8Array.from({ length: 132 }, (_, i) => 'DICM'.charCodeAt(i - 128) || 0);

/** The meta header says first how long it is: PS3.10 section 7.1. */
function addMeta(file: ByteList, meta: DicomJson): void {
  const explicit = TransferSyntax.explicitVrLittleEndian;
  const rest = byteList();
  addElements(rest, elementsOf(meta), explicit);
  addElements(file, elementsOf({ FileMetaInformationGroupLength: rest.byteLength }), explicit);
  file.add(rest.joined());
}

function elementsOf(dataset: DicomJson): Elements {
  const elements: Elements = {};
  for (const [keyword, value] of Object.entries(dataset) as [Keyword, DicomValue | undefined][]) {
    if (value === undefined) continue;
    const vr = writtenVr(keyword, dataset);
    elements[TAGS[keyword][0].slice(1).toUpperCase()] = { vr, Value: valuesOf(value, vr, keyword) };
  }
  return elements;
}

/** The dictionary leaves some VRs to the context: PS3.5 annex A.1 and A.2. */
function writtenVr(keyword: Keyword, dataset: DicomJson): string {
  const vr = TAGS[keyword][1];
  if (vr === 'xs') return dataset.PixelRepresentation === 1 ? 'SS' : 'US';
  if (vr === 'lt') return 'US';
  if (vr === 'ox') return Number(dataset.BitsAllocated) > 8 && !Array.isArray(dataset.PixelData) ? 'OW' : 'OB';
  return vr;
}

function valuesOf(value: DicomValue, vr: string, keyword: Keyword): unknown[] {
  if (value === null || value === '') return [];
  if (isDeferred(value)) return [value];
  if (isBinary(value)) return [bytesOf(value)];
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => {
    if (vr === 'SQ') return elementsOf(one);
    if (isBinary(one)) return bytesOf(one).slice().buffer;
    if (vr === 'AT') return Number.parseInt(TAGS[one as Keyword]?.[0].slice(1) ?? one, 16);
    if (vr === 'DS' && typeof one === 'number') return formatDecimal(one);
    if (vr === 'IS' && typeof one === 'number' && !Number.isInteger(one))
      throw new BadInput(`${keyword} is an integer, not ${one}`);
    if (/^(US|SS|UL|SL|FL|FD)$/.test(vr)) return Number(one);
    return String(one);
  });
}

function isDeferred(value: DicomValue): value is DeferredBytes {
  return typeof value === 'object' && value !== null && 'writeTo' in value;
}

function isBinary(value: unknown): value is Binary {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function bytesOf(binary: Binary): Uint8Array {
  if (binary instanceof ArrayBuffer) return new Uint8Array(binary);
  return new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength);
}

function withCharacterSet(dataset: DicomJson): DicomJson {
  if (dataset.SpecificCharacterSet !== undefined || !hasNonAscii(dataset)) return dataset;
  return { ...dataset, SpecificCharacterSet: 'ISO_IR 192' };
}

function hasNonAscii(value: unknown): boolean {
  if (typeof value === 'string') return /[^\0-\x7f]/.test(value);
  if (value === null || typeof value !== 'object' || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return false;
  return Object.values(value).some(hasNonAscii);
}
