import dicomParser, { type Element } from 'dicom-parser';
import { BadInput } from '../errors.ts';
import { type ElementStream, RanOut } from './element-stream.ts';
import { type Elements, vrOfValue } from './parsed-data-set.ts';

/**
 * The elements of a data set from where the stream stands to its end, or to the pixel data.
 * `cut`: where the element starts that the data cut off.
 * @throws BadInput when an element is broken
 */
export function readElements(
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
      if (group === 0 && number === 0) {
        requirePadding(stream.byteArray, start, elements);
        break;
      }
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

/**
 * Zeros fill some files up to their end. Before anything else they are damage: the rest of the object would be lost in
 * silence. What follows them behind the pixel data belongs to no object.
 */
function requirePadding(bytes: Uint8Array, start: number, elements: Elements): void {
  if (elements[PIXEL_DATA] === undefined && bytes.subarray(start).some((byte) => byte !== 0))
    throw new BadInput(`zeros stand at byte ${start}, where an element should start`);
}

/** Float, double float and integer pixel data, PS3.3 C.7.6.3 and C.7.6.24. */
function isPixelData(group: number, element: number): boolean {
  return group === 0x7fe0 && (element === 0x0008 || element === 0x0009 || element === 0x0010);
}

/**
 * One element with its items.
 * @throws RanOut when the data end before it, BadInput when it is broken
 */
export function readElement(stream: ElementStream, explicitVr: boolean): Element {
  const start = stream.position;
  const warnings: string[] = [];
  stream.warnings = warnings;
  try {
    const element = explicitVr ? dicomParser.readDicomElementExplicit(stream, warnings) : readImplicit(stream);
    if (element.fragments) element.length = Math.min(element.length, stream.byteArray.length - element.dataOffset);
    if (warnings.some((warning) => warning.startsWith('eof encountered') && !warning.endsWith(LOOK_AHEAD)))
      throw new RanOut();
    requireSound(element, stream.byteArray, stream.position);
    return element;
  } catch (cause) {
    if (cause instanceof RanOut || /invalid value for parameter/.test(String(cause))) throw new RanOut();
    throw new BadInput(`the element that starts at byte ${start} is broken`, { cause });
  }
}

/** dicom-parser looks four bytes ahead of each value in implicit VR. The last value of a file may be shorter. */
const LOOK_AHEAD = 'in peeking to determine VR';

/** Compressed pixel data are explicit VR by the standard; some writers compress within implicit VR. */
function readImplicit(stream: ElementStream): Element {
  const element = dicomParser.readDicomElementImplicit(stream, PIXEL_DATA, vrOfValue);
  if (element.tag !== PIXEL_DATA) return element;
  if (element.hadUndefinedLength) dicomParser.findEndOfEncapsulatedElement(stream, element, stream.warnings);
  else stream.seek(element.length);
  return element;
}

const PIXEL_DATA = 'x7fe00010';

/** Structured reports nest some twenty. What walks through an object calls itself once for each level. */
const MOST_NESTED = 256;

/** What dicom-parser reads on over in silence, and would lose or mix up data by. `end`: where the element must end. */
function requireSound(element: Element, bytes: Uint8Array, end: number, depth = 1): void {
  if (element.tag === ITEM_DELIMITER) return;
  if (element.tag.startsWith('xfffe')) throw new BadInput('an item lies outside a sequence');
  const elementEnd = element.dataOffset + element.length;
  if (elementEnd > end) throw new BadInput('an element is longer than the item that holds it');
  if (element.hadUndefinedLength && !element.items && !element.fragments && !isPrivateSequence(element, bytes))
    throw new BadInput('undefined length, but neither a sequence nor encapsulated pixel data');
  if (depth > MOST_NESTED) throw new BadInput(`sequences lie in each other more than ${MOST_NESTED} deep`);
  for (const item of element.items ?? []) {
    const itemEnd = item.dataOffset + item.length;
    if (itemEnd > elementEnd) throw new BadInput('an item is longer than the sequence that holds it');
    for (const inner of Object.values(item.dataSet?.elements ?? {})) requireSound(inner, bytes, itemEnd, depth + 1);
  }
}

const ITEM_DELIMITER = 'xfffee00d';

/** In implicit VR, dicom-parser skips a private sequence right, but keeps no items of it. */
function isPrivateSequence(element: Element, bytes: Uint8Array): boolean {
  return element.vr === undefined && bytes[element.dataOffset] === 0xfe && bytes[element.dataOffset + 1] === 0xff;
}
