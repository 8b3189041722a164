import type { FindingCode } from '../findings.ts';
import { ownKeys } from '../own-keys.ts';
import type { ImageStatus } from '../rt/course.ts';
import type { RoiHeader, SeriesReference } from '../rt/structure-set-header.ts';
import { instanceOfReference } from '../rt/structure-set-header.ts';
import type { MarkName } from '../rt/volumes/slice-marks.ts';
import type { IndexRow } from './index-row.ts';
import { type ImageLookup, isBestVolume, largestSeries, type Series } from './series.ts';
import { words } from './words.ts';

/** What an image is chosen for, and from. */
export interface ImageQuestion {
  /** Of the structure set. */
  row: IndexRow;
  /** Absent: the image of the structure set as a whole. */
  roi?: RoiHeader;
  lookup: ImageLookup;
}

/** A doubt that a choice leaves: part of a finding. */
export interface Doubt {
  code: FindingCode;
  message: string;
}

export interface ImageChoice {
  series?: Series;
  status: ImageStatus;
  /** True when the files name this volume, not only its series. */
  isVolumeNamed?: boolean;
  doubt?: Doubt;
}

/**
 * The image of a ROI. The first rule that has an answer decides:
 * 1. the volume that holds all images that its contours name; where they lie in several, there is none (`split`);
 * 2. the series listed under its frame of reference, else any that the structure set lists, else those that its other
 *    contours name: the volume with most of the images listed, of several series the one with most slices;
 * 3. where what is named is absent, the only series of its frame of reference (or of the modality that the structure set's
 *    name says) stands in; none of several does: the wrong CT is worse than none;
 * 4. where nothing is named, the only one of its frame of reference, else the largest CT of it.
 */
export function chooseImage(question: ImageQuestion): ImageChoice {
  return byContours(question) ?? byReferences(question) ?? (isNamed(question) ? standIn(question) : byFrame(question));
}

function namedByContours({ row, roi }: ImageQuestion): string[] {
  const { contourImages } = row.structureSet!;
  return roi ? roi.imageIndices.map((index) => contourImages[index]) : contourImages;
}

function byContours(question: ImageQuestion): ImageChoice | undefined {
  if (!question.roi) return undefined;
  const holders = namedByContours(question).flatMap((image) => {
    const found = question.lookup.ofImage.get(image);
    return found ? [found] : [];
  });
  if (holders.length === 0) return undefined;
  const common = holders.reduce((left, next) => left.filter((series) => next.includes(series)));
  if (common.length > 0) {
    const [series] = common;
    const doubt = seamDoubt(series, namedByContours(question));
    return { series, status: 'referenced', isVolumeNamed: common.length === 1, doubt };
  }
  const parts = new Set(holders.map((found) => found[0]));
  const names = [...parts].map(({ uid, volume }) => [uid, volume.label].filter(Boolean).join(' '));
  const message = `contours of one ROI name images of several volumes, and no image holds all of it: ${names.join('; ')}`;
  return { status: 'split', doubt: { code: 'ROI_ON_SEVERAL_IMAGES', message } };
}

/** What slices of one pass share. */
const PASS_MARKS: MarkName[] = ['AcquisitionNumber', 'ConvolutionKernel', 'KVP', 'EchoTime', 'ImageType'];
/** A pass has at least so many slices on average: a scanner may number each slice, or each turn. */
const LEAST_PASS = 10;

/** Passes that meet are one volume; a ROI across their seam holds slices of both. */
function seamDoubt({ volume: { slices } }: Series, named: string[]): Doubt | undefined {
  const uids = new Set(named.map(instanceOfReference));
  for (const name of PASS_MARKS) {
    const passes = new Set(slices.map(({ marks }) => marks[name]));
    if (passes.size < 2 || slices.length / passes.size < LEAST_PASS) continue;
    const crossed = new Set(slices.filter((slice) => uids.has(slice.sopInstanceUid)).map(({ marks }) => marks[name]));
    if (crossed.size < 2) continue;
    const message = `an ROI lies across the seam of ${crossed.size} passes that differ in ${name}`;
    return { code: 'ROI_ACROSS_PASSES', message };
  }
  return undefined;
}

function referencesFor({ row, roi }: ImageQuestion): SeriesReference[] {
  const { seriesReferences, contourImages } = row.structureSet!;
  const ofContours = {
    seriesInstanceUid: '',
    studyInstanceUid: '',
    frameOfReferenceUid: '',
    instanceUids: contourImages,
  };
  const all = seriesReferences.length > 0 || contourImages.length === 0 ? seriesReferences : [ofContours];
  const own = all.filter(({ frameOfReferenceUid }) => frameOfReferenceUid === roi?.frameOfReferenceUid);
  return own.length > 0 && roi?.frameOfReferenceUid ? own : all;
}

function byReferences(question: ImageQuestion): ImageChoice | undefined {
  const references = referencesFor(question);
  const counts = countNamed(references, question.lookup);
  const listed = new Set(references.map(({ seriesInstanceUid }) => seriesInstanceUid));
  const bySeries = [...listed].flatMap((uid) => question.lookup.ofSeries.get(uid) ?? []);
  const candidates = bySeries.length > 0 ? bySeries : [...counts.keys()];
  if (candidates.length === 0) return undefined;
  const named = [...Map.groupBy(candidates, ({ uid }) => uid).values()].map((volumes) => mostNamed(volumes, counts));
  if (named.length === 1) {
    const isVolumeNamed = candidates.every((volume) => volume === named[0] || isLess(volume, named[0], counts));
    return { series: named[0], status: 'referenced', isVolumeNamed };
  }
  const message = `the structure set lists ${named.length} image series and its contours name none: the largest is used`;
  return {
    series: largestSeries(named),
    status: 'referenced_multi',
    doubt: { code: 'STRUCTURE_SET_SEVERAL_IMAGES', message },
  };
}

function countNamed(references: SeriesReference[], lookup: ImageLookup): Map<Series, number> {
  const counts = new Map<Series, number>();
  for (const image of new Set(references.flatMap(({ instanceUids }) => instanceUids)))
    for (const series of lookup.ofImage.get(image) ?? []) counts.set(series, (counts.get(series) ?? 0) + 1);
  return counts;
}

/** Of the volumes of a series, best first, the one with most images named; the better among equals. */
function mostNamed(volumes: Series[], counts: Map<Series, number>): Series {
  return volumes.reduce((best, next) => (isLess(best, next, counts) ? next : best));
}

function isLess(a: Series, b: Series, counts: Map<Series, number>): boolean {
  return (counts.get(a) ?? 0) < (counts.get(b) ?? 0);
}

function isNamed(question: ImageQuestion): boolean {
  return referencesFor(question).length > 0 || namedByContours(question).length > 0;
}

function standIn(question: ImageQuestion): ImageChoice {
  const candidates = sameFrame(question);
  const series = candidates.length === 1 ? candidates[0] : onlyOfModality(question.row, candidates);
  if (!series) {
    const message =
      'the images that the structure set refers to are not in the upload, and no other series can replace them';
    return { status: 'unresolved_reference', doubt: { code: 'STRUCTURE_SET_IMAGES_MISSING', message } };
  }
  const message =
    'the referenced images are not in the upload; the only other series of the same frame of reference is used';
  return { series, status: 'stand_in', doubt: { code: 'STRUCTURE_SET_IMAGES_BY_FRAME', message } };
}

function byFrame(question: ImageQuestion): ImageChoice {
  const { row, lookup } = question;
  const frames = framesFor(question);
  const candidates = sameFrame(question);
  const only = candidates.length === 1 ? candidates[0] : onlyOfModality(row, candidates);
  const frameless = (lookup.ofStudy.get(row.studyInstanceUid) ?? []).filter(
    (series) => isBestVolume(series) && (frames.length === 0 || series.frameUid === ''),
  );
  const series = only ?? largestSeries(preferCt(candidates)) ?? largestSeries(preferCt(frameless));
  if (!series) return { status: 'none' };
  const message = `the structure set names no images; its image was chosen by ${only ? 'their frame of reference' : 'size'}`;
  return {
    series,
    status: only ? 'frame_of_reference' : 'fallback_largest',
    doubt: { code: 'STRUCTURE_SET_WITHOUT_REFERENCES', message },
  };
}

export function preferCt(series: Series[]): Series[] {
  const ct = series.filter((candidate) => candidate.modality === 'CT');
  return ct.length > 0 ? ct : series;
}

function framesFor({ row, roi }: ImageQuestion): string[] {
  return roi?.frameOfReferenceUid ? [roi.frameOfReferenceUid] : row.structureSet!.frameOfReferenceUids;
}

/** The best volume of each series of the frame. */
function sameFrame(question: ImageQuestion): Series[] {
  const frames = new Set(framesFor(question));
  return [...frames].flatMap((frame) => question.lookup.ofFrame.get(frame) ?? []).filter(isBestVolume);
}

const MODALITY_OF_WORD: Record<string, string> = ownKeys({ ct: 'CT', mr: 'MR', mri: 'MR', pet: 'PT', pt: 'PT' });

/** The one candidate of the one modality that the structure set's label, name or description says. */
function onlyOfModality({ structureSet }: IndexRow, candidates: Series[]): Series | undefined {
  const { label, name, description } = structureSet!;
  const text = words(`${label} ${name} ${description}`);
  const modalities = new Set(text.flatMap((word) => MODALITY_OF_WORD[word] ?? []));
  const matching = candidates.filter((series) => modalities.has(series.modality));
  return modalities.size === 1 && matching.length === 1 ? matching[0] : undefined;
}
