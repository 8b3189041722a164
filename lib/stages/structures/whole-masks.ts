import { gridOf, type ImageRecord } from '../../course-store/images.ts';
import { readMask, type StructureRecord } from '../../course-store/structures.ts';
import { packMask } from '../../nifti/pack-mask.ts';
import { courseKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { groupName } from './object-groups.ts';

/**
 * Writes every mask on the whole grid of its image for other programs: `manual/Bladder.nii.gz`. Files are named after
 * the standard name, otherwise the number of the ROI, because a typed name may contain the patient's. The cropped masks
 * stay, since later stages read them many times.
 */
export async function writeWholeMasks(
  courseId: string,
  images: ImageRecord[],
  records: StructureRecord[],
  store: ObjectStore,
): Promise<StructureRecord[]> {
  const taken = new Set<string>();
  const named: StructureRecord[] = [];
  for (const record of records) {
    const image = images.find(({ number }) => number === record.imageNumber);
    if (!image?.grid || record.maskKey === undefined) {
      named.push(record);
      continue;
    }
    const name = freeName(`${groupName(image, record.source)}/${fileName(record)}`, taken);
    const { sliceOffsetsMm: _, ...even } = gridOf(image.grid);
    const mask = await readMask(store, record, even);
    const wholeMaskKey = courseKeys(courseId).wholeMask(name);
    await store.put(wholeMaskKey, packMask(mask));
    named.push({ ...record, wholeMaskKey });
  }
  return named;
}

function fileName({ standardName, roiNumber }: StructureRecord): string {
  return (standardName ?? `ROI_${roiNumber}`).replace(/[^\w+-]/g, '_');
}

/** A name that another structure has already gets a number: two structure sets may hold the same organ. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${wanted}_${count}`;
  taken.add(name.toLowerCase());
  return name;
}
