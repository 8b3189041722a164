import type { Element } from 'dicom-parser';
import { decodeLatin } from '../dicom/character-set.ts';
import type { Elements } from '../dicom/parsed-data-set.ts';
import { type Layout, readLayout } from '../dicom/read.ts';
import { identityOf } from './identity-words.ts';

/** A piece of the original that is still in its copy: its place and its kind, never its text. */
export interface Remains {
  /** Tag of the element, such as `x00181030`; '' for bytes outside of all elements. */
  tag: string;
  kind: 'name or number of a person' | 'UID';
}

/** Shorter parts of names occur in other words by chance. */
const SHORTEST = 5;
const PIXEL_DATA = 'x7fe00010';
const STANDARD_UIDS = '1.2.840.10008.';

/**
 * Searches a copy for what its original says of persons, and for its UIDs. It looks otherwise than the cleaning does: for the
 * bare letters, whatever stands around them, in the value of every element at any depth, and in the bytes before the first.
 * @param keepsUids the copy has the UIDs of the original by option
 * @throws BadInput when one of the two is not DICOM
 */
export function remainsOf(original: Uint8Array, copy: Uint8Array, keepsUids: boolean): Remains[] {
  const { dataSet, layout } = readLayout(original);
  const words = [...identityOf(dataSet)].filter((word) => word.length >= SHORTEST);
  const uids = keepsUids ? new Set<string>() : uidsIn(layout);
  const found: Remains[] = [];
  const copied = readLayout(copy).layout;
  const search = (tag: string, text: string) => {
    const lower = text.toLowerCase();
    if (words.some((word) => lower.includes(word))) found.push({ tag, kind: 'name or number of a person' });
    if (text.split('\\').some((part) => uids.has(part.replace(/[\0 ]/g, '')))) found.push({ tag, kind: 'UID' });
  };
  for (const element of elementsOf(copied.elements))
    if (element.tag !== PIXEL_DATA && !element.items)
      for (const text of textsOf(element, copied)) search(element.tag, text);
  const first = Math.min(...Object.values(copied.elements).map(({ dataOffset }) => dataOffset));
  if (Number.isFinite(first)) search('', decodeLatin(copy.subarray(0, first)));
  return found;
}

function uidsIn(layout: Layout): Set<string> {
  const uids = new Set<string>();
  for (const element of elementsOf(layout.elements)) {
    if (element.vr !== 'UI') continue;
    for (const text of textsOf(element, layout))
      for (const uid of text.split('\\'))
        if (!uid.startsWith(STANDARD_UIDS) && uid.includes('.')) uids.add(uid.replace(/[\0 ]/g, ''));
  }
  return uids;
}

function* elementsOf(elements: Elements): Generator<Element> {
  for (const element of Object.values(elements)) {
    yield element;
    for (const item of element.items ?? []) yield* elementsOf(item.dataSet?.elements ?? {});
  }
}

/** As Latin letters and as UTF-8: one of the two is how names are written. */
function textsOf({ dataOffset, length }: Element, { bytes }: Layout): string[] {
  const value = bytes.subarray(dataOffset, dataOffset + length);
  return [decodeLatin(value), new TextDecoder().decode(value)];
}
