import { gunzipSync } from 'node:zlib';
import type { Config } from '../config.ts';
import type { Finding, FindingSubject } from '../findings.ts';
import { type Box, type Grid, indexToPatient, type Mask } from '../image/grid.ts';
import { countVoxels, maskVolumeCc } from '../image/mask.ts';
import { touchingFaces } from '../image/touching-faces.ts';
import { readNifti } from '../nifti/read-nifti.ts';
import type { Course, ImageStatus } from '../rt/course.ts';
import type { MaskStatus } from '../rt/roi-status.ts';
import type { RoiIdentity } from '../rt/row-identity.ts';
import { courseKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { DerivedSource } from '../structures/derived/derive.ts';
import type { DerivedDefinition } from '../structures/derived/schema.ts';
import { harmonise, type NameRule, type NameStatus, nameStatus } from '../structures/names/harmonise.ts';
import { packNifti } from './images.ts';
import { readJson } from './json.ts';

/** `structures/masks.json`. */
export interface CourseStructures {
  structures: StructureRecord[];
  findings: Finding[];
}

/** A structure of the course, of any source, with or without a mask. */
export interface StructureRecord extends MaskOutcome {
  /** Counts the structures of the course; names the file of the mask. */
  number: number;
  roiNumber: number;
  roiName: string;
  /** TG-263 name, when a rule of the name table gives one. */
  standardName: string | null;
  nameRule: NameRule;
  nameStatus: NameStatus;
  /** A near standard name for a person to judge: nothing follows from it. */
  suggestedName: string | null;
  /** `manual`, `seg`, `totalsegmentator`, `custom:<model>`, `derived`. */
  source: string;
  /** The model that drew it, with its version; absent when it is manual or derived. */
  algorithm?: string;
  interpretedType: string;
  /** The RTSTRUCT of the upload with its contours; absent for masks of segmentation and for derived structures. */
  structureSetUid?: string;
  /** The RTSTRUCT that the product wrote for it, whole; absent when it has one in the upload, or none was written. */
  writtenSetUid?: string;
  /** Its mask on the whole grid of its image, named for other programs; absent without a mask. */
  wholeMaskKey?: string;
  /** The image of the mask; absent without a mask. */
  imageNumber?: number;
  /** How that image was found; absent of structures that were made on it. */
  imageStatus?: ImageStatus;
  /** Slices of it that the image lacks: volume and features are of the rest. */
  missingSlices?: number;
  /** Of derived structures. */
  derivation?: Derivation;
  /** The part between the boundaries of cropping; absent when its image was not cropped. */
  cropped?: CroppedOutcome;
}

/** The mask of a structure, or the reason why it has none. */
export interface MaskOutcome extends MaskFile {
  status: MaskStatus;
  reason: string;
  voxels: number;
  volumeCc: number;
  /** Faces of the image that it reaches. */
  touches: string[];
}

/** Where a mask lies; both absent when there is none. */
export interface MaskFile {
  /** Voxels of the image that the file covers. */
  box?: Box;
  maskKey?: string;
}

export interface CroppedOutcome extends MaskOutcome {
  /** Voxels beyond the boundaries; 0 when the cropped structure is the structure itself. */
  removedVoxels: number;
}

/** What a derived structure was made of. */
export interface Derivation {
  definition: DerivedDefinition;
  sources: DerivedSource[];
  partial: boolean;
}

/** A structure whose mask and volume are those to be analysed. */
export interface TakenStructure extends StructureRecord {
  /** True when they are of the part between the boundaries of cropping, which is not all of it. */
  isCropped: boolean;
}

/** A structure before its name was looked up. */
export type UnnamedRecord = Omit<StructureRecord, 'standardName' | 'nameRule' | 'nameStatus' | 'suggestedName'>;

export const NO_MASK = { voxels: 0, volumeCc: 0, touches: [] };

export async function readStructures(store: ObjectStore, courseId: string): Promise<CourseStructures> {
  return readJson(store, courseKeys(courseId).structures);
}

export function withStandardName(record: UnnamedRecord, { structures }: Pick<Config, 'structures'>): StructureRecord {
  const found = harmonise(record.roiName, structures.names);
  const { standardName, rule, suggestion } = found;
  const status = nameStatus(record.roiName, found);
  return { ...record, standardName, nameRule: rule, nameStatus: status, suggestedName: suggestion };
}

/** A structure as the rows of every table name it. */
export function roiIdentity(
  { structureSets, images }: Pick<Course, 'structureSets' | 'images'>,
  record: StructureRecord,
): RoiIdentity {
  const { roiNumber, roiName, standardName, source, structureSetUid, writtenSetUid } = record;
  const { imageStatus, missingSlices, imageNumber } = record;
  const image = imageNumber === undefined ? undefined : images[imageNumber];
  return {
    structureSetUid: structureSetUid ?? writtenSetUid ?? '',
    roiNumber,
    roiName,
    standardName,
    source,
    primary: structureSets.some((set) => set.role === 'primary' && set.sopInstanceUid === structureSetUid),
    imageSeriesUid: image?.seriesInstanceUid,
    imageVolume: image?.volume,
    imageStatus,
    missingSlices,
  };
}

/** A structure as an analysis takes it: whole, or what cropping left of it. */
export function takenStructure(record: StructureRecord, useCropped: boolean): TakenStructure {
  if (!useCropped || !record.cropped || record.cropped.removedVoxels === 0) return { ...record, isCropped: false };
  const { box, maskKey, ...rest } = record;
  return { ...rest, ...record.cropped, isCropped: true };
}

/** Writes a mask as NIfTI, cut to its box: the header has the true position. */
export async function writeMask(store: ObjectStore, key: string, mask: Mask): Promise<MaskOutcome> {
  const { box, grid, data } = mask;
  const originMm = indexToPatient(grid, box.start);
  await store.put(key, packNifti({ grid: { ...grid, originMm, size: box.size }, data }));
  const measured = { voxels: countVoxels(mask), volumeCc: maskVolumeCc(mask), touches: touchingFaces(mask) };
  return { status: 'ok', reason: '', ...measured, box, maskKey: key };
}

export async function readMask(store: ObjectStore, { maskKey, box }: MaskFile, grid: Grid): Promise<Mask> {
  if (!maskKey || !box) throw new Error('the structure has no mask');
  const { data } = readNifti(new Uint8Array(gunzipSync(await store.get(maskKey))));
  return { grid, box, data: data as Uint8Array };
}

/** What a finding on a structure is about. */
export function structureSubject(record: UnnamedRecord): FindingSubject {
  const { roiNumber, roiName, source } = record;
  const structureSetUid = record.structureSetUid ?? record.writtenSetUid;
  return { ...(structureSetUid !== undefined && { structureSetUid }), roiNumber, roiName, source };
}
