import { type Finding, finding } from '../findings.ts';
import type { ImageStatus } from '../rt/course.ts';
import type { RoiHeader, StructureSetHeader } from '../rt/structure-set-header.ts';
import { instanceOfReference } from '../rt/structure-set-header.ts';
import { chooseImage, type Doubt, type ImageChoice } from './image-choice.ts';
import type { IndexRow } from './index-row.ts';
import { type ImageLookup, type Series, sliceCount } from './series.ts';

/** The image of a ROI or structure set, and how it was found. */
export interface ImageLink {
  series?: Series;
  status: ImageStatus;
  /** True when the files name this volume of its series. */
  isVolumeNamed: boolean;
}

/** The images of a structure set: of each ROI in the order of its header, and of the most ROIs. */
export interface SetLink extends ImageLink {
  rois: ImageLink[];
  findings: Finding[];
}

/**
 * Find the image of every ROI among all series of its patient, whatever their study, by the rules of `chooseImage`. A
 * choice that the files do not make is a finding of the structure set, with the numbers of the ROIs that it touches.
 */
export function imagesOfStructureSet(row: IndexRow, lookup: ImageLookup): SetLink {
  const header = row.structureSet!;
  const choices = header.rois.map((roi) => chooseImage({ row, roi, lookup }));
  const ofSet = chooseImage({ row, lookup });
  const main = mostFrequent(choices) ?? ofSet;
  const judged = choices.length > 0 ? choices : [ofSet];
  return {
    ...linkOf(main),
    rois: choices.map(linkOf),
    findings: [
      ...doubtFindings(judged, header),
      ...missingInstances(header, judged),
      ...frameMismatches(judged, header),
    ],
  };
}

function linkOf({ series, status, isVolumeNamed = false }: ImageChoice): ImageLink {
  return { series, status, isVolumeNamed };
}

/** The choice whose image most ROIs lie on, the first among equals; undefined where none has an image. */
function mostFrequent(choices: ImageChoice[]): ImageChoice | undefined {
  const groups = Map.groupBy(
    choices.filter(({ series }) => series),
    ({ series }) => series,
  );
  const sizes = [...groups.values()].toSorted((a, b) => b.length - a.length);
  return sizes[0]?.[0];
}

const MOST_NUMBERS = 20;

/** One finding for each doubt, whatever number of ROIs share it. */
function doubtFindings(choices: ImageChoice[], { sopInstanceUid, rois }: StructureSetHeader): Finding[] {
  const doubts = choices.flatMap(({ doubt }, n) => (doubt ? [{ doubt, roi: rois[n] }] : []));
  const groups = Map.groupBy(doubts, ({ doubt: { code, message } }) => `${code} ${message}`);
  return [...groups.values()].map((group) => {
    const { code, message }: Doubt = group[0].doubt;
    return finding(code, sopInstanceUid, `${message}${ofRois(group, choices.length)}`);
  });
}

function ofRois(group: { roi?: RoiHeader }[], all: number): string {
  if (group.length === all) return '';
  const numbers = group.slice(0, MOST_NUMBERS).map(({ roi }) => roi!.number);
  return ` (${group.length} of ${all} ROIs: ${numbers.join(', ')}${group.length > MOST_NUMBERS ? ', ...' : ''})`;
}

/** Images that the structure set lists of a series that is there, and that are not in it. */
function missingInstances(header: StructureSetHeader, choices: ImageChoice[]): Finding[] {
  const used = new Map(choices.flatMap(({ series }) => (series ? [[series.uid, series]] : [])));
  return [...used].flatMap(([uid, series]) => {
    const references = header.seriesReferences.filter((reference) => reference.seriesInstanceUid === uid);
    const named = new Set(references.flatMap(({ instanceUids }) => instanceUids.map(instanceOfReference)));
    const present = new Set(series.siblings.flatMap(({ slices }) => slices.map((slice) => slice.sopInstanceUid)));
    const missing = [...named].filter((instance) => !present.has(instance)).length;
    if (missing === 0) return [];
    const message = `${missing} of ${named.size} referenced images are not in the series (${sliceCount(series)} slices)`;
    return [finding('STRUCTURE_SET_IMAGES_INCOMPLETE', header.sopInstanceUid, message)];
  });
}

function frameMismatches(choices: ImageChoice[], { sopInstanceUid, rois, ...header }: StructureSetHeader): Finding[] {
  const wrong = choices.flatMap(({ series }, n) => {
    const own = rois[n]?.frameOfReferenceUid;
    const frames = own ? [own] : header.frameOfReferenceUids;
    return series?.frameUid && frames.length > 0 && !frames.includes(series.frameUid) ? [{ roi: rois[n] }] : [];
  });
  if (wrong.length === 0) return [];
  const message = 'the frame of reference differs from that of the images that the structure set refers to';
  return [finding('FRAME_OF_REFERENCE_DIFFERS', sopInstanceUid, `${message}${ofRois(wrong, choices.length)}`)];
}
