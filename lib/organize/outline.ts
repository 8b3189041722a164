import { instanceOfReference } from '../rt/structure-set-header.ts';
import type { IndexRow } from './index-row.ts';
import type { Unassignable } from './unassigned.ts';

/**
 * What tells the instances of an upload apart and says which belong to one patient: of all instances of a large upload no
 * more is held at once.
 */
export interface Outline extends Unassignable {
  patient: Pick<IndexRow['patient'], 'id' | 'name' | 'birthDate' | 'sex'>;
  sopClassUid: string;
  studyInstanceUid: string;
  frameOfReferenceUid: string;
  createdAt: string;
  /** Hash of the content; only needed where SOP Instance UIDs collide. */
  digest?: string;
  /** The UIDs of others that it names. */
  names: NamedUids;
}

export interface NamedUids {
  instances: string[];
  series: string[];
  /** Of a structure set. */
  frames: string[];
}

/** Most instances name nothing: images. */
const NOTHING: NamedUids = { instances: [], series: [], frames: [] };

/** @param oneText gives equal texts as one, which many instances of a series share */
export function outlineOf(row: IndexRow, oneText: (text: string) => string = (text) => text): Outline {
  const { id, name, birthDate, sex } = row.patient;
  return {
    key: row.key,
    bytes: row.bytes,
    kind: row.kind,
    sopInstanceUid: row.sopInstanceUid,
    seriesInstanceUid: oneText(row.seriesInstanceUid),
    studyInstanceUid: oneText(row.studyInstanceUid),
    frameOfReferenceUid: oneText(row.frameOfReferenceUid),
    sopClassUid: oneText(row.sopClassUid),
    modality: oneText(row.modality),
    patient: { id: oneText(id), name: oneText(name), birthDate: oneText(birthDate), sex: oneText(sex) },
    createdAt: oneText(row.createdAt),
    digest: row.digest,
    names: row.kind === 'image' ? NOTHING : namedUids(row),
  };
}

/** The UIDs of others that an object other than an image refers to. */
function namedUids(row: IndexRow): NamedUids {
  const { plan, dose, structureSet, record, registration, segmentation } = row;
  const instances = [
    ...(plan?.structureSetUids ?? []),
    ...(dose?.planReferences.map(({ planUid }) => planUid) ?? []),
    ...(dose?.structureSetUids ?? []),
    ...(record?.planUids ?? []),
    ...(structureSet?.contourImages.map(instanceOfReference) ?? []),
    ...(structureSet?.seriesReferences.flatMap(({ instanceUids }) => instanceUids.map(instanceOfReference)) ?? []),
    ...(registration?.items.flatMap(({ imageUids }) => imageUids) ?? []),
    ...(segmentation?.referencedInstanceUids ?? []),
  ];
  const series = [
    ...(structureSet?.seriesReferences.map(({ seriesInstanceUid }) => seriesInstanceUid) ?? []),
    ...(registration?.referencedSeriesUids ?? []),
    ...(segmentation?.referencedSeriesUids ?? []),
  ];
  return { instances: [...new Set(instances)], series, frames: structureSet?.frameOfReferenceUids ?? [] };
}
