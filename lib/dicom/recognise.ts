import type { DataSet } from './data-set.ts';
import { SopClass } from './uid.ts';

/** How data elements are laid out (PS3.5 section 7.1). */
export interface Encoding {
  explicitVr: boolean;
  bigEndian: boolean;
}

const PREAMBLE_BYTES = 128;
const VRS = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
);
const WIDE_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
/** A data set without meta header starts with group 0008, whose first elements are short. */
const LONGEST_FIRST_ELEMENT = 4096;
const UNDEFINED_LENGTH = 0xffffffff;

/**
 * Whether a file that begins with `head` (132 bytes or more, if it has them) is DICOM, by content: the DICM prefix, or
 * a meta header or data set without it. What looks like DICOM may still be broken: `readDataSet` has the last word.
 */
export function looksLikeDicom(head: Uint8Array): boolean {
  return firstElementAt(head) !== undefined;
}

/** Where the first data element stands; undefined when the bytes are not DICOM. */
export function firstElementAt(bytes: Uint8Array): number | undefined {
  const behindPreamble = PREAMBLE_BYTES + 4;
  const hasPreamble = hasPrefix(bytes, PREAMBLE_BYTES);
  if (hasPreamble && isMetaHeader(bytes, behindPreamble)) return behindPreamble;
  if (hasPrefix(bytes, 0)) return 4;
  if (startsWithElements(bytes)) return 0;
  return hasPreamble ? behindPreamble : undefined;
}

/** Four letters in a value, such as those of a station DICMA1, may lie where the prefix would. */
function isMetaHeader(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 2 && bytes[at + 1] === 0;
}

/** The layout of the element at `position` by its bytes; undefined when no element can stand there. */
export function encodingAt(bytes: Uint8Array, position: number): Encoding | undefined {
  if (position + 8 > bytes.length) return undefined;
  const bigEndian = bytes[position] < bytes[position + 1];
  if (VRS.has(latin(bytes, position + 4, 2))) return { explicitVr: true, bigEndian };
  const length = uint32(bytes, position + 4);
  if (bigEndian || (length > bytes.length && length !== UNDEFINED_LENGTH)) return undefined;
  return { explicitVr: false, bigEndian: false };
}

/** True for the directory of a medium (DICOMDIR, PS3.3 annex F): it lists files and holds no object itself. */
export function isDicomDirectory(dataSet: DataSet): boolean {
  return dataSet.text('MediaStorageSOPClassUID') === SopClass.mediaStorageDirectory;
}

function hasPrefix(bytes: Uint8Array, at: number): boolean {
  return latin(bytes, at, 4) === 'DICM';
}

/** Two elements in ascending order, the first of group 0002 or 0008: no text or image file begins like this. */
function startsWithElements(bytes: Uint8Array): boolean {
  const encoding = encodingAt(bytes, 0);
  if (!encoding) return false;
  const first = shapeAt(bytes, 0, encoding);
  if ((first.group !== 0x0002 && first.group !== 0x0008) || first.length > LONGEST_FIRST_ELEMENT) return false;
  const next = encodingAt(bytes, first.end);
  if (next?.explicitVr !== encoding.explicitVr || next.bigEndian !== encoding.bigEndian) return false;
  const second = shapeAt(bytes, first.end, encoding);
  return second.group > first.group || (second.group === first.group && second.element > first.element);
}

function shapeAt(bytes: Uint8Array, at: number, { explicitVr, bigEndian }: Encoding) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = !explicitVr || WIDE_VRS.has(latin(bytes, at + 4, 2));
  const lengthAt = !explicitVr ? at + 4 : wide ? at + 8 : at + 6;
  const valueAt = lengthAt + (wide ? 4 : 2);
  const length =
    valueAt > bytes.length
      ? Number.POSITIVE_INFINITY
      : wide
        ? view.getUint32(lengthAt, !bigEndian)
        : view.getUint16(lengthAt, !bigEndian);
  return {
    group: view.getUint16(at, !bigEndian),
    element: view.getUint16(at + 2, !bigEndian),
    length,
    end: valueAt + length,
  };
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

function latin(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
