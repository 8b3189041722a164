import { HIDDEN } from '../deidentify/clean-text.ts';
import { withHiddenTexts } from '../deidentify/hidden-texts.ts';
import type { DataSet } from '../dicom/data-set.ts';
import { readDataSet } from '../dicom/read.ts';
import type { CourseSegmentation, CourseStructureSet } from '../rt/course.ts';
import { readSegmentation } from '../rt/read-segmentation.ts';
import { readStructureSet } from '../rt/read-structure-set.ts';
import type { Segmentation } from '../rt/segmentation.ts';
import type { StructureSet } from '../rt/structure-set.ts';
import { isSealed } from '../sealed-path.ts';
import type { ObjectStore } from '../store/store.ts';

/**
 * An object of the upload, by its key in a course. A sealed key tells that the course holds pseudonyms: then the texts of the
 * object are without words of the persons that it names.
 * @param upload of `openUpload`
 * @throws BadInput when the file is not DICOM or is broken
 */
export async function readSentObject(upload: ObjectStore, key: string): Promise<DataSet> {
  const body = await upload.get(key);
  const dataSet = readDataSet(body);
  return isSealed(key) ? withHiddenTexts(dataSet) : dataSet;
}

/** A structure set of the upload, whose ROIs are called as the course calls them. @throws BadInput */
export async function readSentSet(set: CourseStructureSet, upload: ObjectStore): Promise<StructureSet> {
  const names = set.header.rois.map(({ name }) => name);
  return readStructureSet(await readSentObject(upload, set.key), names);
}

/** A segmentation of the upload. A segment whose label is not whole is called `ROI_<number>`, as an ROI is. @throws BadInput */
export async function readSentSegmentation(object: CourseSegmentation, upload: ObjectStore): Promise<Segmentation> {
  const read = await readSegmentation(await readSentObject(upload, object.key));
  if (!isSealed(object.key)) return read;
  const segments = read.segments.map((segment) =>
    segment.name.includes(HIDDEN) ? { ...segment, name: `ROI_${segment.number}` } : segment,
  );
  return { ...read, segments };
}
