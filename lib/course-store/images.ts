import { gunzipSync, gzipSync } from 'node:zlib';
import type { DataSet } from '../dicom/data-set.ts';
import { decodeFrames } from '../dicom/pixels.ts';
import { readDataSet } from '../dicom/read.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import type { Grid, Volume } from '../image/grid.ts';
import { readNifti } from '../nifti/read-nifti.ts';
import { writeNifti } from '../nifti/write-nifti.ts';
import { mapConcurrently } from '../pool/concurrent.ts';
import type { Course, CourseImage } from '../rt/course.ts';
import { type ImageSeries, readImageSeries } from '../rt/image-series.ts';
import { type MrWeighting, mrWeighting } from '../rt/mr-weighting.ts';
import { courseKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { StageContext } from './context.ts';
import { readJson, readJsonIfAny, writeJson } from './json.ts';
import { openUpload } from './upload.ts';

/** `images/images.json`: the image series of a course that were read, in the order of `course.json`. */
export interface ImageRecord {
  number: number;
  seriesInstanceUid: string;
  modality: string;
  role: CourseImage['role'];
  /** What the voxels count: HU, SUVbw, ... */
  quantity: string;
  /** Of MR images, by the names in their first slice. */
  weighting?: MrWeighting;
  /** The exact geometry: a NIfTI header cannot hold uneven slices. Absent when the series could not be read. */
  grid?: StoredGrid;
  /** Key of the voxels, .nii.gz. */
  key?: string;
  sopInstanceUids: string[];
  findings: Finding[];
}

export type StoredGrid = Omit<Grid, 'sliceOffsetsMm'> & { sliceOffsetsMm?: number[] };

const READ_WIDTH = 16;
/** Fast packing: these files are read again by every analysis. */
const GZIP = { level: 1 };

/**
 * Reads the image series that are analysed, writes each as NIfTI and their list. What was written for the same
 * `course.json` is taken as it is, so that the first stage that needs images makes them.
 */
export async function courseImages(course: Course, context: StageContext, signature: string): Promise<ImageRecord[]> {
  const key = courseKeys(course.courseId).images;
  const earlier = await readJsonIfAny<{ signature: string; images: ImageRecord[] }>(context.store, key);
  if (earlier?.signature === signature) return earlier.images;
  const images: ImageRecord[] = [];
  for (const [number, image] of course.images.entries()) {
    if (isAnalysed(image)) images.push(await makeImage(course.courseId, number, image, context));
  }
  await writeJson(context.store, key, { signature, images });
  return images;
}

/** The list that an earlier stage of this run made. */
export async function readImages(store: ObjectStore, courseId: string): Promise<ImageRecord[]> {
  return (await readJson<{ images: ImageRecord[] }>(store, courseKeys(courseId).images)).images;
}

/** The voxels of an image, on its exact grid. */
export async function readImage(store: ObjectStore, image: ImageRecord): Promise<Volume> {
  if (!image.grid || !image.key) throw new BadInput('the image could not be read', { where: image.seriesInstanceUid });
  const { data } = readNifti(new Uint8Array(gunzipSync(await store.get(image.key))));
  return { grid: gridOf(image.grid), data };
}

export function gridOf(stored: StoredGrid): Grid {
  return { ...stored, sliceOffsetsMm: stored.sliceOffsetsMm && Float64Array.from(stored.sliceOffsetsMm) };
}

/** A file that programs of others read too. */
export function packNifti(volume: Volume): Uint8Array {
  const { sliceOffsetsMm: _, ...even } = volume.grid;
  return new Uint8Array(gzipSync(writeNifti({ ...volume, grid: even }, false), GZIP));
}

function isAnalysed(image: CourseImage): boolean {
  return image.role !== 'related' || image.modality === 'MR';
}

async function makeImage(
  courseId: string,
  number: number,
  image: CourseImage,
  context: StageContext,
): Promise<ImageRecord> {
  const { seriesInstanceUid, modality, role } = image;
  const base = { number, seriesInstanceUid, modality, role, quantity: '', sopInstanceUids: [] };
  try {
    const { series, findings, weighting } = await readSeries(image, context);
    const key = courseKeys(courseId).image(number);
    await context.store.put(key, packNifti(series.volume));
    const { sliceOffsetsMm, ...even } = series.volume.grid;
    if (sliceOffsetsMm) findings.push(unevenNifti(seriesInstanceUid));
    const grid: StoredGrid = { ...even, ...(sliceOffsetsMm && { sliceOffsetsMm: [...sliceOffsetsMm] }) };
    const { quantity, sopInstanceUids } = series;
    const ofMr = modality === 'MR' ? { weighting } : {};
    return { ...base, quantity, ...ofMr, sopInstanceUids, grid, key, findings: [...findings, ...series.findings] };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { ...base, findings: [finding('IMAGE_UNREADABLE', seriesInstanceUid, describeError(error))] };
  }
}

/** A slice whose file is broken is left out and said so; the gap that it leaves is found with the geometry. */
async function readSeries(
  image: CourseImage,
  context: StageContext,
): Promise<{ series: ImageSeries; findings: Finding[]; weighting: MrWeighting }> {
  const upload = openUpload(context);
  const slices = await mapConcurrently(image.instances, READ_WIDTH, async ({ key, sopInstanceUid }) => {
    const body = await upload.get(key);
    try {
      return await withDecodedPixels(readDataSet(body));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return finding('SLICE_UNREADABLE', sopInstanceUid, `the slice is left out: ${error.message}`);
    }
  });
  const findings = slices.filter((slice): slice is Finding => 'code' in slice);
  const readable = slices.filter((slice): slice is DataSet => !('code' in slice));
  return { series: await readImageSeries(readable), findings, weighting: weightingOf(readable[0]) };
}

/** Decoding shows whether the pixels are whole, before the slice becomes part of a volume. */
async function withDecodedPixels(dataSet: DataSet): Promise<DataSet> {
  await decodeFrames(dataSet);
  return dataSet;
}

function weightingOf(slice: DataSet | undefined): MrWeighting {
  if (!slice) return 'unknown';
  const names = [slice.text('SeriesDescription'), slice.text('ProtocolName'), slice.text('SequenceName')];
  return mrWeighting(names, slice.texts('ImageType'));
}

function unevenNifti(seriesInstanceUid: string): Finding {
  const message = 'the NIfTI file states even slices; the exact positions are in images.json';
  return finding('NIFTI_SLICES_UNEVEN', seriesInstanceUid, message);
}
