import type { ImageRecord } from '../../course-store/images.ts';
import { type StructureRecord, takenStructure } from '../../course-store/structures.ts';

/** Structures that go into one DICOM object: of one source, on one image, and if manual of one structure set. */
export interface ObjectGroup {
  /** Of the files, without their extension. */
  name: string;
  source: string;
  image: ImageRecord;
  isCropped: boolean;
  /** With or without voxels; at least one has some. */
  structures: StructureRecord[];
}

/** Structures as they are, manual ones and sent segments left out: those are in the upload; then what cropping left of all, where it cut. */
export function objectGroups(images: ImageRecord[], records: StructureRecord[]): ObjectGroup[] {
  const named = records.filter(({ status }) => status === 'ok' || status === 'empty');
  const automatic = named.filter(({ source }) => source !== 'manual' && source !== 'seg');
  const cropped = grouped(images, named, true).map((group) => ({
    ...group,
    structures: group.structures.map((record) => takenStructure(record, true)),
  }));
  const cut = cropped.filter(({ structures }) => structures.some(({ isCropped }) => isCropped));
  const groups = [...grouped(images, automatic, false), ...cut];
  return withOwnNames(groups.filter(({ structures }) => structures.some(({ maskKey }) => maskKey !== undefined)));
}

function grouped(images: ImageRecord[], records: StructureRecord[], isCropped: boolean): ObjectGroup[] {
  const groups = Map.groupBy(records, ({ source, imageNumber, structureSetUid = '' }) =>
    JSON.stringify([source, imageNumber, structureSetUid]),
  );
  return [...groups.values()].flatMap((structures) => {
    const [{ source, imageNumber }] = structures;
    const image = images.find(({ number }) => number === imageNumber);
    return image ? [{ name: nameOf(image, source, isCropped), source, image, isCropped, structures }] : [];
  });
}

function nameOf(image: ImageRecord, source: string, isCropped: boolean): string {
  const onImage = groupName(image, source);
  return isCropped ? `${onImage}-cropped` : onImage;
}

/** `manual`, `totalsegmentator`, `custom-<model>`, `derived`; with the number of the image when it is not the planning image. */
export function groupName(image: ImageRecord, source: string): string {
  const base = source.replace(/[^\w-]/g, '-');
  return image.role === 'planning' ? base : `${base}-image-${image.number}`;
}

/** A name that another group has already gets a number. */
function withOwnNames(groups: ObjectGroup[]): ObjectGroup[] {
  const taken = new Set<string>();
  return groups.map((group) => {
    let name = group.name;
    for (let count = 2; taken.has(name); count++) name = `${group.name}_${count}`;
    taken.add(name);
    return { ...group, name };
  });
}
