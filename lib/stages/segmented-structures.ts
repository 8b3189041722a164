import { countVoxels, maskVolumeCc } from '../image/mask.ts';
import { touchingFaces } from '../image/touching-faces.ts';
import { readNifti } from '../nifti/read-nifti.ts';
import type { Course } from '../rt/course.ts';
import { labelMasks } from '../segmentation/label-masks.ts';
import type { LabelMapRecord, SegmentationRecord } from '../segmentation/record.ts';
import { gridOf, type ImageRecord } from './course-images.ts';
import { type StructureRecord, writeMask } from './course-structures.ts';
import { readJsonIfAny } from './json.ts';
import { type SegmentationList, segmentationListKey } from './segment-images.ts';
import type { StageContext } from './stage.ts';

/** Stages that write label maps. */
const SEGMENTING = ['segmentation', 'custom_models'];

/**
 * What the models found, as structures of the course: one record for every label of every model and image, those that
 * were not found too. Masks are written; numbers go on from `firstNumber`.
 */
export async function segmentedStructures(
  course: Course,
  images: ImageRecord[],
  context: StageContext,
  firstNumber: number,
): Promise<StructureRecord[]> {
  const records: StructureRecord[] = [];
  for (const stage of SEGMENTING) {
    const list = await readJsonIfAny<SegmentationList>(context.store, segmentationListKey(course.courseId, stage));
    for (const segmentation of list?.segmentations ?? []) {
      const image = images.find(({ number }) => number === segmentation.imageNumber);
      if (segmentation.status !== 'ok' || !image?.grid) continue;
      let roiNumber = 1;
      for (const part of segmentation.parts) {
        const first = { number: firstNumber + records.length, roiNumber };
        records.push(...(await structuresOf(course, segmentation, part, image, context, first)));
        roiNumber += part.labels.length;
      }
    }
  }
  return records;
}

async function structuresOf(
  course: Course,
  segmentation: SegmentationRecord,
  { key, labels }: LabelMapRecord,
  image: ImageRecord,
  { store, signal }: StageContext,
  first: { number: number; roiNumber: number },
): Promise<StructureRecord[]> {
  const { data } = readNifti(await store.get(key));
  const volume = { grid: gridOf(image.grid!), data: data as Uint8Array | Uint16Array };
  const masks = labelMasks({ volume, labels });
  const records: StructureRecord[] = [];
  for (const [index, label] of labels.entries()) {
    signal.throwIfAborted();
    const number = first.number + index;
    const record = blank(segmentation, label.name, number, first.roiNumber + index);
    const mask = masks.get(label.value);
    if (!mask) {
      records.push(record);
      continue;
    }
    const maskKey = await writeMask(store, course.courseId, number, mask);
    const measured = { voxels: countVoxels(mask), volumeCc: maskVolumeCc(mask), touches: touchingFaces(mask) };
    records.push({ ...record, status: 'ok', reason: '', ...measured, box: mask.box, maskKey });
  }
  return records;
}

function blank(segmentation: SegmentationRecord, roiName: string, number: number, roiNumber: number): StructureRecord {
  return {
    number,
    roiNumber,
    roiName,
    standardName: null,
    source: segmentation.source,
    interpretedType: 'ORGAN',
    imageNumber: segmentation.imageNumber,
    status: 'empty',
    reason: `${segmentation.model} found none in this image`,
    voxels: 0,
    volumeCc: 0,
    touches: [],
  };
}
