import { VERSION } from '../../code-version.ts';
import { gridOf } from '../../course-store/images.ts';
import { sha256, stableJson } from '../../course-store/json.ts';
import { readMask, type StructureRecord } from '../../course-store/structures.ts';
import { uidFromDigest, uidFromName } from '../../dicom/uid.ts';
import type { DicomJson } from '../../dicom/write.ts';
import { emptyMask } from '../../image/mask.ts';
import type { ObjectStore } from '../../store/store.ts';
import type { ContourStyle } from '../../structures/contours.ts';
import { standardColor } from '../../structures/names/colors.ts';
import type { ObjectIdentity, WrittenStructure } from '../../structures/written-structures.ts';
import type { StructuresCourse } from './inputs.ts';
import type { ObjectGroup } from './object-groups.ts';

export type ObjectKind = 'RTSTRUCT' | 'SEG';

/** Structures as they are written, each with its mask; a standard name that is taken gives way to the source's name. */
export async function writtenStructures(group: ObjectGroup, store: ObjectStore): Promise<WrittenStructure[]> {
  const grid = gridOf(group.image.grid!);
  const taken = new Set<string>();
  const written: WrittenStructure[] = [];
  for (const record of group.structures) {
    const { standardName, roiName, roiNumber, interpretedType, source } = record;
    const name = standardName === null || taken.has(standardName) ? roiName : standardName;
    taken.add(name);
    written.push({
      number: roiNumber,
      name,
      standardName,
      sourceName: roiName,
      colorRgb: standardColor(name, interpretedType),
      interpretedType,
      algorithm: source === 'manual' || source === 'derived' ? 'SEMIAUTOMATIC' : 'AUTOMATIC',
      algorithmName: record.algorithm ?? descriptionOf(record, group),
      mask: record.maskKey === undefined ? emptyMask(grid) : await readMask(store, record, grid),
    });
  }
  return written;
}

function descriptionOf({ derivation }: StructureRecord, { isCropped }: ObjectGroup): string {
  if (derivation) return `rtpipeline ${VERSION} ${derivation.definition.operation}`;
  return isCropped ? `rtpipeline ${VERSION} cropping` : '';
}

const SERIES_NUMBERS: Record<ObjectKind, number> = { RTSTRUCT: 9001, SEG: 9002 };
/** ContentDate of a SEG may not be empty. */
const UNKNOWN_DATE = '19000101';
const MIDNIGHT = '000000';

/** What is written, and how, where there is a choice. */
export type ObjectForm = { kind: 'RTSTRUCT'; contours: ContourStyle } | { kind: 'SEG'; type: 'binary' | 'labelmap' };

/**
 * UIDs that follow from what the object holds: other structures make another instance of the same series. It is dated like
 * the study, so that its bytes do not tell when it was computed.
 */
export function identityOfObject(
  { courseId }: StructuresCourse,
  { source, image, isCropped, structures }: ObjectGroup,
  written: WrittenStructure[],
  form: ObjectForm,
  { StudyDate, StudyTime }: DicomJson,
): ObjectIdentity {
  const { kind, ...asked } = form;
  const origin = [courseId, source, structures[0].structureSetUid ?? '', image.seriesInstanceUid, isCropped, kind];
  const content = written.map(({ mask: { box, data }, ...header }) => ({ ...header, box, voxels: sha256(data) }));
  const digest = sha256(
    stableJson({ version: VERSION, origin, ...asked, sopInstanceUids: image.sopInstanceUids, content }),
  );
  return {
    sopInstanceUid: uidFromDigest(Buffer.from(digest, 'hex')),
    seriesInstanceUid: uidFromName(`rtpipeline/structures/${origin.join('/')}`),
    seriesNumber: SERIES_NUMBERS[kind],
    seriesDescription: `${source} structures${isCropped ? ', cropped' : ''}`,
    date: String(StudyDate || UNKNOWN_DATE),
    time: String(StudyTime || MIDNIGHT),
  };
}
