import dcmjs from 'dcmjs';
import { BadInput } from '../errors.ts';
import type { ByteList, DeferredBytes } from './byte-list.ts';
import { TransferSyntax } from './uid.ts';

/** Elements by their tags, eight hexadecimal digits. A value of bytes is a `Bytes`, compressed frames are ArrayBuffers. */
export type Elements = Record<string, { vr: string; Value: unknown[] }>;
export type Bytes = Uint8Array | DeferredBytes;

/**
 * Adds the elements of a data set in the order of their tags (PS3.5 section 7.1). dcmjs encodes the values. Sequences and
 * uncompressed pixels are laid out here, since dcmjs copies what they hold at each level and looks for its place from the
 * start each time: time and memory grow with the square of the frames of a segmentation.
 * @throws BadInput when bytes are too many for a 32-bit length
 */
export function addElements(list: ByteList, elements: Elements, transferSyntaxUid: string): void {
  for (const tag of Object.keys(elements).sort()) {
    const { vr, Value } = elements[tag];
    const [value] = Value;
    if (vr === 'SQ') addSequence(list, tag, Value as Elements[], transferSyntaxUid);
    else if (isBytes(value)) addBytes(list, tag, vr, value, transferSyntaxUid);
    else list.add(encoded({ [tag]: elements[tag] }, transferSyntaxUid));
  }
}

const ITEM = 'FFFEE000';
const ITEM_END = 'FFFEE00D';
const SEQUENCE_END = 'FFFEE0DD';
const UNDEFINED_LENGTH = 0xffff_ffff;
const LONGEST = 0xffff_fffe;
/** Long enough for most values. */
const PIECE_BYTES = 256;

/** Items and sequence of undefined length, so that none needs to be measured first: PS3.5 section 7.5. */
function addSequence(list: ByteList, tag: string, items: Elements[], transferSyntaxUid: string): void {
  list.add(longHeader(tag, 'SQ', UNDEFINED_LENGTH, transferSyntaxUid));
  for (const item of items) {
    list.add(shortHeader(ITEM, UNDEFINED_LENGTH));
    addElements(list, item, transferSyntaxUid);
    list.add(shortHeader(ITEM_END, 0));
  }
  list.add(shortHeader(SEQUENCE_END, 0));
}

/** Padded to an even length with a zero: PS3.5 section 6.2. */
function addBytes(list: ByteList, tag: string, vr: string, bytes: Bytes, transferSyntaxUid: string): void {
  const padding = bytes.byteLength % 2;
  const length = bytes.byteLength + padding;
  if (length > LONGEST) throw new BadInput(`${bytes.byteLength} bytes are too many for one DICOM element`);
  list.add(longHeader(tag, vr, length, transferSyntaxUid));
  list.add(bytes);
  list.add(new Uint8Array(padding));
}

function encoded(elements: Elements, transferSyntaxUid: string): Uint8Array {
  const stream = new dcmjs.data.WriteBufferStream(PIECE_BYTES, true);
  dcmjs.data.DicomMessage.write(elements, stream, transferSyntaxUid, { allowInvalidVRLength: false });
  return new Uint8Array(stream.getBuffer());
}

function longHeader(tag: string, vr: string, length: number, transferSyntaxUid: string): Uint8Array {
  if (transferSyntaxUid === TransferSyntax.implicitVrLittleEndian) return shortHeader(tag, length);
  const header = new Uint8Array(12);
  header.set(shortHeader(tag, 0));
  header.set([vr.charCodeAt(0), vr.charCodeAt(1), 0, 0], 4);
  new DataView(header.buffer).setUint32(8, length, true);
  return header;
}

function shortHeader(tag: string, length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  header.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  header.setUint32(4, length, true);
  return new Uint8Array(header.buffer);
}

function isBytes(value: unknown): value is Bytes {
  return value instanceof Uint8Array || (typeof value === 'object' && value !== null && 'writeTo' in value);
}
