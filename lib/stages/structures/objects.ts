import { allowedFields } from '../../course-store/allowed-fields.ts';
import type { StageContext } from '../../course-store/context.ts';
import type { ImageRecord } from '../../course-store/images.ts';
import { writeJson } from '../../course-store/json.ts';
import { readSentObject } from '../../course-store/sent-objects.ts';
import type { StructureRecord } from '../../course-store/structures.ts';
import { openUpload } from '../../course-store/upload.ts';
import { TransferSyntax } from '../../dicom/uid.ts';
import type { DicomJson } from '../../dicom/write.ts';
import { BadInput, describeError } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { patientAndStudy } from '../../rt/patient-and-study.ts';
import { courseKeys } from '../../store/keys.ts';
import { forPlanningSystem } from '../../structures/planning-system.ts';
import { segmentationOf } from '../../structures/write-segmentation.ts';
import { structureSetOf } from '../../structures/write-structure-set.ts';
import type { SourceImage } from '../../structures/written-structures.ts';
import type { StructuresConfig, StructuresCourse } from './inputs.ts';
import { type ObjectGroup, objectGroups } from './object-groups.ts';
import { identityOfObject, type ObjectForm, type ObjectKind, writtenStructures } from './object-parts.ts';

/** `structures/objects.json`: the DICOM objects of this run; a file that it does not name is from an earlier one. */
export interface StructureObject {
  key: string;
  kind: ObjectKind;
  source: string;
  imageSeriesUid: string;
  /** Of the images of the course: a series can hold several volumes. */
  imageNumber: number;
  sopInstanceUid: string;
  cropped: boolean;
  structures: number;
}

export interface WrittenObjects {
  /** By number of the structure: the RTSTRUCT that holds it whole. */
  setUids: Map<number, string>;
  findings: Finding[];
}

/**
 * Writes an RTSTRUCT and a SEG for each source of automatic and derived structures and image, and an RTSTRUCT of what
 * cropping left of each source. The same structures make the same bytes.
 */
export async function writeObjects(
  course: StructuresCourse,
  images: ImageRecord[],
  records: StructureRecord[],
  config: StructuresConfig,
  context: StageContext,
): Promise<WrittenObjects> {
  const objects: StructureObject[] = [];
  const setUids = new Map<number, string>();
  const findings: Finding[] = [];
  for (const group of objectGroups(images, records)) {
    context.signal.throwIfAborted();
    try {
      const { written, numbers, findings: found } = await writeGroup(course, group, config, context);
      objects.push(...written);
      findings.push(...found);
      const set = written.find(({ kind, cropped }) => kind === 'RTSTRUCT' && !cropped);
      for (const number of set ? numbers : []) setUids.set(number, set!.sopInstanceUid);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      findings.push(finding('STRUCTURES_NOT_WRITTEN', group.image.seriesInstanceUid, describeError(error)));
    }
  }
  await writeJson(context.store, courseKeys(course.courseId).structureObjects, { objects });
  return { setUids, findings };
}

interface WrittenGroup {
  written: StructureObject[];
  /** Of the structures that they hold. */
  numbers: number[];
  findings: Finding[];
}

async function writeGroup(
  course: StructuresCourse,
  group: ObjectGroup,
  config: StructuresConfig,
  context: StageContext,
): Promise<WrittenGroup> {
  const { image, source, isCropped } = group;
  const whole = await writtenStructures(group, context.store);
  const structures = forPlanningSystem(whole, config.structures);
  const frame = await frameOf(course, image, config, context);
  const options = <F extends ObjectForm>(form: F) => ({
    ...frame,
    ...form,
    label: isCropped ? `${source} cropped` : source,
    identity: identityOfObject(course, group, structures, form, frame.patientAndStudy),
  });
  const { writeDicom } = await import('../../dicom/write.ts');
  const written: StructureObject[] = [];
  const write = async (kind: ObjectKind, dataset: DicomJson, name: string, transferSyntaxUid?: string) => {
    const key = courseKeys(course.courseId).file('structures', name);
    await context.store.put(key, writeDicom(dataset, { transferSyntaxUid }));
    written.push({
      key,
      kind,
      source,
      imageSeriesUid: image.seriesInstanceUid,
      imageNumber: image.number,
      sopInstanceUid: String(dataset.SOPInstanceUID),
      cropped: isCropped,
      structures: structures.length,
    });
  };
  const implicit = TransferSyntax.implicitVrLittleEndian;
  const { contours } = config.structures;
  const structureSet = structureSetOf(structures, options({ kind: 'RTSTRUCT', contours }));
  await write('RTSTRUCT', structureSet, `${group.name}.dcm`, implicit);
  const findings: Finding[] = [];
  if (!isCropped) {
    const type = config.structures.segmentation_type;
    const segmentation = segmentationOf(structures, options({ kind: 'SEG', type }));
    await write('SEG', segmentation, `${group.name}.seg.dcm`);
    if (type === 'labelmap' && segmentation.SegmentationType !== 'LABELMAP')
      findings.push(finding('LABEL_MAP_NOT_POSSIBLE', source, 'structures share voxels: the SEG is binary'));
  }
  const held = new Set(structures.map(({ number }) => number));
  const numbers = group.structures.filter(({ roiNumber }) => held.has(roiNumber)).map(({ number }) => number);
  return { written, numbers, findings };
}

interface Frame {
  image: SourceImage;
  patientAndStudy: DicomJson;
}

/** What an object shares with the image that it is about. @throws BadInput when the image has no frame of reference */
async function frameOf(
  course: StructuresCourse,
  image: ImageRecord,
  config: StructuresConfig,
  context: StageContext,
): Promise<Frame> {
  const { seriesInstanceUid, sopInstanceUids } = image;
  const frameOfReferenceUid = image.grid?.frameOfReferenceUid ?? '';
  if (frameOfReferenceUid === '')
    throw new BadInput('the image has no frame of reference, so no RTSTRUCT or SEG can be written for it', {
      where: seriesInstanceUid,
    });
  const { rows, columns, instances } = course.images[image.number];
  const instance = await readSentObject(openUpload(context), instances[0].key);
  const isResampled = image.grid?.size[0] !== columns || image.grid?.size[1] !== rows;
  const sopClassUid = instance.text('SOPClassUID');
  return {
    image: { seriesInstanceUid, sopInstanceUids, frameOfReferenceUid, sopClassUid, isResampled },
    patientAndStudy: allowedFields(patientAndStudy(instance), course, config),
  };
}
