import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import type { ObjectInfo, ObjectStore } from '#lib/store/store.ts';

export interface UploadShape {
  courses: number;
  /** Of each course: image slices, and three more for structure set, plan and dose. */
  files: number;
  /** All courses under one PatientID, as exports that call everybody ANON are. */
  onePatient: boolean;
}

const IMAGE_SIZE = 4;

/**
 * An upload of any number of DICOM files that lie nowhere: the files of one course, with other UIDs and another PatientID for
 * each course, put together when they are read. Nothing of it is held but that one course.
 */
export function generatedUpload({ courses, files, onePatient }: UploadShape): ObjectStore {
  const size = { slices: files - 3, rows: IMAGE_SIZE, columns: IMAGE_SIZE };
  const first = [...generatedCohort({ courses: 1, ...size, seed: 1 })].map(({ bytes }) => Buffer.from(bytes));
  const uids = new Map<string, number>();
  const templates = first.map((bytes) => ({ bytes, changes: changesIn(bytes, uids) }));
  const infoOf = (course: number, file: number): ObjectInfo => ({
    key: `${digits(course, 7)}/${digits(file, 5)}.dcm`,
    bytes: templates[file].bytes.length,
    version: '1',
    changed: '1',
  });
  const contentOf = (key: string) => {
    const [course, file] = key.split(/[/.]/).map(Number);
    const { bytes, changes } = templates[file];
    const copy = Buffer.from(bytes);
    for (const { at, length, ordinal } of changes) {
      const isPatient = ordinal === undefined;
      if (!isPatient) copy.write(`2.25.1${digits(ordinal, 5)}${digits(course, length - 11)}`, at, 'latin1');
      else if (!onePatient) copy.write(digits(course, length), at, 'latin1');
    }
    return copy;
  };
  const refuse = () => Promise.reject(new Error('a generated upload is read only'));
  return {
    uri: 'generated:',
    get: async (key) => contentOf(key),
    getRange: async (key, start, end) => contentOf(key).subarray(start, end),
    head: async (key) => infoOf(...(key.split(/[/.]/).map(Number) as [number, number])),
    async *list() {
      for (let course = 1; course <= courses; course++)
        for (let file = 0; file < files; file++) yield infoOf(course, file);
    },
    put: refuse,
    putPieces: refuse,
    delete: refuse,
  };
}

/** A UID, by its place among all of the course, or without one the number in the PatientID. */
interface Change {
  at: number;
  length: number;
  ordinal?: number;
}

function changesIn(bytes: Buffer, uids: Map<string, number>): Change[] {
  const text = bytes.toString('latin1');
  const ofUids = [...text.matchAll(/2\.25\.\d{30,}/g)].map(({ 0: uid, index }) => {
    if (!uids.has(uid)) uids.set(uid, uids.size);
    return { at: index, length: uid.length, ordinal: uids.get(uid) };
  });
  const ofPatient = [...text.matchAll(/(?<=GEN-)\d{5}/g)].map(({ 0: number, index }) => ({
    at: index,
    length: number.length,
  }));
  return [...ofUids, ...ofPatient];
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
