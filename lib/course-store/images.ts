import { gunzipSync, gzipSync } from 'node:zlib';
import { codeDigest } from '../code-digest.ts';
import type { DataSet } from '../dicom/data-set.ts';
import { decodeFrames } from '../dicom/pixels.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding, findingsOn } from '../findings.ts';
import type { Grid, Volume } from '../image/grid.ts';
import { missingOffsetsMm } from '../image/missing-slices.ts';
import { slicePlanesOf } from '../image/slice-planes.ts';
import { readNifti } from '../nifti/read-nifti.ts';
import { writeNifti } from '../nifti/write-nifti.ts';
import { mapConcurrently } from '../pool/concurrent.ts';
import { type Course, type CourseImage, isAnalysed } from '../rt/course.ts';
import { type ImageSeries, readImageSeries } from '../rt/image-series.ts';
import { type MrWeighting, mrWeighting } from '../rt/mr-weighting.ts';
import { getIfAny } from '../store/get-if-any.ts';
import { courseKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import type { StageContext } from './context.ts';
import { readJson, readJsonIfWhole, sha256, stableJson, writeJson } from './json.ts';
import { recordingStore } from './recording-store.ts';
import { readSentObject } from './sent-objects.ts';
import { openUpload, type UploadPlace } from './upload.ts';

/** `images/images.json`: the image series of a course that were read, in the order of `course.json`. */
export interface ImageRecord {
  number: number;
  seriesInstanceUid: string;
  modality: string;
  role: CourseImage['role'];
  /** What tells it from the other volumes of its series; '' when it is the only one. */
  volume: string;
  /** What the voxels count: HU, SUVbw, ... */
  quantity: string;
  /** Of MR images, by the names in their first slice. */
  weighting?: MrWeighting;
  /** The exact geometry: a NIfTI header cannot hold uneven slices. Absent when the series could not be read. */
  grid?: StoredGrid;
  /** Key of the voxels, .nii.gz. */
  key?: string;
  sopInstanceUids: string[];
  /** Where slices are missing: distances from slice 0, mm. */
  missingOffsetsMm: number[];
  findings: Finding[];
}

export type StoredGrid = Omit<Grid, 'sliceOffsetsMm'> & { sliceOffsetsMm?: number[] };

const READ_WIDTH = 16;
/** Fast packing: these files are read again by every analysis. */
const GZIP = { level: 1 };

/** `images/images.json`, with what the list and the files follow from. */
interface ImageList {
  signature: string;
  images: ImageRecord[];
  /** SHA-256 of the voxels' files by key. */
  files: Record<string, string>;
}

/**
 * Reads the image series that are analysed, writes each as NIfTI and their list. What was written of the same instances
 * by the same code is taken as it is, so that the first stage that needs images makes them.
 */
export async function courseImages(
  course: Pick<Course, 'courseId' | 'images'>,
  context: StageContext,
): Promise<ImageRecord[]> {
  const signature = sha256(stableJson({ images: course.images, code: codeDigest().images }));
  const earlier = await imagesMade(course.courseId, signature, context);
  if (earlier) return earlier;
  const images: ImageRecord[] = [];
  const recording = recordingStore(context.store);
  for (const [number, image] of course.images.entries()) {
    if (isAnalysed(image))
      images.push(await makeImage(course.courseId, number, image, { ...context, store: recording.store }));
  }
  const files = Object.fromEntries(recording.outputs().map((output) => [output.key, output.sha256]));
  await writeJson(context.store, courseKeys(course.courseId).images, { signature, images, files } satisfies ImageList);
  return images;
}

/** The list of an earlier stage or run, if every file of it is still what was written. */
async function imagesMade(
  courseId: string,
  signature: string,
  { store, keep }: StageContext,
): Promise<ImageRecord[] | undefined> {
  const key = courseKeys(courseId).images;
  const earlier = await readJsonIfWhole<ImageList>(store, key);
  if (earlier?.signature !== signature) return undefined;
  for (const [file, digest] of Object.entries(earlier.files)) {
    const body = await getIfAny(store, file);
    if (!body || sha256(body) !== digest) return undefined;
    keep?.(file, body);
  }
  keep?.(key, await store.get(key));
  return earlier.images;
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

/** Any series of a course from the upload, whether it is analysed or not. @throws BadInput when it cannot be read */
export async function readUploadedImage(image: CourseImage, upload: UploadPlace): Promise<ImageSeries> {
  return (await readSeries(image, upload)).series;
}

export function storedGrid({ sliceOffsetsMm, ...even }: Grid): StoredGrid {
  return { ...even, ...(sliceOffsetsMm && { sliceOffsetsMm: [...sliceOffsetsMm] }) };
}

async function makeImage(
  courseId: string,
  number: number,
  image: CourseImage,
  context: StageContext,
): Promise<ImageRecord> {
  const { seriesInstanceUid, modality, role, volume } = image;
  const base = {
    number,
    seriesInstanceUid,
    modality,
    role,
    volume,
    quantity: '',
    sopInstanceUids: [],
    missingOffsetsMm: [],
  };
  try {
    const { series, findings, weighting } = await readSeries(image, context);
    const key = courseKeys(courseId).image(number);
    await context.store.put(key, packNifti(series.volume));
    const grid = storedGrid(series.volume.grid);
    if (grid.sliceOffsetsMm) findings.push(unevenNifti(seriesInstanceUid));
    const { quantity, sopInstanceUids } = series;
    const ofMr = modality === 'MR' ? { weighting } : {};
    return {
      ...base,
      quantity,
      ...ofMr,
      sopInstanceUids,
      missingOffsetsMm: missingOf(image, series),
      grid,
      key,
      findings: findingsOn({ imageSeriesUid: seriesInstanceUid }, [...findings, ...series.findings]),
    };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const unreadable = finding('IMAGE_UNREADABLE', seriesInstanceUid, describeError(error));
    return { ...base, findings: findingsOn({ imageSeriesUid: seriesInstanceUid }, [unreadable]) };
  }
}

/** A slice whose file is broken is left out and said so. @throws BadInput with the reasons when none can be read */
async function readSeries(
  image: CourseImage,
  context: UploadPlace,
): Promise<{ series: ImageSeries; findings: Finding[]; weighting: MrWeighting }> {
  const upload = openUpload(context);
  const slices = await mapConcurrently(image.instances, READ_WIDTH, async ({ key, sopInstanceUid }) => {
    try {
      return await withDecodedPixels(await readSentObject(upload, key));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return { sopInstanceUid, reason: error.message };
    }
  });
  const broken = slices.filter((slice) => 'reason' in slice);
  const readable = slices.filter((slice): slice is DataSet => !('reason' in slice));
  if (readable.length === 0) throw unreadable(broken.map(({ reason }) => reason));
  const frames = new Map(image.instances.flatMap((one) => (one.frames ? [[one.sopInstanceUid, one.frames]] : [])));
  return {
    series: await readImageSeries(readable, { frames }),
    findings: broken.map(({ sopInstanceUid, reason }) =>
      finding('SLICE_UNREADABLE', sopInstanceUid, `the slice is left out: ${reason}`),
    ),
    weighting: weightingOf(readable[0]),
  };
}

function unreadable(reasons: string[]): BadInput {
  return new BadInput(`none of its ${reasons.length} files can be read: ${[...new Set(reasons)].join('; ')}`);
}

/** Slices of the series that are not in its volume, and those that its gaps lack. */
function missingOf({ instances }: CourseImage, { volume: { grid }, sopInstanceUids }: ImageSeries): number[] {
  const read = new Set(sopInstanceUids);
  const firstMm = slicePlanesOf(grid).offsetsMm[0];
  const known = instances
    .filter(({ sopInstanceUid, alongMm }) => alongMm !== undefined && !read.has(sopInstanceUid))
    .map(({ alongMm }) => alongMm! - firstMm);
  return missingOffsetsMm(grid, known);
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
