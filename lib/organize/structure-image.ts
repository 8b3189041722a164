import { type Finding, finding } from '../findings.ts';
import type { ImageStatus } from '../rt/course.ts';
import type { StructureSetHeader } from '../rt/structure-set-header.ts';
import type { IndexRow } from './index-row.ts';
import { largestSeries, type Series } from './patient-objects.ts';
import { words } from './words.ts';

/** The images that a structure set is drawn on, how they were found, and what is odd about it. */
export interface ImageLink {
  series?: Series;
  status: ImageStatus;
  findings: Finding[];
}

/**
 * Find the images of a structure set among all series of its patient, whatever their study. What it refers to decides;
 * where that is not in the index, another series may stand in only if it is the only one of the same frame of
 * reference (or of the modality that the structure set's name says). Otherwise there is no image: fail closed.
 */
export function imageOfStructureSet(row: IndexRow, patientSeries: Series[]): ImageLink {
  const header = row.structureSet!;
  const named = referencedSeries(header, patientSeries);
  if (named.length > 0) {
    const series = largestSeries(named)!;
    const findings = [...missingInstances(header, series), ...frameMismatch(header, series)];
    return { series, status: named.length === 1 ? 'referenced' : 'referenced_multi', findings };
  }
  if (header.seriesReferences.length > 0) return standIn(header, patientSeries);
  return withoutReferences(row, patientSeries);
}

function referencedSeries(header: StructureSetHeader, patientSeries: Series[]): Series[] {
  const uids = new Set(header.seriesReferences.map((reference) => reference.seriesInstanceUid));
  const bySeries = patientSeries.filter((series) => uids.has(series.uid));
  if (bySeries.length > 0) return bySeries;
  const instances = new Set(header.seriesReferences.flatMap((reference) => reference.instanceUids));
  return patientSeries.filter((series) => series.rows.some((row) => instances.has(row.sopInstanceUid)));
}

function standIn(header: StructureSetHeader, patientSeries: Series[]): ImageLink {
  const candidates = sameFrame(header, patientSeries);
  const series = candidates.length === 1 ? candidates[0] : onlyOfModality(header, candidates);
  if (!series) {
    const message = 'the images that the structure set refers to are not in the upload and no others may stand in';
    const unresolved = finding('STRUCTURE_SET_IMAGES_MISSING', header.sopInstanceUid, message);
    return { status: 'unresolved_reference', findings: [unresolved] };
  }
  const message = 'the referenced series is not in the upload; the only one of the same frame of reference stands in';
  const warning = finding('STRUCTURE_SET_IMAGES_BY_FRAME', header.sopInstanceUid, message);
  return { series, status: 'frame_of_reference', findings: [warning] };
}

function withoutReferences(row: IndexRow, patientSeries: Series[]): ImageLink {
  const header = row.structureSet!;
  const candidates = sameFrame(header, patientSeries);
  const only = candidates.length === 1 ? candidates[0] : onlyOfModality(header, candidates);
  const frameless = patientSeries.filter(
    (series) =>
      series.studyUid === row.studyInstanceUid && (header.frameOfReferenceUids.length === 0 || series.frameUid === ''),
  );
  const series = only ?? largestSeries(preferCt(candidates)) ?? largestSeries(preferCt(frameless));
  if (!series) return { status: 'none', findings: [] };
  const status = only ? 'frame_of_reference' : 'fallback_largest';
  const message = `the structure set names no images; they were found by ${only ? 'their frame of reference' : 'size'}`;
  return {
    series,
    status,
    findings: [finding('STRUCTURE_SET_WITHOUT_REFERENCES', header.sopInstanceUid, message)],
  };
}

export function preferCt(series: Series[]): Series[] {
  const ct = series.filter((candidate) => candidate.modality === 'CT');
  return ct.length > 0 ? ct : series;
}

function sameFrame(header: StructureSetHeader, patientSeries: Series[]): Series[] {
  return patientSeries.filter((series) => header.frameOfReferenceUids.includes(series.frameUid));
}

const MODALITY_OF_WORD: Record<string, string> = { ct: 'CT', mr: 'MR', mri: 'MR', pet: 'PT', pt: 'PT' };

/** The one candidate of the one modality that the structure set's label, name or description says. */
function onlyOfModality(header: StructureSetHeader, candidates: Series[]): Series | undefined {
  const text = words(`${header.label} ${header.name} ${header.description}`);
  const modalities = new Set(text.flatMap((word) => MODALITY_OF_WORD[word] ?? []));
  const matching = candidates.filter((series) => modalities.has(series.modality));
  return modalities.size === 1 && matching.length === 1 ? matching[0] : undefined;
}

function missingInstances(header: StructureSetHeader, series: Series): Finding[] {
  const present = new Set(series.rows.map((row) => row.sopInstanceUid));
  const named = new Set(
    header.seriesReferences.filter((r) => r.seriesInstanceUid === series.uid).flatMap((r) => r.instanceUids),
  );
  const missing = [...named].filter((uid) => !present.has(uid)).length;
  if (missing === 0) return [];
  const message = `${missing} of ${named.size} referenced images are not in the series (${present.size} instances)`;
  return [finding('STRUCTURE_SET_IMAGES_INCOMPLETE', header.sopInstanceUid, message)];
}

function frameMismatch(header: StructureSetHeader, series: Series): Finding[] {
  const frames = header.frameOfReferenceUids;
  if (frames.length === 0 || series.frameUid === '' || frames.includes(series.frameUid)) return [];
  const message = 'the frame of reference differs from that of the images that the structure set refers to';
  return [finding('FRAME_OF_REFERENCE_DIFFERS', header.sopInstanceUid, message)];
}
