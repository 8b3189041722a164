import type { Element } from 'dicom-parser';
import { characterSet, type Decode, decodeLatin } from '../dicom/character-set.ts';
import { withoutPadding } from '../dicom/padding.ts';
import { type Elements, readUnknownSequence } from '../dicom/parsed-data-set.ts';
import type { Layout } from '../dicom/read.ts';
import type { Encoding } from '../dicom/recognise.ts';
import { BadInput } from '../errors.ts';
import { ownKeys } from '../own-keys.ts';
import { coarseAge } from './age.ts';
import { cleanText, type IdentityWords, tellsAsValue, tellsOfPerson } from './clean-text.ts';
import { shiftTemporal } from './dates.ts';
import { asciiValue, dummyValue } from './dummies.ts';
import { elementHeader, itemHeader, lengthOf, UNDEFINED_LENGTH } from './encode.ts';
import { type Action, actionOf, isPrivate, isTemporal, type ProfileOption, standardVr } from './profile.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { creatorTag, safePrivateVr } from './safe-private.ts';
import { type StructureName, structureName } from './structure-names.ts';

/** What the rewriting of one object needs to know, and what it tells. */
export interface Rewriting {
  options: ReadonlySet<ProfileOption>;
  pseudonyms: Pseudonyms;
  shiftDays: number;
  identity: IdentityWords;
  allowedNames: readonly RegExp[];
  /** Filled while rewriting. */
  names: StructureName[];
}

interface Rewrite extends Rewriting {
  /** Of the file that is written. */
  encoding: Encoding;
}

/** The elements of a data set or item in the bytes of the file. */
interface Level {
  bytes: Uint8Array;
  elements: Elements;
  encoding: Encoding;
  decode: Decode;
  /** Inside a sequence whose every value becomes a dummy. */
  isDummy: boolean;
}

type Chunks = readonly Uint8Array[];

const ITEM_DELIMITER = 'xfffee00d';
const SEQUENCE_DELIMITER = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);
const IMPLICIT: Encoding = { explicitVr: false, bigEndian: false };
const TEXT_VRS = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);
/** VRs of characters, in which people should not type and do. */
const SEVERAL_VALUES_VRS = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI']);
const NUMBER_VRS = new Set(['DA', 'DS', 'DT', 'IS', 'TM', 'UI']);
/** No name is longer, and pixels are. */
const LONGEST_TEXT = 2 ** 16;
const SINGLE_VALUE_VRS = new Set(['LT', 'ST', 'UT']);
/** Names of structures -> the element of the same item that numbers them. */
const NUMBER_OF_NAME: Record<string, string> = ownKeys({
  x30060026: 'x30060022',
  x30060085: 'x30060084',
  x00620005: 'x00620004',
});
const OBSERVATION_LABEL = 'x30060085';
const PATIENT_AGE = 'x00101010';

/**
 * The data set after the profile, as chunks by tag in ascending order, in the encoding of the original. What stays is
 * copied byte for byte; only what changes is encoded anew.
 * @throws BadInput when a sequence cannot be read
 */
export function rewriteDataSet(layout: Layout, rewriting: Rewriting): Map<string, Chunks> {
  const decode = decoderOf(layout.bytes, layout.elements) ?? characterSet([]);
  return rewriteLevel({ ...layout, decode, isDummy: false }, { ...rewriting, encoding: layout.encoding });
}

function rewriteLevel(level: Level, rewrite: Rewrite): Map<string, Chunks> {
  const tags = Object.keys(level.elements).filter((tag) => tag !== ITEM_DELIMITER);
  const written = new Map(tags.sort().map((tag) => [tag, rewriteElement(tag, level, rewrite)] as const));
  return new Map(
    [...written, ...creatorsOf(written, level, rewrite.encoding)].filter(([, chunks]) => chunks.length > 0),
  );
}

function rewriteElement(tag: string, level: Level, rewrite: Rewrite): Chunks {
  const element = level.elements[tag];
  if (isPrivate(tag)) return rewritePrivate(element, level, rewrite);
  const vr = vrOf(element);
  const action = actionOf(tag, rewrite.options);
  const dummied = level.isDummy && vr !== 'UI' && (action === 'keep' || action === 'clean') ? 'dummy' : action;
  return vr === 'SQ' || element.items
    ? rewriteSequence(element, dummied, level, rewrite)
    : rewriteValue(element, vr, dummied, level, rewrite);
}

/** Cleaning a sequence would need a meaning of its contents: there the profile without the option holds. */
function rewriteSequence(element: Element, wished: Action, level: Level, rewrite: Rewrite): Chunks {
  const action = wished === 'clean' ? actionOf(element.tag, new Set()) : wished;
  if (action === 'remove') return [];
  if (action === 'empty' || action === 'uid') return [elementHeader(element.tag, 'SQ', 0, rewrite.encoding)];
  const isUnknown = element.vr === 'UN';
  if (!element.items && element.length > 0) readUnknownSequence(level.bytes, element);
  if (isUnknown && rewrite.encoding.bigEndian)
    throw new BadInput(`a sequence of unknown VR in a big endian file: ${element.tag}`);
  const items = (element.items ?? []).map((item) => {
    const elements = item.dataSet?.elements ?? {};
    const inner: Level = {
      bytes: level.bytes,
      elements,
      encoding: isUnknown ? IMPLICIT : level.encoding,
      decode: decoderOf(level.bytes, elements) ?? level.decode,
      isDummy: action === 'dummy',
    };
    const body = [...rewriteLevel(inner, rewrite).values()].flat();
    return [itemHeader(lengthOf(body), rewrite.encoding), ...body];
  });
  const all = items.flat();
  return [elementHeader(element.tag, 'SQ', lengthOf(all), rewrite.encoding), ...all];
}

function rewriteValue(element: Element, vr: string, action: Action, level: Level, rewrite: Rewrite): Chunks {
  const { tag, length } = element;
  const replaced = (value: Uint8Array) => [elementHeader(tag, vr, value.length, rewrite.encoding), value];
  switch (action) {
    case 'remove':
      return [];
    case 'empty':
      return replaced(new Uint8Array());
    case 'dummy':
      return replaced(dummyValue(vr, length));
    case 'uid':
      return replaced(asciiValue(mapUids(fieldOf(element, level), rewrite.pseudonyms), 'UI'));
    case 'clean': {
      const cleaned = cleanValue(element, vr, level, rewrite);
      if (cleaned !== undefined) return replaced(cleaned);
      return rewriteValue(element, vr, actionOf(tag, new Set()), level, rewrite);
    }
    case 'keep': {
      if (tag === PATIENT_AGE) return replaced(asciiValue(coarseAge(decodeLatin(fieldOf(element, level))), 'AS'));
      const cleared = clearedValue(element, vr, level, rewrite.identity);
      return cleared ? replaced(cleared) : copied(element, vr, level, rewrite.encoding);
    }
  }
}

/** The value of a kept element without its identifying parts; undefined where it has none. */
function clearedValue(element: Element, vr: string, level: Level, identity: IdentityWords): Uint8Array | undefined {
  const bytes = fieldOf(element, level);
  if (bytes.length > LONGEST_TEXT || identity.size === 0) return undefined;
  if (TEXT_VRS.has(vr)) return tellsOfPerson(level.decode(bytes), identity) ? new Uint8Array() : undefined;
  if (!SEVERAL_VALUES_VRS.has(vr)) return tellsAsValue(decodeLatin(bytes), vr, identity) ? new Uint8Array() : undefined;
  if (NUMBER_VRS.has(vr) && !bytes.some(isLetter)) return undefined;
  const values = withoutPadding(decodeLatin(bytes)).split('\\');
  const kept = values.map((value) => (tellsAsValue(value, vr, identity) ? '' : value));
  return kept.some((value, i) => value !== values[i]) ? asciiValue(kept.join('\\'), vr) : undefined;
}

/** Of a name, or beyond ASCII; an exponent is none. */
function isLetter(byte: number): boolean {
  const upper = byte & 0xdf;
  return byte >= 0x80 || (upper >= 0x41 && upper <= 0x5a && upper !== 0x45);
}

/** The value without what might identify; undefined when nothing is left of it. */
function cleanValue(element: Element, vr: string, level: Level, rewriting: Rewriting): Uint8Array | undefined {
  const bytes = fieldOf(element, level);
  if (isTemporal(vr)) {
    const values = withoutPadding(decodeLatin(bytes)).split('\\');
    const shifted = values.map((value) => shiftTemporal(value.trim(), vr, rewriting.shiftDays));
    return shifted.includes(undefined) ? undefined : asciiValue(shifted.join('\\'), vr);
  }
  if (element.tag === TIMEZONE) return /^[+-]\d{4}\s*\0?$/.test(decodeLatin(bytes)) ? bytes : undefined;
  if (!TEXT_VRS.has(vr)) return undefined;
  const text = withoutPadding(level.decode(bytes));
  if (element.tag in NUMBER_OF_NAME) return cleanName(element, text, level, rewriting);
  const values = SINGLE_VALUE_VRS.has(vr) ? [text] : text.split('\\');
  const cleaned = values.map((value) => cleanText(value, rewriting.identity)).join('\\');
  if (cleaned === text) return bytes;
  return /[^\\]/.test(cleaned) ? asciiValue(cleaned, vr) : undefined;
}

/** Time zones belong to the dates: with these moved by whole days they keep their meaning. */
const TIMEZONE = 'x00080201';

function cleanName(element: Element, text: string, level: Level, rewriting: Rewriting): Uint8Array {
  const numbering = level.elements[NUMBER_OF_NAME[element.tag]];
  const number = numbering ? numberText(numbering, level) : '';
  const name = structureName(text, number, rewriting.identity, rewriting.allowedNames);
  if (element.tag !== OBSERVATION_LABEL) rewriting.names.push(name);
  return name.written === text ? fieldOf(element, level) : asciiValue(name.written, 'LO');
}

/** Of an ROI as text (IS), of a segment in two bytes (US); '' where the file has fewer. */
function numberText(element: Element, level: Level): string {
  const bytes = fieldOf(element, level);
  if (vrOf(element) !== 'US') return withoutPadding(decodeLatin(bytes)).trim();
  if (bytes.length < 2) return '';
  return String(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint16(0, !level.encoding.bigEndian));
}

function mapUids(bytes: Uint8Array, pseudonyms: Pseudonyms): string {
  const uids = withoutPadding(decodeLatin(bytes)).split('\\');
  return uids.map((uid) => (uid.trim() === '' ? '' : pseudonyms.uid(uid.trim()))).join('\\');
}

function rewritePrivate(element: Element, level: Level, rewrite: Rewrite): Chunks {
  const owner = level.elements[creatorTag(element.tag)];
  if (!rewrite.options.has('safe-private') || !owner || level.isDummy) return [];
  const vr = safePrivateVr(element.tag, withoutPadding(decodeLatin(fieldOf(owner, level))));
  if (vr === undefined) return [];
  const action = isTemporal(vr) ? temporalAction(rewrite.options) : 'keep';
  return rewriteValue(element, vr, action, level, rewrite);
}

function temporalAction(options: ReadonlySet<ProfileOption>): Action {
  if (options.has('full-dates')) return 'keep';
  return options.has('modified-dates') ? 'clean' : 'remove';
}

/** The owners of the private elements that stay. */
function creatorsOf(written: Map<string, Chunks>, level: Level, encoding: Encoding): [string, Chunks][] {
  const kept = [...written].filter(([tag, chunks]) => isPrivate(tag) && chunks.length > 0);
  const tags = new Set(kept.map(([tag]) => creatorTag(tag)));
  return [...tags].map((tag) => [tag, copied(level.elements[tag], 'LO', level, encoding)]);
}

function copied(element: Element, vr: string, level: Level, encoding: Encoding): Chunks {
  const { tag, length, hadUndefinedLength } = element;
  const value = fieldOf(element, level);
  if (!hadUndefinedLength) return [elementHeader(tag, vr, length, encoding), value];
  const isClosed = SEQUENCE_DELIMITER.every((byte, i) => value.at(i - SEQUENCE_DELIMITER.length) === byte);
  return [elementHeader(tag, 'OB', UNDEFINED_LENGTH, encoding), value, ...(isClosed ? [] : [SEQUENCE_DELIMITER])];
}

/** As written where that says something, else as in PS3.6; of the choices that it leaves, one of the same bytes. */
function vrOf({ tag, vr = '' }: Element): string {
  if (/^[A-Z]{2}$/.test(vr) && vr !== 'UN') return vr;
  const standard = standardVr(tag) ?? 'UN';
  if (/^[A-Z]{2}$/.test(standard)) return standard;
  return standard === 'xs' ? 'US' : standard === 'up' ? 'UL' : 'OW';
}

function fieldOf({ dataOffset, length }: Element, { bytes }: Level): Uint8Array {
  return bytes.subarray(dataOffset, dataOffset + length);
}

function decoderOf(bytes: Uint8Array, { x00080005: element }: Elements): Decode | undefined {
  if (!element) return undefined;
  const text = decodeLatin(bytes.subarray(element.dataOffset, element.dataOffset + element.length));
  return characterSet(
    withoutPadding(text)
      .split('\\')
      .map((term) => term.trim()),
  );
}
