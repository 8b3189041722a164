import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, packNifti, readImage } from '../../course-store/images.ts';
import { writeJson } from '../../course-store/json.ts';
import {
  type CroppedOutcome,
  NO_MASK,
  readMask,
  type StructureRecord,
  writeMask,
} from '../../course-store/structures.ts';
import { type Finding, findingsOn } from '../../findings.ts';
import { isEmptyBox } from '../../image/box.ts';
import { cropVolume } from '../../image/crop-volume.ts';
import type { Box, Grid } from '../../image/grid.ts';
import { courseKeys } from '../../store/keys.ts';
import { type CropBoundaries, type Landmarks, mayBeLandmark, planCrop } from '../../structures/cropping/boundaries.ts';
import { croppedBox, cropToBoundaries } from '../../structures/cropping/crop.ts';
import type { StructuresConfig, StructuresCourse } from './inputs.ts';

/** `structures/cropping.json`: where the CT images of a course are cut, or why they are not. */
export interface CourseCropping {
  images: CroppedImage[];
}

export interface CroppedImage {
  imageNumber: number;
  seriesInstanceUid: string;
  /** Absent when a landmark is missing or the boundaries contradict each other. */
  boundaries?: CropBoundaries;
  /** Voxels of the image that hold all between the boundaries. */
  box?: Box;
  /** Key of that part of the image, .nii.gz. */
  key?: string;
  findings: Finding[];
}

/**
 * Cuts every CT and its structures at the boundaries of the configured region. Masks and images stay as they are: what
 * lies between the boundaries is an image or a mask of its own beside the original, always made from the original.
 */
export async function cropStructures(
  course: StructuresCourse,
  images: ImageRecord[],
  records: StructureRecord[],
  config: StructuresConfig,
  context: StageContext,
): Promise<{ records: StructureRecord[]; cropping: CourseCropping }> {
  const cropping: CourseCropping = { images: [] };
  let cropped = records;
  for (const image of config.ct_cropping.enabled ? images : []) {
    if (image.modality !== 'CT' || !image.grid) continue;
    const grid = gridOf(image.grid);
    const found = await boundariesOf(image, grid, records, config, context);
    cropping.images.push({ ...found, ...(await cropImage(course, image, found, context)) });
    if (found.boundaries) cropped = await cropAll(course, cropped, image, found.boundaries, context);
  }
  await writeJson(context.store, courseKeys(course.courseId).cropping, cropping);
  return { records: cropped, cropping };
}

async function boundariesOf(
  { number: imageNumber, seriesInstanceUid }: ImageRecord,
  grid: Grid,
  records: StructureRecord[],
  { ct_cropping: settings }: StructuresConfig,
  { store }: StageContext,
): Promise<CroppedImage> {
  const { region } = settings;
  const landmarks: Landmarks = [];
  for (const record of modelsFirst(records)) {
    const landmark = { name: record.roiName, standardName: record.standardName };
    const isHere = record.imageNumber === imageNumber && record.status === 'ok' && record.source !== 'derived';
    if (isHere && mayBeLandmark(landmark, region))
      landmarks.push({ ...landmark, mask: await readMask(store, record, grid) });
  }
  const margins = { superiorMarginCm: settings.superior_margin_cm, inferiorMarginCm: settings.inferior_margin_cm };
  const { boundaries, findings } = planCrop({ region, ...margins }, landmarks, grid);
  const located = findings.map((one) => ({ ...one, where: `${seriesInstanceUid} ${one.where}` }));
  const box = boundaries && croppedBox(grid, boundaries);
  return {
    imageNumber,
    seriesInstanceUid,
    boundaries,
    box,
    findings: findingsOn({ imageSeriesUid: seriesInstanceUid }, located),
  };
}

/** A model draws a landmark to the same rule in every patient, so its edges compare. */
function modelsFirst(records: StructureRecord[]): StructureRecord[] {
  return records.toSorted((a, b) => Number(a.source === 'manual') - Number(b.source === 'manual'));
}

async function cropImage(
  { courseId }: StructuresCourse,
  image: ImageRecord,
  { box }: CroppedImage,
  { store }: StageContext,
): Promise<{ key?: string }> {
  if (!box || isEmptyBox(box)) return {};
  const key = courseKeys(courseId).croppedImage(image.number);
  await store.put(key, packNifti(cropVolume(await readImage(store, image), box)));
  return { key };
}

async function cropAll(
  course: StructuresCourse,
  records: StructureRecord[],
  image: ImageRecord,
  boundaries: CropBoundaries,
  context: StageContext,
): Promise<StructureRecord[]> {
  const all: StructureRecord[] = [];
  for (const record of records) {
    context.signal.throwIfAborted();
    const isHere = record.imageNumber === image.number && record.status === 'ok';
    all.push(isHere ? { ...record, cropped: await cropOne(course, record, image, boundaries, context) } : record);
  }
  return all;
}

async function cropOne(
  { courseId }: StructuresCourse,
  record: StructureRecord,
  image: ImageRecord,
  boundaries: CropBoundaries,
  { store }: StageContext,
): Promise<CroppedOutcome> {
  const original = await readMask(store, record, gridOf(image.grid!));
  const { mask, removedVoxels } = cropToBoundaries(original, boundaries);
  const { status, reason, voxels, volumeCc, touches, box, maskKey } = record;
  if (removedVoxels === 0) return { status, reason, voxels, volumeCc, touches, box, maskKey, removedVoxels };
  if (removedVoxels < record.voxels)
    return { ...(await writeMask(store, courseKeys(courseId).croppedMask(record.number), mask)), removedVoxels };
  return {
    status: 'empty',
    reason: `no part of it lies in the region ${boundaries.region}`,
    ...NO_MASK,
    removedVoxels,
  };
}
