import { deflateRawSync } from 'node:zlib';
import type { DataSet } from '../dicom/data-set.ts';
import { readLayout } from '../dicom/read.ts';
import type { Encoding } from '../dicom/recognise.ts';
import { IMPLEMENTATION_CLASS_UID, TransferSyntax } from '../dicom/uid.ts';
import { ageAtStudy } from './age.ts';
import { asciiValue } from './dummies.ts';
import { elementHeader, joined, lengthOf } from './encode.ts';
import { reasonToHoldBack } from './held-back.ts';
import { identityOf } from './identity-words.ts';
import { methodElements } from './method.ts';
import type { ProfileOption } from './profile.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { type Rewriting, rewriteDataSet } from './rewrite.ts';
import type { StructureName } from './structure-names.ts';

export interface DeidentifySettings {
  options: ReadonlySet<ProfileOption>;
  pseudonyms: Pseudonyms;
  /** Names of structures that stay whatever the vocabulary says: `namePattern`. */
  allowedNames: readonly RegExp[];
  /** Also objects whose pixels may show text. */
  allowBurnedIn: boolean;
}

export type Deidentified =
  | { kind: 'written'; bytes: Uint8Array; patient: string; sopInstanceUid: string; names: StructureName[] }
  | { kind: 'held_back'; reason: string };

/**
 * A DICOM file by the Basic Application Level Confidentiality Profile with options (PS3.15 annex E). Transfer syntax,
 * pixel data and all that stays are the original's, byte for byte. What a program cannot make safe is held back.
 * @throws BadInput when the bytes are not DICOM, are cut off or are broken
 */
export function deidentify(file: Uint8Array, settings: DeidentifySettings): Deidentified {
  const { dataSet, layout } = readLayout(file);
  const reason = reasonToHoldBack(dataSet, layout, settings.allowBurnedIn);
  if (reason !== undefined) return { kind: 'held_back', reason };
  const { options, pseudonyms, allowedNames } = settings;
  const key = patientKey(dataSet);
  const patient = pseudonyms.patient(key);
  const shiftDays = pseudonyms.shiftDays(key);
  const rewriting: Rewriting = {
    options,
    pseudonyms,
    shiftDays,
    identity: identityOf(dataSet),
    allowedNames,
    names: [],
  };
  const elements = rewriteDataSet(layout, rewriting);
  const { encoding } = layout;
  elements.set('x00100010', textElement('x00100010', 'PN', patient, encoding));
  elements.set('x00100020', textElement('x00100020', 'LO', patient, encoding));
  const age = options.has('patient-characteristics') ? ageAtStudy(dataSet) : undefined;
  if (age !== undefined) elements.set('x00101010', textElement('x00101010', 'AS', age, encoding));
  for (const [tag, bytes] of methodElements(options, dataSet, encoding)) elements.set(tag, [bytes]);
  const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, chunks]) => chunks);
  const uid = dataSet.text('SOPInstanceUID');
  const sopInstanceUid = options.has('uids') ? uid : pseudonyms.uid(uid);
  const bytes = joined([...metaHeader(dataSet, sopInstanceUid), ...bodyOf(sorted, dataSet)]);
  return { kind: 'written', bytes, patient, sopInstanceUid, names: rewriting.names };
}

/** What the pseudonym and the shift of dates follow from: PatientID, for it joins the objects of different systems. */
function patientKey(dataSet: DataSet): string {
  const id = dataSet.text('PatientID').trim();
  if (id !== '') return id;
  const name = dataSet.text('PatientName');
  if (name !== '') return `name\n${name}\n${dataSet.text('PatientBirthDate')}`;
  return `study\n${dataSet.text('StudyInstanceUID')}`;
}

function textElement(tag: string, vr: string, text: string, encoding: Encoding): Uint8Array[] {
  const value = asciiValue(text, vr);
  return [elementHeader(tag, vr, value.length, encoding), value];
}

/** Preamble and group 0002 (PS3.10 section 7.1), written anew: nothing of the sender's stays. */
function metaHeader(dataSet: DataSet, sopInstanceUid: string): Uint8Array[] {
  const explicit = { explicitVr: true, bigEndian: false };
  const element = (tag: string, vr: string, value: Uint8Array) => [
    elementHeader(tag, vr, value.length, explicit),
    value,
  ];
  const uid = (tag: string, text: string) => element(tag, 'UI', asciiValue(text, 'UI'));
  const group = [
    element('x00020001', 'OB', Uint8Array.of(0, 1)),
    uid('x00020002', dataSet.text('SOPClassUID')),
    uid('x00020003', sopInstanceUid),
    uid('x00020010', dataSet.transferSyntaxUid || TransferSyntax.implicitVrLittleEndian),
    uid('x00020012', IMPLEMENTATION_CLASS_UID),
    element('x00020013', 'SH', asciiValue('RTPIPELINE', 'SH')),
  ].flat();
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, lengthOf(group), true);
  return [PREAMBLE, ...element('x00020000', 'UL', length), ...group];
}

const PREAMBLE = Uint8Array.from({ length: 132 }, (_, i) => (i < 128 ? 0 : 'DICM'.charCodeAt(i - 128)));

function bodyOf(chunks: Uint8Array[], { transferSyntaxUid }: DataSet): Uint8Array[] {
  if (transferSyntaxUid !== TransferSyntax.deflatedExplicitVrLittleEndian) return chunks;
  const deflated = deflateRawSync(joined(chunks));
  return deflated.length % 2 === 0 ? [deflated] : [deflated, new Uint8Array(1)];
}
