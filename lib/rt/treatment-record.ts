import type { DataSet } from '../dicom/data-set.ts';
import type { Keyword } from '../dicom/tags.ts';
import { isoDate, isoTime } from './date-time.ts';

/** One beam or application setup as it was delivered: PS3.3 C.8.8.21, C.8.8.22, C.8.8.28. */
export interface DeliveredBeam {
  number: number;
  /** Of its fraction group, PS3.3 C.8.8.21: the beams of one record may be of several fractions. */
  fractionNumber?: number;
  name: string;
  /** TREATMENT, SETUP, CONTINUATION, ...; '' means TREATMENT. */
  deliveryType: string;
  /** NORMAL, OPERATOR, MACHINE, UNKNOWN. */
  terminationStatus: string;
  specifiedMeterset?: number;
  deliveredMeterset?: number;
  gantryStartDeg?: number;
  gantryEndDeg?: number;
  controlPoints: number;
  /** Calculated, else measured, dose to the first dose reference. */
  doseGy?: number;
}

/** What a summary says of a fraction group. */
export interface FractionGroupSummary {
  groupNumber?: number;
  fractionsDelivered?: number;
  /** The fractions that it names, with the day of each: YYYY-MM-DD and HH:MM:SS, or ''. */
  fractions: { number?: number; date: string; time: string }[];
}

/** An RTRECORD: one session of beams or brachytherapy, or the summary of a treatment. */
export interface TreatmentRecord {
  sopInstanceUid: string;
  kind: 'session' | 'summary';
  planUids: string[];
  /** YYYY-MM-DD of TreatmentDate, else of the first control point; '' when none. Never the date of the series. */
  date: string;
  time: string;
  fractionGroupNumber?: number;
  machines: string[];
  beams: DeliveredBeam[];
  /** Only of a summary: what it says of each fraction group; else []. */
  summary: FractionGroupSummary[];
  firstTreatmentDate: string;
  lastTreatmentDate: string;
}

const SESSIONS: { items: Keyword; points: Keyword }[] = [
  { items: 'TreatmentSessionBeamSequence', points: 'ControlPointDeliverySequence' },
  { items: 'TreatmentSessionIonBeamSequence', points: 'IonControlPointDeliverySequence' },
  { items: 'TreatmentSessionApplicationSetupSequence', points: 'ControlPointDeliverySequence' },
];

/** Read any of the treatment records (beams, ions, brachytherapy, summary): PS3.3 A.29 to A.31, A.51. */
export function readTreatmentRecord(dataSet: DataSet): TreatmentRecord {
  const groups = dataSet.items('FractionGroupSummarySequence');
  const sessions = SESSIONS.flatMap(({ items, points }) => dataSet.items(items).map((item) => ({ item, points })));
  return {
    sopInstanceUid: dataSet.text('SOPInstanceUID'),
    kind: sessions.length === 0 && groups.length > 0 ? 'summary' : 'session',
    planUids: dataSet
      .items('ReferencedRTPlanSequence')
      .map((item) => item.text('ReferencedSOPInstanceUID'))
      .filter(Boolean),
    ...sessionDate(dataSet, sessions),
    fractionGroupNumber: dataSet.number('ReferencedFractionGroupNumber'),
    machines: machines(dataSet),
    beams: sessions.map(({ item, points }) => readDeliveredBeam(item, points)),
    summary: groups.map(readGroupSummary),
    firstTreatmentDate: isoDate(dataSet.text('FirstTreatmentDate')),
    lastTreatmentDate: isoDate(dataSet.text('MostRecentTreatmentDate')),
  };
}

/** Whether a beam treats: set-up fields and portal images do not. */
export function treats(beam: DeliveredBeam): boolean {
  return ['', 'TREATMENT', 'CONTINUATION'].includes(beam.deliveryType);
}

/** Whether anything was treated: a session of set-up fields alone is no fraction. */
export function isDelivery(record: TreatmentRecord): boolean {
  return record.kind === 'session' && (record.beams.length === 0 || record.beams.some(treats));
}

function readGroupSummary(group: DataSet): FractionGroupSummary {
  return {
    groupNumber: group.number('ReferencedFractionGroupNumber'),
    fractionsDelivered: group.number('NumberOfFractionsDelivered'),
    fractions: group.items('FractionStatusSummarySequence').map((fraction) => ({
      number: fraction.number('ReferencedFractionNumber'),
      date: isoDate(fraction.text('TreatmentDate')),
      time: isoTime(fraction.text('TreatmentTime')),
    })),
  };
}

function sessionDate(dataSet: DataSet, sessions: { item: DataSet; points: Keyword }[]) {
  const date = isoDate(dataSet.text('TreatmentDate'));
  const time = isoTime(dataSet.text('TreatmentTime'));
  if (date) return { date, time };
  const points = sessions.flatMap(({ item, points }) => item.items(points));
  const dated = points.find((point) => isoDate(point.text('TreatmentControlPointDate')));
  if (!dated) return { date: '', time };
  return {
    date: isoDate(dated.text('TreatmentControlPointDate')),
    time: isoTime(dated.text('TreatmentControlPointTime')),
  };
}

function machines(dataSet: DataSet): string[] {
  const names = dataSet.items('TreatmentMachineSequence').map((item) => item.text('TreatmentMachineName'));
  return [...new Set([dataSet.text('TreatmentMachineName'), ...names].filter(Boolean))];
}

function readDeliveredBeam(item: DataSet, pointSequence: Keyword): DeliveredBeam {
  const points = item.items(pointSequence);
  return {
    fractionNumber: item.number('CurrentFractionNumber'),
    number: item.number('ReferencedBeamNumber') ?? item.number('ReferencedBrachyApplicationSetupNumber') ?? 0,
    name: item.text('BeamName'),
    deliveryType: item.text('TreatmentDeliveryType').toUpperCase(),
    terminationStatus: item.text('TreatmentTerminationStatus').toUpperCase(),
    specifiedMeterset: item.number('SpecifiedPrimaryMeterset'),
    deliveredMeterset: item.number('DeliveredPrimaryMeterset') ?? points.at(-1)?.number('DeliveredMeterset'),
    gantryStartDeg: points[0]?.number('GantryAngle'),
    gantryEndDeg: points.flatMap((point) => point.number('GantryAngle') ?? []).at(-1),
    controlPoints: points.length,
    doseGy: deliveredDoseGy(item),
  };
}

function deliveredDoseGy(item: DataSet): number | undefined {
  const calculated = item.items('ReferencedCalculatedDoseReferenceSequence')[0];
  const measured = item.items('ReferencedMeasuredDoseReferenceSequence')[0];
  return calculated?.number('CalculatedDoseReferenceDoseValue') ?? measured?.number('MeasuredDoseValue');
}
