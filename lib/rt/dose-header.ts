import type { DataSet } from '../dicom/data-set.ts';
import { isoDate, isoTime } from './date-time.ts';
import type { SummationType } from './dose.ts';

/** One item of ReferencedRTPlanSequence of a dose: which part of which plan it is the dose of. */
export interface PlanReference {
  planUid: string;
  fractionGroupNumbers: number[];
  beamNumbers: number[];
  setupNumbers: number[];
}

/** An RTDOSE without its pixels: what decides to which course it belongs and how it adds up. */
export interface DoseHeader {
  sopInstanceUid: string;
  frameOfReferenceUid: string;
  /** As written, PLAN when absent. */
  summationType: SummationType;
  summationTypeAbsent: boolean;
  /** PHYSICAL, EFFECTIVE, ERROR or ''. */
  doseType: string;
  /** GY, CGY, RELATIVE or ''. */
  units: string;
  comment: string;
  description: string;
  planReferences: PlanReference[];
  structureSetUids: string[];
  /** YYYY-MM-DD and HH:MM:SS of InstanceCreation, else of Content; '' when absent. */
  createdDate: string;
  createdTime: string;
  grid?: DoseGrid;
}

/** Where the dose lies, as written; absent from a dose that carries only DVHs. */
export interface DoseGrid {
  rows: number;
  columns: number;
  frames: number;
  /** Row spacing, column spacing. */
  pixelSpacingMm: number[];
  positionMm: number[];
  orientation: number[];
  frameOffsetsMm: number[];
  gridScaling?: number;
}

/** Read what stands before the pixels of an RTDOSE: PS3.3 C.8.8.3. */
export function readDoseHeader(dataSet: DataSet): DoseHeader {
  const type = dataSet.text('DoseSummationType').toUpperCase();
  const created = isoDate(dataSet.text('InstanceCreationDate'));
  return {
    sopInstanceUid: dataSet.text('SOPInstanceUID'),
    frameOfReferenceUid: dataSet.text('FrameOfReferenceUID'),
    summationType: (type || 'PLAN') as SummationType,
    summationTypeAbsent: type === '',
    doseType: dataSet.text('DoseType').toUpperCase(),
    units: dataSet.text('DoseUnits').toUpperCase(),
    comment: dataSet.text('DoseComment'),
    description: dataSet.text('SeriesDescription'),
    planReferences: dataSet.items('ReferencedRTPlanSequence').flatMap(readPlanReference),
    structureSetUids: dataSet
      .items('ReferencedStructureSetSequence')
      .map((item) => item.text('ReferencedSOPInstanceUID'))
      .filter(Boolean),
    createdDate: created || isoDate(dataSet.text('ContentDate')),
    createdTime: isoTime(dataSet.text(created ? 'InstanceCreationTime' : 'ContentTime')),
    grid: readDoseGrid(dataSet),
  };
}

function readPlanReference(item: DataSet): PlanReference[] {
  const planUid = item.text('ReferencedSOPInstanceUID');
  if (!planUid) return [];
  const groups = item.items('ReferencedFractionGroupSequence');
  return [
    {
      planUid,
      fractionGroupNumbers: groups.flatMap((group) => group.number('ReferencedFractionGroupNumber') ?? []),
      beamNumbers: groups
        .flatMap((group) => group.items('ReferencedBeamSequence'))
        .flatMap((beam) => beam.number('ReferencedBeamNumber') ?? []),
      setupNumbers: groups
        .flatMap((group) => group.items('ReferencedBrachyApplicationSetupSequence'))
        .flatMap((setup) => setup.number('ReferencedBrachyApplicationSetupNumber') ?? []),
    },
  ];
}

function readDoseGrid(dataSet: DataSet): DoseGrid | undefined {
  const rows = dataSet.number('Rows') ?? 0;
  const columns = dataSet.number('Columns') ?? 0;
  if (rows === 0 || columns === 0) return undefined;
  return {
    rows,
    columns,
    frames: dataSet.number('NumberOfFrames') ?? 1,
    pixelSpacingMm: dataSet.numbers('PixelSpacing'),
    positionMm: dataSet.numbers('ImagePositionPatient'),
    orientation: dataSet.numbers('ImageOrientationPatient'),
    frameOffsetsMm: dataSet.numbers('GridFrameOffsetVector'),
    gridScaling: dataSet.number('DoseGridScaling'),
  };
}
