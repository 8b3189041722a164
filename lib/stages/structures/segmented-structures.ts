import type { StageContext } from '../../course-store/context.ts';
import { gridOf } from '../../course-store/images.ts';
import { readJsonIfAny } from '../../course-store/json.ts';
import { NO_MASK, type UnnamedRecord, writeMask } from '../../course-store/structures.ts';
import type { Grid } from '../../image/grid.ts';
import { readNifti } from '../../nifti/read-nifti.ts';
import { labelMasks } from '../../segmentation/label-masks.ts';
import type { LabelMapRecord, SegmentationRecord } from '../../segmentation/record.ts';
import { courseKeys } from '../../store/keys.ts';
import { type SegmentationList, segmentationListKey } from '../segmentation/segment-images.ts';
import type { StructuresWork } from './inputs.ts';

/** Stages that write label maps. */
const SEGMENTING = ['segmentation', 'custom_models'];

/**
 * What the models found, as structures of the course: one record for every label of every model and image, those that
 * were not found too. Masks are written; numbers go on from `firstNumber`, ROI numbers count the labels of a source.
 */
export async function segmentedStructures(
  work: Pick<StructuresWork, 'course' | 'images' | 'context'>,
  firstNumber: number,
): Promise<UnnamedRecord[]> {
  const { course, images, context } = work;
  const records: UnnamedRecord[] = [];
  const counted = new Map<string, number>();
  for (const stage of SEGMENTING) {
    const list = await readJsonIfAny<SegmentationList>(context.store, segmentationListKey(course.courseId, stage));
    for (const segmentation of list?.segmentations ?? []) {
      const image = images.find(({ number }) => number === segmentation.imageNumber);
      if (segmentation.status !== 'ok' || !image?.grid) continue;
      for (const part of segmentation.parts) {
        const before = counted.get(segmentation.source) ?? 0;
        const first = { number: firstNumber + records.length, roiNumber: before + 1 };
        const grid = gridOf(image.grid);
        records.push(...(await structuresOf({ segmentation, part, grid, first }, course.courseId, context)));
        counted.set(segmentation.source, before + part.labels.length);
      }
    }
  }
  return records;
}

/** A label map of a model on an image, and the numbers of its first structure. */
interface PlacedLabels {
  segmentation: SegmentationRecord;
  part: LabelMapRecord;
  grid: Grid;
  first: { number: number; roiNumber: number };
}

async function structuresOf(
  { segmentation, part: { key, labels }, grid, first }: PlacedLabels,
  courseId: string,
  { store, signal }: StageContext,
): Promise<UnnamedRecord[]> {
  const { data } = readNifti(await store.get(key));
  const volume = { grid, data: data as Uint8Array | Uint16Array };
  const masks = labelMasks({ volume, labels });
  const records: UnnamedRecord[] = [];
  for (const [index, label] of labels.entries()) {
    signal.throwIfAborted();
    const number = first.number + index;
    const record = blank(segmentation, label.name, number, first.roiNumber + index);
    const mask = masks.get(label.value);
    if (!mask) {
      records.push(record);
      continue;
    }
    records.push({ ...record, ...(await writeMask(store, courseKeys(courseId).mask(number), mask)) });
  }
  return records;
}

function blank(segmentation: SegmentationRecord, roiName: string, number: number, roiNumber: number): UnnamedRecord {
  return {
    number,
    roiNumber,
    roiName,
    source: segmentation.source,
    algorithm: algorithmOf(segmentation),
    interpretedType: 'ORGAN',
    imageNumber: segmentation.imageNumber,
    status: 'empty',
    reason: `${segmentation.model} found none in this image`,
    ...NO_MASK,
  };
}

/** The model, and the programs that ran it with their versions. */
function algorithmOf({ model, programs }: SegmentationRecord): string {
  const versions = new Set(programs.map(({ name, version }) => `${name} ${version}`.trim()));
  return versions.size === 0 ? model : `${model} (${[...versions].join(', ')})`;
}
