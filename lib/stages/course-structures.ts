import { gunzipSync } from 'node:zlib';
import type { Finding } from '../finding.ts';
import { type Box, type Grid, indexToPatient, type Mask } from '../image/grid.ts';
import { readNifti } from '../nifti/read-nifti.ts';
import { courseKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import { packNifti } from './course-images.ts';
import { readJson } from './json.ts';

/** `structures/masks.json`. */
export interface CourseStructures {
  structures: StructureRecord[];
  findings: StructureFinding[];
}

export interface StructureFinding extends Finding {
  /** '' for structures of no RTSTRUCT. */
  structureSetUid: string;
}

/** A structure of the course, of any source, with or without a mask. */
export interface StructureRecord {
  /** Counts the structures of the course; names the file of the mask. */
  number: number;
  roiNumber: number;
  roiName: string;
  /** TG-263 name, when a rule of the name table gives one. */
  standardName: string | null;
  /** `manual`, `totalsegmentator`, `custom:<model>`, `derived`. */
  source: string;
  interpretedType: string;
  /** The RTSTRUCT with its contours; absent for masks of segmentation and for derived structures. */
  structureSetUid?: string;
  /** The image that the mask lies on; absent when there is none. */
  imageNumber?: number;
  status: 'ok' | 'empty' | 'too_small' | 'outside_image' | 'failed';
  reason: string;
  voxels: number;
  volumeCc: number;
  touches: string[];
  /** Voxels of the image that the mask's file covers. */
  box?: Box;
  maskKey?: string;
}

export async function readStructures(store: ObjectStore, courseId: string): Promise<CourseStructures> {
  return readJson(store, courseKeys(courseId).structures);
}

/** Writes a mask as NIfTI, cut to its box: the header has the true position. */
export async function writeMask(store: ObjectStore, courseId: string, number: number, mask: Mask): Promise<string> {
  const key = courseKeys(courseId).mask(number);
  const { box, grid, data } = mask;
  const originMm = indexToPatient(grid, box.start);
  await store.put(key, packNifti({ grid: { ...grid, originMm, size: box.size }, data }));
  return key;
}

export async function readMask(store: ObjectStore, { maskKey, box }: StructureRecord, grid: Grid): Promise<Mask> {
  if (!maskKey || !box) throw new Error('the structure has no mask');
  const { data } = readNifti(new Uint8Array(gunzipSync(await store.get(maskKey))));
  return { grid, box, data: data as Uint8Array };
}
